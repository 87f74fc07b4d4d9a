"""Timelines: which posts are on a page, in what order. Every page is found by key.

The home timeline is a table that the worker fills. From the key `User.timeline_floor` on, the
entries are complete; what is older is merged from the posts of the people followed.
"""

from microblog.domain.timelines.delivery import (
    TIMELINE_LENGTH,
    deliver,
    deliver_boost,
    find_boosts,
    is_unseen_answer,
    retract_boost,
)
from microblog.domain.timelines.entries import BOOKMARKED, BOOSTED, FAVOURITED, Entry
from microblog.domain.timelines.following import backfill, withdraw, withdraw_boosts
from microblog.domain.timelines.home import count_new, home
from microblog.domain.timelines.kept import bookmarks, favourites
from microblog.domain.timelines.profile import Profile, Shown, profile
from microblog.domain.timelines.public import entry_of, explore, tagged

__all__ = [
    "BOOKMARKED",
    "BOOSTED",
    "FAVOURITED",
    "TIMELINE_LENGTH",
    "Entry",
    "Profile",
    "Shown",
    "backfill",
    "bookmarks",
    "count_new",
    "deliver",
    "deliver_boost",
    "entry_of",
    "explore",
    "favourites",
    "find_boosts",
    "home",
    "is_unseen_answer",
    "profile",
    "retract_boost",
    "tagged",
    "withdraw",
    "withdraw_boosts",
]
