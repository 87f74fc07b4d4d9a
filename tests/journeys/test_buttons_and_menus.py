"""The buttons of posts and their menus, by mouse and by keys."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tests.cast import Cast
from tests.journeys.live import Live, OpenWindow, Window


@pytest.fixture
def page(live: Live, people: Cast, window: Window) -> Page:
    """Return the page on which Bob reads a post of his and two of Alice."""
    make.posts_of(live.db, people.alice, 2)
    make.post(live.db, people.bob, "My own")
    page = window.log_in(people.bob)
    page.goto("/explore")
    return page


@pytest.mark.parametrize("name", ["Boost", "Favourite", "Bookmark"])
def test_a_button_keeps_the_focus_and_changes_itself_alone(page: Page, name: str) -> None:
    card = page.get_by_role("article").nth(1)
    button = card.get_by_role("button", name=name)
    page.evaluate("document.isSamePage = true")
    button.focus()
    for is_pressed in (True, False, True):
        page.keyboard.press("Enter" if is_pressed else "Space")
        expect(card.get_by_role("button", name=name, pressed=is_pressed)).to_be_focused()
    expect(page.get_by_role("button", pressed=True)).to_have_count(1)
    assert page.evaluate("document.isSamePage")
    page.reload()
    expect(card.get_by_role("button", name=name, pressed=True)).to_be_visible()


def test_the_menu_opens_beside_its_link_and_closes_by_escape(page: Page) -> None:
    menu = page.locator("#menu")
    more = page.get_by_role("article").first.get_by_role("link", name="More")
    more.focus()
    page.keyboard.press("Enter")
    items = menu.locator(".menu-item:visible")
    expect(items.first).to_be_focused()
    expect(more).to_have_attribute("aria-expanded", "true")
    link, opened = more.bounding_box(), menu.bounding_box()
    assert link
    assert opened
    assert abs(opened["y"] - (link["y"] + link["height"])) < 2
    assert abs(opened["x"] + opened["width"] - link["x"] - link["width"]) < 2
    page.keyboard.press("ArrowUp")
    expect(items.last).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(items.first).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(more).to_be_focused()
    expect(more).not_to_have_attribute("aria-expanded", "true")


def test_the_menu_closes_when_one_goes_elsewhere(page: Page) -> None:
    menu = page.locator("#menu")
    first, second = (
        page.get_by_role("article").nth(n).get_by_role("link", name="More") for n in (0, 1)
    )
    first.click()
    expect(menu.get_by_role("link", name="Delete", exact=True)).to_be_visible()
    first.click()
    expect(menu).to_be_hidden()
    second.click()
    expect(menu.get_by_role("button", name="Mute this conversation")).to_be_visible()
    expect(menu.get_by_role("link", name="Delete", exact=True)).to_have_count(0)
    page.mouse.click(5, 5)
    expect(menu).to_be_hidden()


def test_an_item_of_the_menu_says_what_it_did_and_offers_the_way_back(page: Page) -> None:
    menu = page.locator("#menu")
    more = page.get_by_role("article").first.get_by_role("link", name="More")
    for item, message in (
        ("Pin to the profile", "The post stands on top of your profile now."),
        ("Unpin from the profile", "The post does not stand on top of your profile any more."),
    ):
        more.click()
        menu.get_by_role("button", name=item).click()
        expect(page.get_by_role("status").filter(has_text=message)).to_be_visible()
        expect(menu).to_be_hidden()
        expect(more).to_be_focused()


def test_the_link_of_a_post_can_be_copied(
    live: Live, people: Cast, open_window: OpenWindow
) -> None:
    post_id = make.post(live.db, people.alice)
    window = open_window(permissions=["clipboard-read", "clipboard-write"])
    page = window.log_in(people.bob)
    page.goto("/explore")
    page.get_by_role("link", name="More").click()
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("status").filter(has_text="The link is copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{live.url}/@alice/{post_id}"


def test_without_scripts_the_menu_is_a_page(
    live: Live, people: Cast, open_window: OpenWindow
) -> None:
    post_id = make.post(live.db, people.bob, "My own")
    page = open_window(java_script_enabled=False).log_in(people.bob)
    page.goto("/explore")
    page.get_by_role("link", name="More").click()
    expect(page.get_by_role("button", name="Copy the link")).to_be_hidden()
    page.get_by_role("button", name="Pin to the profile").click()
    expect(page).to_have_url(re.compile(f"/@bob/{post_id}#post-{post_id}$"))
    expect(page.get_by_text("The post stands on top of your profile now.")).to_be_visible()
    page.get_by_role("button", name="Favourite").click()
    expect(page.get_by_role("button", name="Favourite", pressed=True)).to_be_visible()


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without"])
def test_a_post_is_edited_its_history_read_and_it_is_written_anew(
    live: Live, people: Cast, open_window: OpenWindow, has_scripts: bool
) -> None:
    make.post(live.db, people.bob, "I like green tea.")
    page = open_window(java_script_enabled=has_scripts).log_in(people.bob)
    page.goto("/explore")
    page.get_by_role("link", name="More", exact=True).click()
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Edit your post").fill("I like black tea.")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Your changes are saved.")).to_be_visible()
    page.get_by_role("link", name="edited").click()
    expect(page.locator("del")).to_have_text("green")
    expect(page.locator("ins")).to_have_text("black")
    page.get_by_role("link", name="Back to the post").click()
    page.get_by_role("article").get_by_role("link", name="More", exact=True).click()
    page.get_by_role("link", name="Delete and redraft").click()
    page.get_by_role("button", name="Delete and redraft").click()
    expect(page.get_by_label("Write a post")).to_have_value("I like black tea.")
    page.goto("/explore")
    expect(page.get_by_role("article")).to_have_count(0)


def test_what_is_kept_and_liked_has_its_pages(page: Page) -> None:
    card = page.get_by_role("article").nth(1)
    for name in ("Bookmark", "Favourite"):
        card.get_by_role("button", name=name).click()
        expect(card.get_by_role("button", name=name, pressed=True)).to_be_visible()
    page.get_by_role("link", name="Bookmarks").first.click()
    expect(page.get_by_role("article")).to_have_count(1)
    page.get_by_role("link", name="Favourites").click()
    expect(page.get_by_role("article")).to_have_count(1)
    page.get_by_role("link", name="More", exact=True).last.click()
    page.get_by_role("link", name="Favourited by").click()
    expect(page.locator("main").get_by_text("@bob")).to_be_visible()
