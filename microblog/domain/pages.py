"""Pages by key: what comes before or after a key, never a number of rows to skip."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from microblog.db import AnySelect
from microblog.ids import MAX_ID

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list that is ordered newest first.

    With `after` it is the one just newer than that key, else the one just older than `before`.
    """

    limit: int
    before: int = MAX_ID
    after: int | None = None

    @property
    def is_first(self) -> bool:
        """Tell whether the page begins with the newest."""
        return self.after is None and self.before == MAX_ID

    def apply(
        self, statement: AnySelect, key: ColumnElement[int] | InstrumentedAttribute[int]
    ) -> AnySelect:
        """Return the statement for one row more than the page, so as to see whether it goes on."""
        if self.after is not None:
            return statement.where(key > self.after).order_by(key.asc()).limit(self.limit + 1)
        return statement.where(key < self.before).order_by(key.desc()).limit(self.limit + 1)


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """What is on a page, newest first, and the keys of the pages beside it (None: no such page)."""

    items: Sequence[T]
    older: int | None = None
    newer: int | None = None

    def map(self, change: Callable[[Sequence[T]], Sequence[U]]) -> "Slice[U]":
        """Return the same slice of other items."""
        return Slice(change(self.items), self.older, self.newer)


def slice_of(rows: Sequence[tuple[int, T]], page: Page) -> Slice[T]:
    """Cut rows of (key, item), as `Page.apply` found them, to the page."""
    more = len(rows) > page.limit
    rows = rows[: page.limit]
    if page.after is not None:
        rows = rows[::-1]
    if not rows:
        return Slice(())
    goes_on_older = more or page.after is not None
    goes_on_newer = more if page.after is not None else not page.is_first
    return Slice(
        [item for _, item in rows],
        older=rows[-1][0] if goes_on_older else None,
        newer=rows[0][0] if goes_on_newer else None,
    )
