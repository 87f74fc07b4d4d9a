"""What every timeline page is made of."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, case, exists, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from microblog.db import AnySelect, Database, Prepared, at_most
from microblog.domain.pages import Page, Slice, slice_of
from microblog.domain.visibility import VIEWER_ID, Key
from microblog.models import Account, Bookmark, Boost, Favourite, Post

# What a viewer has done with a post: the sum of these.
FAVOURITED, BOOSTED, BOOKMARKED = 1, 2, 4
# Under names of their own, so that a statement about boosts can have marks, too.
_MARKS: tuple[tuple[Any, int], ...] = (
    (aliased(Favourite), FAVOURITED),
    (aliased(Boost), BOOSTED),
    (aliased(Bookmark), BOOKMARKED),
)
# Of a post, as everybody may know them.
COUNTERS = (Post.replies_count, Post.boosts_count, Post.favourites_count)


class Entry(NamedTuple):
    """A place on a timeline: enough to find the rendered post and to know that it is fresh.

    `marks` are what the viewer did with it; the booster is who brought it here, if somebody did.
    """

    key: int
    post_id: int
    post_version: int
    author_id: int
    author_version: int
    marks: int = 0
    replies_count: int = 0
    boosts_count: int = 0
    favourites_count: int = 0
    booster_id: int | None = None
    booster_username: str | None = None
    booster_name: str | None = None


_WIDTH = len(Entry._fields)
_NOBODY = (None, None, None)


class Timeline:
    """A timeline statement, prepared for reading in both directions from a key."""

    def __init__(self, statement: AnySelect, key: InstrumentedAttribute[int]) -> None:
        self._older = beside(statement, key, newer=False)
        self._newer = beside(statement, key, newer=True)
        # By direction and number of rows: pages are of one size, the rest of a page of any below.
        self._prepared: dict[tuple[bool, int], Prepared] = {}

    def rows(self, db: Database, page: Page, **values: Any) -> list[tuple[Any, ...]]:
        """Return one row more than the page, in the direction of reading."""
        if page.after is not None:
            return db.fetch(self._statement(True, page.limit), after=page.after, **values)
        return db.fetch(self._statement(False, page.limit), before=page.before, **values)

    def _statement(self, newer: bool, limit: int) -> Prepared:
        key = (newer, limit)
        if key not in self._prepared:
            statement = self._newer if newer else self._older
            self._prepared[key] = Prepared(statement.limit(at_most(limit + 1)))
        return self._prepared[key]


def beside(statement: AnySelect, key: InstrumentedAttribute[int], *, newer: bool) -> AnySelect:
    """Return the statement for what is older than the key `before`, or newer than `after`."""
    if newer:
        return statement.where(key > bindparam("after")).order_by(key.asc())
    return statement.where(key < bindparam("before")).order_by(key.desc())


def entry_columns(key: InstrumentedAttribute[int]) -> AnySelect:
    """Return the SELECT of Entry's columns but for the booster's; it wants VIEWER_ID.

    The caller joins posts with accounts.
    """
    return select(
        key.label("key"),
        Post.id,
        Post.version,
        Account.id,
        Account.version,
        marks_of(VIEWER_ID),
        *COUNTERS,
    )


def marks_of(viewer_id: Key) -> ColumnElement[int]:
    """Return what a viewer did with a post, as the sum of the marks."""
    favourited, boosted, bookmarked = (
        case((exists().where(t.post_id == Post.id, t.account_id == viewer_id), mark), else_=0)
        for t, mark in _MARKS
    )
    return (favourited + boosted + bookmarked).label("marks")


def entries(rows: Sequence[tuple[Any, ...]], page: Page) -> Slice[Entry]:
    """Cut rows of Entry's columns to the page."""
    return slice_of([(row[0], row) for row in rows], page).map(as_entries)


def as_entries(rows: Iterable[tuple[Any, ...]]) -> Sequence[Entry]:
    """Return rows of Entry's columns, with or without the booster's, as entries."""
    # As the tuples they are: by Entry's own ways this takes four times as long.
    return [tuple.__new__(Entry, row if len(row) == _WIDTH else (*row, *_NOBODY)) for row in rows]
