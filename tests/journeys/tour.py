"""Going from one place to the next, as somebody does who looks at all of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page

from tests.journeys.checks import AXE
from tests.journeys.live import Live, Window
from tests.journeys.places import LOGGED_IN, Place, Who, log_in, visit
from tests.journeys.town import Town


class Tour:
    """Windows in which places are opened one after the other.

    Everybody's window stays: the browser has most of the next page already.
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
        # Away until all was well: what is wrong in a window is said of the place where it happened.
        window = self._windows.pop(place.who, None) or self._open(place)
        yield visit(place, window, self._town)
        window.check()
        if place.act is not None and place.who not in LOGGED_IN:
            window.context.clear_cookies()
        self._windows[place.who] = window

    def end(self) -> None:
        """Close the windows."""
        for window in self._windows.values():
            window.context.close()

    def _open(self, place: Place) -> Window:
        live = self._empty if place.who == "first visitor" else self._town.live
        window = Window(self._browser, live, **self._options)
        if self._checks:
            window.context.add_init_script(path=AXE)
        log_in(place, window, self._town)
        return window
