"""Somebody who reads timelines, page by page, as a browser would."""

from collections.abc import Callable
from datetime import timedelta

from microblog.db import Database
from microblog.domain import sessions, timelines
from microblog.domain.pages import Page, Slice
from microblog.domain.sessions import Visit
from microblog.domain.timelines import Entry
from microblog.domain.viewer import Viewer

# More pages than any test fills: a reader that passes this goes round in circles.
_MOST_PAGES = 200


class Reader:
    """A person signed in; every page is asked for anew, by the key that the page before gave."""

    def __init__(self, db: Database, person: Viewer, per_page: int = 20) -> None:
        self._db = db
        self._per_page = per_page
        self._token = db.write(
            lambda session: sessions.start(
                session, person.id, address="", agent="", lifetime=timedelta(days=1)
            )
        )

    def visit(self) -> Visit:
        """Return what a request finds out first."""
        return sessions.visit(self._db, self._token)

    def viewer(self) -> Viewer:
        """Return this person as a request finds them."""
        found = self.visit().viewer
        assert found is not None
        return found

    def first_page(self) -> Slice[Entry]:
        """Open the home page."""
        return self._page(Page(self._per_page))

    def page_before(self, key: int | None) -> Slice[Entry]:
        """Follow the link to older posts."""
        assert key is not None
        return self._page(Page(self._per_page, before=key))

    def page_after(self, key: int | None) -> Slice[Entry]:
        """Follow the link to newer posts."""
        assert key is not None
        return self._page(Page(self._per_page, after=key))

    def posts(self) -> list[int]:
        """Read the whole home timeline downwards; return the posts, the newest first."""
        return [entry.post_id for entry in self.entries()]

    def entries(self) -> list[Entry]:
        """Read the whole home timeline downwards."""
        return read_down(self._page, self._per_page)

    def entries_upwards(self) -> list[Entry]:
        """Read the whole home timeline from its oldest post upwards; newest first all the same."""
        return read_up(self._page, self._per_page)

    def count_new(self, after: int) -> int:
        """Ask how many posts came after a key."""
        return timelines.count_new(self._db, self.viewer(), after)

    def _page(self, page: Page) -> Slice[Entry]:
        return timelines.home(self._db, self.viewer(), page)


def read_down(read: Callable[[Page], Slice[Entry]], per_page: int) -> list[Entry]:
    """Read every page from the newest on, by the links to older ones."""
    page = read(Page(per_page))
    found = list(page.items)
    for _ in range(_MOST_PAGES):
        if page.older is None:
            return found
        page = read(Page(per_page, before=page.older))
        found += page.items
    raise AssertionError("The links to older posts never end.")


def read_up(read: Callable[[Page], Slice[Entry]], per_page: int) -> list[Entry]:
    """Read every page from the oldest on, by the links to newer ones; newest first all the same."""
    page = read(Page(per_page, after=0))
    found = list(page.items)
    for _ in range(_MOST_PAGES):
        if page.newer is None:
            return found
        page = read(Page(per_page, after=page.newer))
        found = [*page.items, *found]
    raise AssertionError("The links to newer posts never end.")
