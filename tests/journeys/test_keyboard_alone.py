"""With a keyboard alone: everything is reached, and one always sees where one is."""

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import make
from tests.cast import Cast
from tests.journeys.live import DESK, PHONE, Live, Window
from tests.journeys.places import PLACES, Place, go
from tests.journeys.tour import Tour
from tests.journeys.town import Town

FIRST_POST_STOPS = 25
MOST_STOPS = 400
MOST_FRAMES = 300
WITH_POSTS = ("home", "explore, signed out", "explore, signed in", "profile, signed in", "tag")
CHECKED_AT_THE_DESK = ("home", "explore, signed out", "own profile", "edit profile", "login")

# What is to be seen of the element that has the focus, and what it is. A busy browser scrolls to it
# with one of its next frames.
LOOK = """async (frames) => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const boxes = [element, element.parentElement, element.parentElement?.parentElement];
  const isOutlined = () => boxes.filter(Boolean).some((box) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(box);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  });
  const parts = [0.1, 0.5, 0.9];
  const isInSight = () => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return parts.some((x) => parts.some((y) => {
      const found = document.elementFromPoint(left + width * x, top + height * y);
      return found && (element.contains(found) || found.contains(element));
    }));
  };
  const isSeen = () => isOutlined() && isInSight();
  while (!isSeen() && frames--) await new Promise(requestAnimationFrame);
  const isNew = !element.wasReached;
  element.wasReached = true;
  const isPost = element.closest("article") !== null;
  return { html: element.outerHTML.slice(0, 200), isSeen: isSeen(), isNew, isPost };
}"""
MISSED = """() => {
  const root = document.querySelector("dialog[open]") ?? document;
  const all = root.querySelectorAll("a[href], button, input, select, textarea, [tabindex='0']");
  const isMissed = (each) => !each.wasReached && !each.disabled && each.tabIndex >= 0
    && each.checkVisibility({ visibilityProperty: true });
  return [...all].filter(isMissed).map((each) => each.outerHTML);
}"""


@pytest.fixture(scope="module")
def tour(browser: Browser, town: Town, empty: Live) -> Iterator[Tour]:
    """Return windows of phones to walk through places with."""
    tour = Tour(browser, town, empty, checks=False, viewport=PHONE)
    yield tour
    tour.end()


@pytest.fixture(scope="module")
def tour_at_the_desk(browser: Browser, town: Town, empty: Live) -> Iterator[Tour]:
    """Return large windows."""
    tour = Tour(browser, town, empty, checks=False, viewport=DESK)
    yield tour
    tour.end()


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_everything_is_reached_and_the_focus_is_seen(
    tour: Tour, tour_at_the_desk: Tour, place: Place
) -> None:
    tours = [tour, tour_at_the_desk] if place.name in CHECKED_AT_THE_DESK else [tour]
    for each in tours:
        with each.at(place) as page:
            unseen = [stop["html"] for stop in stops(page) if not stop["isSeen"]]
            assert unseen == []
            assert page.evaluate(MISSED) == []


@pytest.mark.parametrize("name", WITH_POSTS)
def test_the_first_post_is_near(browser: Browser, town: Town, name: str) -> None:
    place = next(place for place in PLACES if place.name.startswith(name))
    window = Window(browser, town.live)
    page = go(place, window, town)
    before = takewhile(lambda stop: not stop["isPost"], stops(page))
    assert len(list(before)) < FIRST_POST_STOPS
    window.close()


def test_the_first_stop_leads_past_the_navigation(people: Cast, window: Window) -> None:
    page = window.log_in(people.bob)
    page.goto("/explore")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_person_writes_follows_and_deletes_by_keys(
    live: Live, people: Cast, window: Window
) -> None:
    make.post(live.db, people.alice, "Read me")
    page = window.log_in(people.carol)
    page.goto("/")
    tab_to(page, "textarea")
    page.keyboard.type("Typed")
    tab_to(page, "form.composer .btn-primary")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your post is out.")).to_be_visible()

    tab_to(page, "main .post-act-more")
    page.keyboard.press("Enter")
    expect(page.locator("#menu .menu-item:focus")).to_be_visible()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article")).to_have_count(0)

    tab_to(page, ".rail .follow")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Following alice")).to_be_focused()
    tab_to(page, "[data-dismiss]")
    page.keyboard.press("Enter")
    tab_to(page, ".nav-leave button")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/explore$"))


def stops(page: Page) -> Iterator[dict[str, Any]]:
    """Hold Tab down until everything was reached once; yield what is seen at each stop."""
    for _ in range(MOST_STOPS):
        page.keyboard.down("Tab")
        stop = page.evaluate(LOOK, MOST_FRAMES)
        # Past the last one the page itself has the focus, and then it begins again.
        if stop is not None and not stop["isNew"]:
            page.keyboard.up("Tab")
            return
        if stop is not None:
            yield stop
    raise AssertionError("Pressing Tab leads on and on.")


def tab_to(page: Page, selector: str) -> None:
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Pressing Tab never leads to {selector}.")
