"""The post that a thread is opened at."""

from typing import NamedTuple

from sqlalchemy import bindparam, select

from microblog.db import Database, Prepared, at_most
from microblog.domain.errors import NotFound
from microblog.domain.timelines.entries import Entry, entry_columns
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import VIEWER_ID, is_blocked, is_present, is_visible, key_of
from microblog.models import Account, Post, PostMention

_NAMED = 50

_FOCUS = Prepared(
    entry_columns(Post.id)
    .add_columns(
        Account.username,
        Post.visibility,
        Post.has_replies,
        Post.reply_to_id,
        Post.thread_id,
        Post.series_id,
        Post.series_number,
    )
    .join(Account, Account.id == Post.account_id)
    .where(Post.id == bindparam("post_id"), is_visible(VIEWER_ID))
)
_AUDIENCE = Prepared(
    select(Account.username)
    .join(PostMention, PostMention.account_id == Account.id)
    .where(
        PostMention.post_id == bindparam("post_id"),
        is_present(),
        ~is_blocked(VIEWER_ID, Account.id),
    )
    .order_by(Account.id)
    .limit(at_most(_NAMED))
)


class Focus(NamedTuple):
    """A post, and what tells where it is in its thread."""

    entry: Entry
    username: str
    visibility: str
    has_replies: bool
    reply_to_id: int | None
    thread_id: int
    series_id: int | None
    series_number: int


def find(db: Database, viewer: Viewer | None, username: str, post_id: int) -> Focus:
    """Return one post of a person, whose name may be given in any case. **Raises** NotFound."""
    rows = db.fetch(_FOCUS, post_id=post_id, viewer_id=key_of(viewer))
    width = len(Focus._fields) - 1
    if not rows or rows[0][-width].lower() != username.lower():
        raise NotFound
    return Focus(Entry(*rows[0][:-width]), *rows[0][-width:])


def audience(db: Database, viewer: Viewer | None, post_id: int) -> list[str]:
    """Return the usernames of the people whom a post mentions, as far as the viewer may know."""
    return [name for (name,) in db.fetch(_AUDIENCE, post_id=post_id, viewer_id=key_of(viewer))]
