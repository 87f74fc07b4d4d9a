"""Cards of people beside links to them, and two people who ask and are let in."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import make
from tests.cast import Cast
from tests.journeys.live import Live, OpenWindow, Window


@pytest.fixture
def page(live: Live, people: Cast, window: Window) -> Page:
    """Return the page on which Carol, who follows nobody, reads two posts of Alice."""
    make.post(live.db, people.alice, "One about @bob")
    make.post(live.db, people.alice, "Another")
    page = window.log_in(people.carol)
    page.goto("/explore")
    return page


def card(page: Page) -> Locator:
    return page.locator("#person-card")


def names(page: Page) -> Locator:
    return page.locator(".post-name", has_text="alice")


def test_a_link_under_the_mouse_shows_who_it_is(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for link in (names(page).first, names(page).nth(1)):
        link.hover()
        expect(card(page)).to_be_visible()
        expect(card(page)).to_contain_text("@alice")
        # It stays while one is at it.
        card(page).hover()
        page.mouse.move(2, 2)
        expect(card(page)).to_be_hidden()
    assert sum(url.endswith("/@alice/card") for url in asked) == 1
    page.get_by_role("link", name="@bob").hover()
    expect(card(page)).to_contain_text("@bob")


def test_one_may_follow_from_the_card(page: Page) -> None:
    names(page).first.hover()
    card(page).get_by_role("button", name="Follow alice").click()
    expect(card(page).get_by_role("button", name="Following alice")).to_be_visible()
    expect(page.locator(".rail").get_by_role("button", name="Following alice")).to_be_visible()
    expect(card(page)).to_be_visible()


def test_the_keyboard_reaches_the_card_and_goes_on(page: Page) -> None:
    link = names(page).first
    focus_by_keys(page, link)
    expect(card(page)).to_be_visible()
    expect(link).to_be_focused()
    page.keyboard.press("Tab")
    button = card(page).get_by_role("button", name="Follow alice")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(card(page).get_by_role("button", name="Following alice")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(link).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(card(page)).to_be_hidden()
    expect(page.locator(".post").first.locator(":focus")).to_be_visible()


def test_no_card_comes_over_where_the_focus_went_meanwhile(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.install()
    page.reload()
    focus_by_keys(page, names(page).first)
    page.keyboard.press("Tab")
    expect(names(page).first).not_to_be_focused()
    page.clock.fast_forward(1_000)
    expect(card(page)).to_be_hidden()
    assert not any(url.endswith("/card") for url in asked)


@pytest.mark.parametrize("inside", [True, False])
def test_escape_closes_the_card_and_leaves_the_focus(page: Page, inside: bool) -> None:
    link = names(page).first
    focus_by_keys(page, link)
    expect(card(page)).to_be_visible()
    if inside:
        page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    expect(link).to_be_focused()


def test_a_touch_follows_the_link(live: Live, people: Cast, open_window: OpenWindow) -> None:
    make.post(live.db, people.alice)
    page = open_window(has_touch=True).log_in(people.carol)
    page.goto("/explore")
    names(page).first.tap()
    expect(page).to_have_url(re.compile("/@alice$"))
    expect(card(page)).to_be_hidden()


def test_two_people_ask_and_let_in(live: Live, people: Cast, open_window: OpenWindow) -> None:
    make.locked(live.db, people.carol)
    asking = open_window().log_in(people.bob)
    asking.goto("/@carol")
    asking.locator("main").get_by_role("button", name="Ask to follow carol").click()
    expect(asking.get_by_text("You have asked to follow carol.")).to_be_visible()
    expect(asking.get_by_role("button", name="Requested to follow carol")).to_be_focused()

    answering = open_window().log_in(people.carol)
    answering.goto("/follow-requests")
    answering.get_by_role("button", name="Accept bob").click()
    expect(answering.get_by_text("bob follows you now.")).to_be_visible()
    expect(answering.locator(".request-done")).to_be_focused()

    asking.reload()
    expect(asking.get_by_role("button", name="Following carol")).to_be_visible()


def test_muting_and_blocking_from_the_menu_of_a_profile(
    live: Live, people: Cast, window: Window
) -> None:
    page = window.log_in(people.bob)
    page.goto("/@alice")
    more = page.locator("#profile-more")
    more.click()
    page.locator("#menu").get_by_role("button", name="Mute").click()
    expect(page.get_by_text("You have muted alice.")).to_be_visible()
    more.click()
    page.locator("#menu").get_by_role("link", name="Block").click()
    page.get_by_role("dialog", name="Block alice?").get_by_role("button", name="Block").click()
    expect(page.get_by_text("You have blocked this person")).to_be_visible()
    page.get_by_role("button", name="Unblock alice").click()
    expect(page.locator("main").get_by_role("button", name="Follow alice")).to_be_visible()


def test_all_of_it_without_scripts(live: Live, people: Cast, open_window: OpenWindow) -> None:
    make.locked(live.db, people.alice)
    page = open_window(java_script_enabled=False).log_in(people.carol)
    page.goto("/@alice")
    page.locator("main").get_by_role("button", name="Ask to follow alice").click()
    expect(page.get_by_text("You have asked to follow alice.")).to_be_visible()
    page.locator("#profile-more").click()
    page.get_by_role("button", name="Mute").click()
    expect(page.get_by_text("You have muted alice.")).to_be_visible()
    page.locator("#profile-more").click()
    page.get_by_role("link", name="Block").click()
    page.get_by_role("button", name="Block").click()
    expect(page.get_by_text("You have blocked this person")).to_be_visible()
    page.goto("/settings/people/blocked")
    page.get_by_role("button", name="Unblock alice").click()
    expect(page.get_by_text("alice is not blocked any more.")).to_be_visible()


def focus_by_keys(page: Page, link: Locator) -> None:
    """Go to a link as the Tab key does."""
    link.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
