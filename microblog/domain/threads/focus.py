"""The post that a thread is opened at."""

from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, literal_column, select
from sqlalchemy.orm import aliased

from microblog.db import Database, Prepared
from microblog.domain.errors import NotFound
from microblog.domain.posts import MOST_NAMED
from microblog.domain.timelines.entries import Entry, entry_columns
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import VIEWER_ID, is_blocked, is_present, is_visible, key_of
from microblog.models import Account, Post, PostMention

# A plain string would be put in at each run, which a prepared statement has left behind.
_COMMA: Any = literal_column("','")
_named = aliased(Account)

_FOCUS = Prepared(
    entry_columns(Post.id)
    .add_columns(
        Account.username,
        Post.visibility,
        Post.warning,
        Post.has_replies,
        Post.reply_to_id,
        Post.thread_id,
        Post.series_id,
        Post.series_number,
        # They are as many as there is room for in a text.
        select(func.aggregate_strings(_named.username, _COMMA))
        .join(PostMention, PostMention.account_id == _named.id)
        .where(PostMention.post_id == Post.id)
        .where(is_present(_named), ~is_blocked(VIEWER_ID, _named.id))
        .scalar_subquery(),
    )
    .join(Account, Account.id == Post.account_id)
    .where(Post.id == bindparam("post_id"), is_visible(VIEWER_ID))
)


class Focus(NamedTuple):
    """A post, and what tells where it is in its thread.

    `named` are the usernames of the people whom it mentions, as far as the viewer may know.
    """

    entry: Entry
    username: str
    visibility: str
    warning: str
    has_replies: bool
    reply_to_id: int | None
    thread_id: int
    series_id: int | None
    series_number: int
    named: tuple[str, ...]

    def taking_part(self, viewer: Viewer) -> list[str]:
        """Return the usernames of the people whom the viewer would answer."""
        everybody = dict.fromkeys((self.username, *self.named))
        everybody.pop(viewer.username, None)
        return list(everybody)[:MOST_NAMED]


def find(db: Database, viewer: Viewer | None, username: str, post_id: int) -> Focus:
    """Return one post of a person, whose name may be given in any case. **Raises** NotFound."""
    rows = db.fetch(_FOCUS, post_id=post_id, viewer_id=key_of(viewer))
    width = len(Focus._fields) - 1
    if not rows or rows[0][-width].lower() != username.lower():
        raise NotFound
    *where, named = rows[0][-width:]
    names = sorted(named.split(",")) if named else ()
    return Focus._make((Entry(*rows[0][:-width]), *where, tuple(names)))
