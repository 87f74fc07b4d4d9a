"""Posts as readers see them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased, contains_eager

from microblog.domain.errors import NotAllowed, NotFound
from microblog.domain.media import PICTURE_COLUMNS, Picture
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import VIEWER_ID, is_visible, key_of, may_change
from microblog.models import Account, Attachment, Post


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
    """A post without what differs between its readers.

    `reply_to_username` is None when it answers nothing, "" when whom it answers is not here.
    """

    id: int
    version: int
    text: str
    html: str
    warning: str
    visibility: str
    language: str | None
    created_at: datetime
    edited_at: datetime | None
    author: Face
    reply_to_id: int | None = None
    reply_to_username: str | None = None
    pictures: tuple[Picture, ...] = ()


_replied_to = aliased(Account)
# Made once: putting it together takes longer than asking it. A row for each picture: a second
# statement would cost more than a text that comes again.
_SEEN = (
    select(Post, _replied_to.username, *PICTURE_COLUMNS)
    .join(Post.account)
    .outerjoin(_replied_to, _replied_to.id == Post.reply_to_account_id)
    .outerjoin(Attachment, Attachment.post_id == Post.id)
    .options(contains_eager(Post.account))
    .where(Post.id.in_(bindparam("post_ids", expanding=True)), is_visible(VIEWER_ID))
    .order_by(Attachment.position)
)


def list_posts(
    session: Session, viewer: Viewer | None, post_ids: Collection[int]
) -> list[PostView]:
    """Return those of the posts that the viewer may see, in no order."""
    rows = session.execute(_SEEN, {"viewer_id": key_of(viewer), "post_ids": [*post_ids]})
    found: dict[int, tuple[Post, str | None, list[Picture]]] = {}
    for row in rows:
        post, username, *columns = tuple[Any, ...](row)
        _, _, pictures = found.setdefault(post.id, (post, username, []))
        if columns[0] is not None:
            pictures.append(Picture(*columns))
    return [_view(*parts) for parts in found.values()]


def get_post(session: Session, viewer: Viewer | None, post_id: int, *, lock: bool = False) -> Post:
    """Return a post that the viewer may see, for a verb. **Raises** NotFound."""
    if lock:
        # By itself: MariaDB would lock everything that the gate looks at, the author's row too.
        session.execute(select(Post.id).where(Post.id == post_id).with_for_update())
    post = session.scalar(
        select(Post)
        .join(Account, Account.id == Post.account_id)
        .where(Post.id == post_id, is_visible(key_of(viewer)))
    )
    if post is None:
        raise NotFound
    return post


def get_view(session: Session, viewer: Viewer | None, post_id: int) -> PostView:
    """Return a post that the viewer may see. **Raises** NotFound."""
    found = list_posts(session, viewer, [post_id])
    if not found:
        raise NotFound
    return found[0]


def get_own(session: Session, *, by: Viewer, post_id: int) -> PostView:
    """Return a post that the viewer may change. **Raises** NotFound, NotAllowed."""
    found = get_view(session, by, post_id)
    if found.author.id != by.id:
        raise NotAllowed
    return found


def get_own_row(session: Session, by: Viewer, post_id: int) -> Post:
    """Return the row of a post that the viewer may change. **Raises** NotFound, NotAllowed."""
    post = get_post(session, by, post_id, lock=True)
    if not may_change(by, post):
        raise NotAllowed
    return post


def _view(post: Post, reply_to_username: str | None, pictures: list[Picture]) -> PostView:
    is_reply = post.reply_to_account_id is not None
    return PostView(
        post.id,
        post.version,
        post.text,
        post.html,
        post.warning,
        post.visibility,
        post.language,
        post.created_at,
        post.edited_at,
        _face(post.account),
        post.reply_to_id,
        (reply_to_username or "") if is_reply else None,
        tuple(pictures),
    )


def _face(account: Account) -> Face:
    return Face(account.id, account.username, account.name, account.avatar, account.version)
