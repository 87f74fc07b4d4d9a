"""Single keys: from post to post, what one does with it, and to other pages."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import update

from microblog.models import User
from tests import make
from tests.cast import Cast
from tests.journeys.live import Live, OpenWindow, Window
from tests.journeys.test_acting_in_place import is_marked, mark


@pytest.fixture
def post_ids(live: Live, people: Cast) -> list[int]:
    """Return Alice's posts, the newest first."""
    return make.posts_of(live.db, people.alice, 4)[::-1]


def test_j_and_k_lead_from_post_to_post(people: Cast, window: Window, post_ids: list[int]) -> None:
    page = window.log_in(people.bob)
    page.goto("/explore")
    for key, place in (("j", 0), ("j", 1), ("j", 2), ("k", 1), ("k", 0), ("k", 0), ("j", 1)):
        page.keyboard.press(key)
        expect(card(page, post_ids[place])).to_be_focused()
        expect(card(page, post_ids[place])).to_be_in_viewport()


def test_j_at_the_end_leads_to_what_is_older(live: Live, people: Cast, window: Window) -> None:
    make.posts_of(live.db, people.alice, 25)
    page = window.log_in(people.bob)
    page.goto("/explore")
    expect(page.get_by_role("article")).to_have_count(20)
    page.get_by_role("article").last.focus()
    page.keyboard.press("j")
    expect(page.locator("[data-older]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("article").nth(20)).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("article").nth(21)).to_be_focused()


@pytest.mark.parametrize(("key", "name"), [("f", "favourite"), ("b", "boost"), ("d", "bookmark")])
def test_a_key_presses_the_button_of_the_post(
    people: Cast, window: Window, post_ids: list[int], key: str, name: str
) -> None:
    page = window.log_in(people.bob)
    page.goto("/explore")
    mark(page)
    # Without a post nothing is pressed.
    page.keyboard.press(key)
    page.keyboard.press("j")
    page.keyboard.press("j")
    for pressed in ("true", "false"):
        page.keyboard.press(key)
        expect(button(page, name, post_ids[1])).to_have_attribute("aria-pressed", pressed)
        expect(card(page, post_ids[1])).to_be_focused()
    expect(button(page, name, post_ids[0])).to_have_attribute("aria-pressed", "false")
    assert is_marked(page)


def test_r_answers_the_post_and_n_writes_one(
    people: Cast, window: Window, post_ids: list[int]
) -> None:
    page = window.log_in(people.bob)
    page.goto("/explore")
    page.keyboard.press("j")
    page.keyboard.press("r")
    expect(page).to_have_url(re.compile(f"/posts/{post_ids[0]}/reply$"))
    page.goto("/")
    page.keyboard.press("n")
    expect(page.locator("#write")).to_be_focused()
    page.goto("/explore")
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile("/posts/new$"))


@pytest.mark.parametrize(
    ("letter", "path"),
    [
        ("h", "/"),
        ("e", "/explore"),
        ("n", "/notifications"),
        ("m", "/messages"),
        ("p", "/@bob"),
    ],
)
def test_g_and_a_letter_lead_to_a_page(
    live: Live, people: Cast, window: Window, letter: str, path: str
) -> None:
    page = window.log_in(people.bob)
    page.goto("/settings/security")
    page.keyboard.press("g")
    page.keyboard.press(letter)
    expect(page).to_have_url(live.url + path)


def test_the_sheet_opens_over_the_page_and_gives_the_focus_back(
    people: Cast, window: Window, post_ids: list[int]
) -> None:
    page = window.log_in(people.bob)
    page.goto("/explore")
    page.keyboard.press("j")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    page.keyboard.press("?")
    expect(sheet).to_be_visible()
    # Under it nothing hears the keys.
    page.keyboard.press("j")
    page.keyboard.press("f")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(card(page, post_ids[0])).to_be_focused()
    expect(button(page, "favourite", post_ids[0])).to_have_attribute("aria-pressed", "false")
    page.get_by_role("link", name="Keyboard shortcuts").click()
    expect(sheet).to_be_visible()
    sheet.get_by_role("button", name="Close").click()
    expect(sheet).to_be_hidden()
    expect(page.get_by_role("link", name="Keyboard shortcuts")).to_be_focused()


def test_whoever_types_types(people: Cast, window: Window, post_ids: list[int]) -> None:
    page = window.log_in(people.bob)
    page.goto("/")
    page.locator("#write").press_sequentially("jk? gh n")
    expect(page.locator("#write")).to_have_value("jk? gh n")
    expect(page.locator("#write")).to_be_focused()
    expect(page.locator("#keys")).to_be_hidden()


@pytest.mark.parametrize("keys", ["Control+j", "Alt+j", "Meta+j", "Shift+J"])
def test_keys_with_others_mean_what_they_mean_elsewhere(
    people: Cast, window: Window, post_ids: list[int], keys: str
) -> None:
    page = window.log_in(people.bob)
    page.goto("/explore")
    page.keyboard.press(keys)
    expect(page.locator("article:focus")).to_have_count(0)


def test_whoever_switches_them_off_has_none(live: Live, people: Cast, window: Window) -> None:
    make.posts_of(live.db, people.alice, 2)
    page = window.log_in(people.bob)
    page.goto("/settings/preferences")
    page.get_by_label("Do not use single keys as shortcuts").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.goto("/explore")
    for key in ("j", "?", "g", "h"):
        page.keyboard.press(key)
    expect(page.locator("article:focus")).to_have_count(0)
    expect(page).to_have_url(re.compile("/explore$"))
    page.get_by_role("link", name="Keyboard shortcuts").click()
    expect(page.get_by_text("Single keys are switched off.")).to_be_visible()


def test_keys_of_other_alphabets_count_by_their_place(
    live: Live, people: Cast, open_window: OpenWindow, post_ids: list[int]
) -> None:
    live.db.write(
        lambda s: s.execute(
            update(User).where(User.account_id == people.bob.id).values(locale="ar")
        )
    )
    page = open_window().log_in(people.bob)
    page.goto("/explore")
    for code, key in (("KeyJ", "ت"), ("KeyF", "ب")):
        page.evaluate(
            "([code, key]) => document.activeElement.dispatchEvent("
            "new KeyboardEvent('keydown', { code, key, bubbles: true, cancelable: true }))",
            [code, key],
        )
    expect(card(page, post_ids[0])).to_be_focused()
    expect(button(page, "favourite", post_ids[0])).to_have_attribute("aria-pressed", "true")


def test_a_visitor_reads_by_keys(people: Cast, window: Window, post_ids: list[int]) -> None:
    page = window.page
    page.goto("/explore")
    page.keyboard.press("j")
    expect(card(page, post_ids[0])).to_be_focused()
    for key in ("f", "b", "d", "r", "n", "g", "h"):
        page.keyboard.press(key)
    expect(page).to_have_url(re.compile("/explore$"))


def test_without_scripts_the_list_is_a_page(people: Cast, open_window: OpenWindow) -> None:
    page = open_window(java_script_enabled=False).log_in(people.bob)
    page.goto("/explore")
    page.get_by_role("link", name="Keyboard shortcuts").click()
    expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()


def card(page: Page, post_id: int) -> Locator:
    return page.locator(f"#post-{post_id}")


def button(page: Page, name: str, post_id: int) -> Locator:
    return page.locator(f"#{name}-{post_id}")
