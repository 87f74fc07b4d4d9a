"""Posts: writing, deleting and reading them, and what people do with them."""

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

__all__ = [
    "POST_LIMIT",
    "WARNING_LIMIT",
    "Draft",
    "Face",
    "PostView",
    "Published",
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
    "publish",
    "unbookmark",
    "unboost",
    "unfavourite",
]
