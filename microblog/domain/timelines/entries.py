"""What every timeline page is made of."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import InstrumentedAttribute

from microblog.db import AnySelect, Database, Prepared, at_most
from microblog.domain.pages import Page, Slice, slice_of
from microblog.models import Account, Post


class Entry(NamedTuple):
    """A place on a timeline: enough to find the rendered post and to know that it is fresh."""

    key: int
    post_id: int
    post_version: int
    author_id: int
    author_version: int


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
    """Return the SELECT of Entry's columns; the caller joins posts with accounts."""
    return select(key.label("key"), Post.id, Post.version, Account.id, Account.version)


def entries(rows: Sequence[tuple[Any, ...]], page: Page) -> Slice[Entry]:
    """Cut rows of Entry's columns to the page."""
    return slice_of([(row[0], row) for row in rows], page).map(_as_entries)


def _as_entries(rows: Sequence[tuple[Any, ...]]) -> Sequence[Entry]:
    return list(map(Entry._make, rows))
