"""The one gate: may this viewer see this post. Every read and every verb passes it."""

from sqlalchemy import ColumnElement, and_, exists, func

from microblog.domain.viewer import Viewer
from microblog.models import Account, Post, User
from microblog.models.user import WAITING

PUBLIC = "public"


def is_visible() -> ColumnElement[bool]:
    """Return the condition on Post rows, joined with their authors, that a viewer may see.

    It only filters what a statement finds otherwise: a statement that wants the index of public
    posts compares the column itself.
    """
    return and_(is_published(), is_present())


def is_published() -> ColumnElement[bool]:
    """Return the condition on Post rows that are out, whatever became of their authors since.

    For what goes on while an author is suspended, so that nothing is missing when they are back.
    """
    # As a plain comparison, SQLite would find a few people's posts by going through everybody's.
    return and_(Post.deleted_at.is_(None), func.coalesce(Post.visibility, "") == PUBLIC)


def is_present() -> ColumnElement[bool]:
    """Return the condition on Account rows of people who are not suspended."""
    return Account.suspended_at.is_(None)


def has_profile() -> ColumnElement[bool]:
    """Return the condition on Account rows of people whom others may find by name.

    Who waits to be let in has no post and no follower, so nothing else asks for it.
    """
    is_waiting = exists().where(User.account_id == Account.id, User.state == WAITING)
    return and_(is_present(), ~is_waiting)


def may_delete(viewer: Viewer, post: Post) -> bool:
    """Tell whether the viewer may delete a post they can see: only their own."""
    return post.account_id == viewer.id
