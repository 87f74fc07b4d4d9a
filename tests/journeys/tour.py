"""Going from one place to the next, as somebody does who looks at all of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page

from tests.journeys.checks import AXE
from tests.journeys.live import Live, Window
from tests.journeys.places import Place, Who, go, log_in, visit
from tests.journeys.town import Town


class Tour:
    """Windows in which places are opened one after the other.

    Where somebody only looks, their window stays: the browser has most of the next page already.
    """

    def __init__(
        self, browser: Browser, town: Town, empty: Live, *, checks: bool = True, **options: Any
    ) -> None:
        self._browser, self._town, self._empty, self._options = browser, town, empty, options
        # Axe takes its time on every page, also where nobody asks it.
        self._checks = checks
        self._windows: dict[Who, Window] = {}

    @contextmanager
    def at(self, place: Place) -> Iterator[Page]:
        """Open a place. **Raises** AssertionError when anything was not as it should be."""
        if place.act is not None:
            window = self._open(place.who)
            yield go(place, window, self._town)
            window.close()
            return
        if place.who not in self._windows:
            self._windows[place.who] = self._open(place.who)
            log_in(place, self._windows[place.who], self._town)
        window = self._windows[place.who]
        yield visit(place, window, self._town)
        window.check()

    def end(self) -> None:
        """Close the windows."""
        for window in self._windows.values():
            window.context.close()

    def _open(self, who: Who) -> Window:
        live = self._empty if who == "first visitor" else self._town.live
        window = Window(self._browser, live, **self._options)
        if self._checks:
            window.context.add_init_script(path=AXE)
        return window
