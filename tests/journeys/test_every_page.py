"""Every page, in every state: nothing bars anybody, everything fits, nothing is asked elsewhere."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request

from microblog import create_app
from tests.journeys.checks import AXE, barriers, what_sticks_out
from tests.journeys.live import Live, Window
from tests.journeys.places import NO_PAGES, PLACES, Place, go
from tests.journeys.town import Town

# The ordinary look is the one that all rules are tried with.
LOOKS: dict[str, dict[str, Any]] = {
    "dark": {"color_scheme": "dark", "contrast": "no-preference"},
    "contrast": {"color_scheme": "light", "contrast": "more"},
}
CHECKED_WIDTHS = (390, 1440)
WIDTHS = (320, 390, 820, 1440)
FIRST_VISIT_BYTES = 120_000


@pytest.fixture(params=PLACES, ids=lambda place: place.name)
def place(request: pytest.FixtureRequest) -> Place:
    """Return one place after the other."""
    found: Place = request.param
    return found


@pytest.fixture
def page(browser: Browser, town: Town, empty: Live, place: Place) -> Iterator[Page]:
    """Return the place as it is open in a browser that knows how to check it."""
    live = empty if place.who == "first visitor" else town.live
    # Without motion, so that no colour is looked at on its way to another.
    window = Window(browser, live, reduced_motion="reduce")
    window.context.add_init_script(path=AXE)
    yield go(place, window, town)
    window.close()


def test_every_address_that_can_be_opened_is_among_the_places(make_config: Any) -> None:
    app = create_app(make_config())
    opened = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert opened == {place.endpoint for place in PLACES if place.endpoint} | NO_PAGES


def test_nothing_bars_anybody_and_everything_fits(page: Page) -> None:
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if width in CHECKED_WIDTHS:
            found += [f"{width} px: {each}" for each in barriers(page)]
        found += [f"{width} px: {each} sticks out" for each in what_sticks_out(page)]
    for look, media in LOOKS.items():
        page.emulate_media(**media)
        found += [f"{look}: {each}" for each in barriers(page, "color-contrast")]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", ["explore, signed out", "home"])
def test_a_first_visit_weighs_little(browser: Browser, town: Town, name: str) -> None:
    (place,) = (place for place in PLACES if place.name == name)
    window = Window(browser, town.live)
    weights: dict[str, int] = {}
    window.context.on("requestfinished", lambda request: weights.update(weigh(request)))
    go(place, window, town).wait_for_load_state("networkidle")
    window.close()
    assert sum(weights.values()) < FIRST_VISIT_BYTES, weights


def weigh(request: Request) -> dict[str, int]:
    sizes = request.sizes()
    return {request.url: sizes["responseHeadersSize"] + sizes["responseBodySize"]}
