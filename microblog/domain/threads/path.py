"""The way from a post up to the one that its thread began with."""

from typing import NamedTuple

from sqlalchemy import bindparam, literal_column, select
from sqlalchemy.orm import aliased

from microblog.db import Database, Id, Prepared
from microblog.models import Post

# As many posts are shown above one; the first of all, and a link to what is between, if there are
# more.
PATH_LENGTH = 30

_above = (
    select(Post.id, Post.reply_to_id, literal_column("1").label("steps"))
    .where(Post.id == bindparam("reply_to_id", type_=Id))
    .cte("above", recursive=True)
)
_further = aliased(Post)
_above = _above.union_all(
    select(_further.id, _further.reply_to_id, _above.c.steps + literal_column("1"))
    .join(_above, _above.c.reply_to_id == _further.id)
    .where(_above.c.steps < literal_column(str(PATH_LENGTH)))
)
# Whoever may see what of them is asked with what they show.
_PATH = Prepared(select(_above.c.id, _above.c.reply_to_id).order_by(_above.c.steps.desc()))


class Path(NamedTuple):
    """The ids of the posts above one, the uppermost first.

    It is longer than what is listed, or its beginning is gone, or it begins with the first post.
    """

    post_ids: tuple[int, ...] = ()
    goes_on: bool = False
    begins_unseen: bool = False


def find_path(db: Database, reply_to_id: int | None) -> Path:
    """Return what is above a post that answers another one."""
    if reply_to_id is None:
        return Path()
    rows = db.fetch(_PATH, reply_to_id=reply_to_id)
    if not rows:
        return Path(begins_unseen=True)
    is_first = rows[0][1] is None
    is_full = len(rows) == PATH_LENGTH
    return Path(
        tuple(post_id for post_id, _ in rows),
        goes_on=is_full and not is_first,
        begins_unseen=not is_full and not is_first,
    )
