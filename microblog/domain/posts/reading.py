"""Posts as readers see them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from microblog.domain.errors import NotAllowed, NotFound
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import is_visible, may_delete
from microblog.models import Account, Post


@dataclass(frozen=True, slots=True)
class Face:
    """Who wrote a post, as a card shows it."""

    id: int
    username: str
    name: str
    avatar: str | None
    version: int


@dataclass(frozen=True, slots=True)
class PostView:
    """A post without what differs between its readers."""

    id: int
    version: int
    text: str
    html: str
    language: str | None
    created_at: datetime
    author: Face


def list_posts(session: Session, post_ids: Collection[int]) -> list[PostView]:
    """Return those of the posts that may be seen, in no order."""
    posts = session.scalars(
        select(Post)
        .join(Post.account)
        .options(contains_eager(Post.account))
        .where(Post.id.in_(post_ids), is_visible())
    )
    return [_view(post) for post in posts]


def get_own(session: Session, *, by: Viewer, post_id: int) -> PostView:
    """Return a post that the viewer may delete. **Raises** NotFound, NotAllowed."""
    post = session.scalar(
        select(Post)
        .join(Post.account)
        .options(contains_eager(Post.account))
        .where(Post.id == post_id, is_visible())
    )
    if post is None:
        raise NotFound
    if not may_delete(by, post):
        raise NotAllowed
    return _view(post)


def _view(post: Post) -> PostView:
    return PostView(
        post.id,
        post.version,
        post.text,
        post.html,
        post.language,
        post.created_at,
        _face(post.account),
    )


def _face(account: Account) -> Face:
    return Face(account.id, account.username, account.name, account.avatar, account.version)
