"""Posts: writing, deleting and reading them, and what people do with them."""

from microblog.domain.posts.answering import MOST_NAMED, Beginning, begin_reply, narrower
from microblog.domain.posts.bookmarks import bookmark, unbookmark
from microblog.domain.posts.boosts import boost, unboost
from microblog.domain.posts.choices import Choices, get_choices
from microblog.domain.posts.deleting import clear_away, delete, forget_old_keys
from microblog.domain.posts.editing import edit, withdraw_boosts
from microblog.domain.posts.favourites import favourite, unfavourite
from microblog.domain.posts.history import MOST_VERSIONS, History, Version, get_history
from microblog.domain.posts.leaving import delete_some, forget_some, take_back_some
from microblog.domain.posts.pins import MOST_PINS, pin, unpin
from microblog.domain.posts.publishing import (
    POST_LIMIT,
    WARNING_LIMIT,
    Draft,
    Published,
    check_key,
    compose,
    find_by_key,
    publish,
)
from microblog.domain.posts.reading import Face, PostView, get_own, get_post, get_view, list_posts
from microblog.domain.posts.reminders import Reminder, remind
from microblog.domain.posts.thread_mutes import mute_thread, unmute_thread

__all__ = [
    "MOST_NAMED",
    "MOST_PINS",
    "MOST_VERSIONS",
    "POST_LIMIT",
    "WARNING_LIMIT",
    "Beginning",
    "Choices",
    "Draft",
    "Face",
    "History",
    "PostView",
    "Published",
    "Reminder",
    "Version",
    "begin_reply",
    "bookmark",
    "boost",
    "check_key",
    "clear_away",
    "compose",
    "delete",
    "delete_some",
    "edit",
    "favourite",
    "find_by_key",
    "forget_old_keys",
    "forget_some",
    "get_choices",
    "get_history",
    "get_own",
    "get_post",
    "get_view",
    "list_posts",
    "mute_thread",
    "narrower",
    "pin",
    "publish",
    "remind",
    "take_back_some",
    "unbookmark",
    "unboost",
    "unfavourite",
    "unmute_thread",
    "unpin",
    "withdraw_boosts",
]
