"""Every page, in every state: nothing bars anybody, everything fits, nothing is asked elsewhere."""

from collections.abc import Iterator
from functools import partial
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, Request

from microblog import create_app
from tests.journeys.checks import barriers, what_sticks_out
from tests.journeys.live import Live, Window
from tests.journeys.places import NO_PAGES, PLACES, Place, go
from tests.journeys.tour import Tour
from tests.journeys.town import Town, furnish

# The widths of a phone and a desk are tried with all rules, one in the light, one in the dark.
CHECKED: dict[int, Literal["light", "dark"]] = {390: "light", 1440: "dark"}
WIDTHS = (320, 390, 820, 1440)
FIRST_VISIT_BYTES = 120_000


@pytest.fixture(params=PLACES, ids=lambda place: place.name)
def place(request: pytest.FixtureRequest) -> Place:
    """Return one place after the other."""
    found: Place = request.param
    return found


@pytest.fixture(scope="module")
def tour(browser: Browser, town: Town, empty: Live) -> Iterator[Tour]:
    """Return windows to look at places with."""
    # Without motion, so that no colour is looked at on its way to another.
    tour = Tour(browser, town, empty, reduced_motion="reduce")
    yield tour
    tour.end()


@pytest.fixture
def page(tour: Tour, place: Place) -> Iterator[Page]:
    """Return the place as it is open in a browser that knows how to check it."""
    with tour.at(place) as page:
        yield page


def test_every_address_that_can_be_opened_is_among_the_places(make_config: Any) -> None:
    app = create_app(make_config())
    opened = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert opened == {place.endpoint for place in PLACES if place.endpoint} | NO_PAGES


def test_nothing_bars_anybody_and_everything_fits(page: Page) -> None:
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width} px: {each} sticks out" for each in what_sticks_out(page)]
        if width in CHECKED:
            page.emulate_media(color_scheme=CHECKED[width], contrast="no-preference")
            found += [f"{width} px, {CHECKED[width]}: {each}" for each in barriers(page)]
    page.emulate_media(color_scheme="light", contrast="more")
    found += [f"contrast: {each}" for each in barriers(page, "color-contrast")]
    page.emulate_media(color_scheme="light", contrast="no-preference")
    assert not found, "\n".join(found)


def test_a_first_visit_weighs_little(browser: Browser, live: Live) -> None:
    town = furnish(live)
    for name in ("explore, signed out", "home"):
        (place,) = (place for place in PLACES if place.name == name)
        window = Window(browser, live)
        weights: dict[str, int] = {}
        window.context.on("requestfinished", partial(weigh, weights))
        go(place, window, town).wait_for_load_state("networkidle")
        window.close()
        assert sum(weights.values()) < FIRST_VISIT_BYTES, weights


def weigh(weights: dict[str, int], request: Request) -> None:
    sizes = request.sizes()
    weights[request.url] = sizes["responseHeadersSize"] + sizes["responseBodySize"]
