"""What a page shows of the posts of a thread, once it is known which they are."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, select
from sqlalchemy.orm import aliased

from microblog.db import Database, Prepared, at_most
from microblog.domain.timelines.entries import Entry, entry_columns
from microblog.domain.visibility import (
    VIEWER_ID,
    is_for,
    is_for_everybody,
    is_known,
    is_muted,
    is_published,
    is_visible,
)
from microblog.models import Account, Post

# How a reader sees a post: as it is, folded because they muted its author, as a line that says that
# it was deleted, and as one that says nothing but that something is there.
SEEN, MUTED, DELETED, UNAVAILABLE = range(4)

# A statement is prepared for one of these numbers of posts; what is left over looks for nothing.
_SIZES = (8, 32, 192)

_answer, _answering = aliased(Post), aliased(Account)
_part = aliased(Post)


@dataclass(frozen=True, slots=True)
class Place:
    """A post in a thread.

    `part` is its number in a series of posts in which somebody goes on with their own, and of how
    many, if there is more than one. `is_answered` tells whether the reader may see an answer.
    """

    entry: Entry
    username: str
    standing: int
    is_answered: bool
    part: tuple[int, int] | None


def list_places(db: Database, viewer_id: int, post_ids: Collection[int]) -> dict[int, Place]:
    """Return those of the posts that the viewer may know of, by id, also such as were deleted."""
    if not post_ids:
        return {}
    size = next(size for size in _SIZES if size >= len(post_ids))
    padded = [*post_ids, *[0] * (size - len(post_ids))]
    ids = {f"id_{number}": post_id for number, post_id in enumerate(padded)}
    found = {}
    for *columns, username, standing, is_answered, number, total in db.fetch(
        _statement(size), viewer_id=viewer_id, **ids
    ):
        entry = Entry(*columns)
        part = (number, max(number, total)) if total and total > 1 else None
        found[entry.post_id] = Place(entry, username, standing, bool(is_answered), part)
    return found


@lru_cache(maxsize=len(_SIZES))
def _statement(size: int) -> Prepared:
    return Prepared(
        entry_columns(Post.id)
        .add_columns(
            Account.username,
            _standing(),
            _is_answered(),
            Post.series_number,
            _last_number().label("last_number"),
        )
        .join(Account, Account.id == Post.account_id)
        .where(Post.id.in_([bindparam(f"id_{i}") for i in range(size)]), is_known(VIEWER_ID))
    )


def _standing() -> ColumnElement[int]:
    muted = case((is_muted(VIEWER_ID, Post.account_id), MUTED), else_=SEEN)
    return case((is_published(), muted), (is_for_everybody(), DELETED), else_=UNAVAILABLE).label(
        "standing"
    )


def _is_answered() -> ColumnElement[int]:
    found = (
        exists()
        .where(_answer.reply_to_id == Post.id, is_visible(VIEWER_ID, _answer, _answering))
        .where(_answering.id == _answer.account_id)
    )
    return case((and_(Post.has_replies, found), 1), else_=0).label("is_answered")


def _last_number() -> ColumnElement[int]:
    """Return the number of the last post of a series that the viewer may see."""
    # All of a series are by one person, whom the statement around this asks about.
    return (
        select(_part.series_number)
        .where(_part.series_id == Post.series_id)
        .where(is_published(_part), is_for(VIEWER_ID, _part))
        .order_by(_part.series_number.desc())
        .limit(at_most(1))
        .scalar_subquery()
    )
