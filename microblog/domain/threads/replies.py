"""Which posts are below one: a page of its direct replies, and the first ones below each of those.

Every range is read by key and as far as it is shown, so that a post with thousands of replies costs
what one with twenty does.
"""

from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple

from sqlalchemy import bindparam, or_, select, union_all

from microblog.db import AnySelect, Database, Prepared, at_most
from microblog.domain.visibility import VIEWER_ID, is_known, is_published
from microblog.models import Account, Post

DIRECT_REPLIES = 20
# Posts in which an author goes on, one after the other.
SERIES_LENGTH = 20
# What is not shown below a reply is counted up to here.
COUNTED = 10
# A statement is prepared for one of these numbers of posts whose replies are looked for.
_SIZES = (4, 20, DIRECT_REPLIES + SERIES_LENGTH)


class Found(NamedTuple):
    """A post below another one."""

    id: int
    reply_to_id: int
    has_replies: bool
    series_id: int | None
    is_out: bool


# A deleted post is a place in the thread for as long as it has replies.
_ROWS = (
    select(
        Post.id,
        Post.reply_to_id,
        Post.has_replies,
        Post.series_id,
        is_published().label("is_out"),
    )
    .join(Account, Account.id == Post.account_id)
    .where(is_known(VIEWER_ID), or_(is_published(), Post.has_replies))
)
# One tells whether there are more, and one may be the author's own, which stands first anyway.
_DIRECT = Prepared(
    _ROWS.where(Post.reply_to_id == bindparam("post_id"), Post.id > bindparam("after"))
    .order_by(Post.id)
    .limit(at_most(DIRECT_REPLIES + 2))
)
_SERIES = Prepared(
    _ROWS.where(
        Post.series_id == bindparam("series_id"), Post.series_number > bindparam("series_number")
    )
    .order_by(Post.series_number, Post.id)
    .limit(at_most(SERIES_LENGTH + 1))
)


def find_direct(db: Database, viewer_id: int, post_id: int, after: int) -> list[Found]:
    """Return the replies to a post that are newer than a key, the oldest first."""
    return _found(db.fetch(_DIRECT, viewer_id=viewer_id, post_id=post_id, after=after))


def find_series(
    db: Database, viewer_id: int, post_id: int, series_id: int | None, number: int
) -> list[Found]:
    """Return the posts in which the author of a post goes on, each of which answers the last."""
    if series_id is None:
        return []
    rows = db.fetch(_SERIES, viewer_id=viewer_id, series_id=series_id, series_number=number)
    going_on: list[Found] = []
    last = post_id
    for row in _found(rows):
        if row.reply_to_id == last:
            going_on.append(row)
            last = row.id
    return going_on


def find_below(
    db: Database, viewer_id: int, parents: Sequence[Found], shown: int
) -> dict[int, list[Found]]:
    """Return the first replies to some posts, and up to COUNTED more of each, by what they answer.

    **Shape:** where an author goes on with their own post, that is first, then the oldest.
    """
    asked = [parent for parent in parents if parent.has_replies]
    if not asked:
        return {}
    size = next(size for size in _SIZES if size >= len(asked))
    padded = [*(parent.id for parent in asked), *[0] * (size - len(asked))]
    values = {f"parent_{number}": post_id for number, post_id in enumerate(padded)}
    below: dict[int, list[Found]] = {}
    for row in sorted(_found(db.fetch(_below(size, shown), viewer_id=viewer_id, **values))):
        below.setdefault(row.reply_to_id, []).append(row)
    for parent in asked:
        if parent.series_id is not None:
            # A sort keeps the order of what it finds alike.
            below.get(parent.id, []).sort(key=partial(_is_apart, parent.series_id))
    return below


def _is_apart(series_id: int, reply: Found) -> bool:
    return reply.series_id != series_id


@lru_cache(maxsize=20)
def _below(size: int, shown: int) -> Prepared:
    ranges = [_range(f"parent_{number}", shown + COUNTED) for number in range(size)]
    return Prepared(union_all(*ranges))


def _range(parent: str, limit: int) -> AnySelect:
    some = _ROWS.where(Post.reply_to_id == bindparam(parent)).order_by(Post.id)
    return select(some.limit(at_most(limit)).subquery())


def _found(rows: Sequence[tuple[Any, ...]]) -> list[Found]:
    return [Found(*row) for row in rows]
