"""Posts: writing, deleting and reading them."""

from microblog.domain.posts.deleting import clear_away, delete, forget_old_keys
from microblog.domain.posts.publishing import POST_LIMIT, Draft, Published, compose, publish
from microblog.domain.posts.reading import Face, PostView, get_own, list_posts

__all__ = [
    "POST_LIMIT",
    "Draft",
    "Face",
    "PostView",
    "Published",
    "clear_away",
    "compose",
    "delete",
    "forget_old_keys",
    "get_own",
    "list_posts",
    "publish",
]
