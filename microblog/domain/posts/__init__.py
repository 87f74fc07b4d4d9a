"""Posts: writing, deleting and reading them, and what people do with them."""

from microblog.domain.posts.answering import Beginning, begin_reply, narrower
from microblog.domain.posts.bookmarks import bookmark, unbookmark
from microblog.domain.posts.boosts import boost, unboost
from microblog.domain.posts.deleting import clear_away, delete, forget_old_keys
from microblog.domain.posts.favourites import favourite, unfavourite
from microblog.domain.posts.publishing import (
    POST_LIMIT,
    WARNING_LIMIT,
    Draft,
    Published,
    compose,
    publish,
)
from microblog.domain.posts.reading import Face, PostView, get_own, get_post, get_view, list_posts
from microblog.domain.posts.reminders import Reminder, remind

__all__ = [
    "POST_LIMIT",
    "WARNING_LIMIT",
    "Beginning",
    "Draft",
    "Face",
    "PostView",
    "Published",
    "Reminder",
    "begin_reply",
    "bookmark",
    "boost",
    "clear_away",
    "compose",
    "delete",
    "favourite",
    "forget_old_keys",
    "get_own",
    "get_post",
    "get_view",
    "list_posts",
    "narrower",
    "publish",
    "remind",
    "unbookmark",
    "unboost",
    "unfavourite",
]
