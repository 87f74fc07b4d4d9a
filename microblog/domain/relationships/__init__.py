"""Relationships: following and asking to, blocking, muting, and the lists of them."""

from microblog.domain.relationships.blocking import block, unblock
from microblog.domain.relationships.following import follow, hide_boosts, show_boosts, unfollow
from microblog.domain.relationships.muting import mute, unmute
from microblog.domain.relationships.reading import (
    Person,
    Relationship,
    get_person,
    list_blocked,
    list_boosters,
    list_favouriters,
    list_followers,
    list_following,
    list_muted,
    list_requests,
    people,
    relate,
    relation_to,
)
from microblog.domain.relationships.requests import accept, accept_waiting, refuse, set_locked

__all__ = [
    "Person",
    "Relationship",
    "accept",
    "accept_waiting",
    "block",
    "follow",
    "get_person",
    "hide_boosts",
    "list_blocked",
    "list_boosters",
    "list_favouriters",
    "list_followers",
    "list_following",
    "list_muted",
    "list_requests",
    "mute",
    "people",
    "refuse",
    "relate",
    "relation_to",
    "set_locked",
    "show_boosts",
    "unblock",
    "unfollow",
    "unmute",
]
