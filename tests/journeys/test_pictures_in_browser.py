"""Pictures in a browser: choosing, dropping and pasting them, describing them, looking at them."""

import re

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect
from sqlalchemy import select

from microblog import capacity
from microblog.models import Attachment
from tests.cast import Cast
from tests.files import samples
from tests.journeys.live import Live, OpenWindow, Window
from tests.journeys.town import show_pictures
from tests.processes import wait_for
from tests.snapshot import count

PHOTO: FilePayload = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": samples.photo()}
# Makes what a browser hands over when files are dropped or pasted.
HAND_OVER = """
([target, kind, bytes]) => {
  const file = new File([new Uint8Array(bytes)], "photo.jpg", { type: "image/jpeg" });
  const data = new DataTransfer();
  data.items.add(file);
  const options = { bubbles: true, cancelable: true };
  const event = kind === "paste"
    ? new ClipboardEvent(kind, { ...options, clipboardData: data })
    : new DragEvent(kind, { ...options, dataTransfer: data });
  document.querySelector(target).dispatchEvent(event);
}
"""


@pytest.fixture
def page(people: Cast, window: Window) -> Page:
    """Return the page of somebody who is logged in."""
    return window.log_in(people.alice)


@pytest.fixture
def plain(people: Cast, open_window: OpenWindow) -> Page:
    """Return the page of the same person in a browser without scripts."""
    return open_window(java_script_enabled=False).log_in(people.alice)


def test_chosen_pictures_come_one_after_the_other_and_are_posted_with_their_words(
    page: Page, live: Live
) -> None:
    page.goto("/")
    page.locator("#write").focus()
    choose(page, PHOTO, PHOTO)
    expect(pictures(page)).to_have_count(2)
    descriptions = page.get_by_role("textbox", name="Description")
    descriptions.nth(0).fill("A red field above a blue one")
    descriptions.nth(1).fill("The same once more")
    # No text is needed.
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_text("Your post is out.")).to_be_visible()
    card = page.get_by_role("article").first
    expect(card.get_by_role("img", name="A red field above a blue one")).to_be_visible()
    assert count(live.db, Attachment) == 2


@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_pictures_can_be_dropped_and_pasted(page: Page, kind: str) -> None:
    page.goto("/posts/new")
    page.evaluate(HAND_OVER, ["#write", kind, list(samples.photo())])
    expect(pictures(page)).to_have_count(1)


def test_what_is_refused_is_said_and_the_others_stay(page: Page, window: Window) -> None:
    window.expect_problem("/media answers 422")
    page.goto("/posts/new")
    words: FilePayload = {"name": "a.png", "mimeType": "image/png", "buffer": samples.html()}
    choose(page, words, PHOTO)
    expect(page.get_by_role("alert")).to_contain_text("This is no picture we can read")
    expect(pictures(page)).to_have_count(1)
    choose(page, PHOTO, PHOTO, PHOTO, PHOTO)
    expect(page.get_by_role("alert")).to_contain_text("At most 4 pictures, please.")
    expect(pictures(page)).to_have_count(4)


def test_while_the_server_is_busy_it_is_tried_again(page: Page, window: Window, live: Live) -> None:
    window.expect_problem("/media answers 503")
    page.goto("/posts/new")
    with capacity.heavy_work(), page.expect_response("**/media") as answered:
        choose(page, PHOTO)
        assert answered.value.status == 503
    expect(pictures(page)).to_have_count(1)


def test_a_removed_picture_is_gone_and_the_focus_stays_near(page: Page, live: Live) -> None:
    page.goto("/posts/new")
    choose(page, PHOTO, PHOTO)
    expect(pictures(page)).to_have_count(2)
    remove = page.get_by_role("button", name="Remove picture")
    remove.first.press("Enter")
    expect(pictures(page)).to_have_count(1)
    expect(remove).to_be_focused()
    wait_for(lambda: count(live.db, Attachment) == 1, "the picture to go")
    remove.press("Enter")
    expect(page.locator("[data-picture-add] summary")).to_be_focused()


def test_pictures_are_kept_in_a_draft_by_themselves(page: Page, live: Live) -> None:
    page.goto("/posts/new")
    choose(page, PHOTO)
    expect(pictures(page)).to_have_count(1)
    page.get_by_role("textbox", name="Description").fill("A field")
    expect(page.get_by_role("button", name="Draft saved")).to_be_visible()
    with live.db.read() as session:
        kept = session.scalars(select(Attachment)).one()
    assert kept.draft_id is not None
    assert kept.description == "A field"


def test_without_scripts_pictures_are_uploaded_by_a_button(plain: Page, live: Live) -> None:
    plain.goto("/posts/new")
    plain.get_by_title("Add pictures").click()
    choose(plain, PHOTO, PHOTO)
    plain.get_by_role("button", name="Upload pictures").click()
    expect(pictures(plain)).to_have_count(2)
    plain.get_by_role("button", name="Remove picture").first.click()
    expect(pictures(plain)).to_have_count(1)
    plain.get_by_role("button", name="Post", exact=True).click()
    expect(plain.get_by_text("A picture has no description")).to_be_visible()
    plain.get_by_role("textbox", name="Description").fill("A field")
    plain.get_by_role("button", name="Post", exact=True).click()
    expect(plain.get_by_text("Your post is out.")).to_be_visible()
    expect(plain.get_by_role("article").get_by_role("img", name="A field")).to_be_visible()


def test_a_picture_opens_over_the_page_and_the_focus_comes_back(
    page: Page, live: Live, people: Cast
) -> None:
    show_pictures(live, people.alice, "First", "Second", "")
    page.goto("/@alice")
    links = page.locator(".picture-link")
    links.nth(1).press("Enter")
    box = page.get_by_role("dialog", name="Picture")
    shown = box.get_by_role("img")
    expect(shown).to_have_attribute("alt", "Second")
    expect(box).to_contain_text("Picture 2 of 3")
    page.keyboard.press("ArrowRight")
    expect(shown).to_have_attribute("alt", "Picture without a description")
    page.keyboard.press("ArrowRight")
    expect(shown).to_have_attribute("alt", "First")
    box.get_by_role("button", name="Previous picture").click()
    expect(box).to_contain_text("Picture 3 of 3")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(links.nth(2)).to_be_focused()


def test_a_picture_alone_has_nothing_before_and_after_it(
    page: Page, live: Live, people: Cast
) -> None:
    show_pictures(live, people.alice, "Alone")
    page.goto("/@alice")
    page.locator(".picture-link").click()
    box = page.get_by_role("dialog", name="Picture")
    expect(box.get_by_role("img", name="Alone")).to_be_visible()
    expect(box.get_by_role("button")).to_have_count(1)
    box.get_by_role("button", name="Close").click()
    expect(box).to_be_hidden()


def test_descriptions_open_by_keyboard_and_links_lead_to_the_files_without_scripts(
    open_window: OpenWindow, live: Live, people: Cast
) -> None:
    show_pictures(live, people.alice, "First", "Second")
    window = open_window(java_script_enabled=False)
    # How a browser shows a picture by itself is of its own making, and nothing runs in our files.
    window.expect_problem("/media/")
    plain = window.log_in(people.alice)
    plain.goto("/@alice")
    words = plain.locator(".picture-description").first
    expect(words).to_be_hidden()
    plain.locator(".picture-alt > summary").first.press("Enter")
    expect(words).to_have_text("First")
    plain.locator(".picture-link").nth(1).click()
    expect(plain).to_have_url(re.compile("/media/"))


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_nothing_moves_when_pictures_come(
    page: Page, live: Live, people: Cast, number: int
) -> None:
    show_pictures(live, people.alice, *["A picture"] * number)
    # They are asked for, and come once nobody holds them up any more.
    page.route("**/media/**", lambda _route: None)
    page.goto("/@alice", wait_until="domcontentloaded")
    grid, last = page.locator(f".pictures-{number}"), page.locator(".picture-image").last
    before = grid.bounding_box()
    assert last.evaluate("image => image.naturalWidth") == 0
    page.unroute("**/media/**")
    expect(last).not_to_have_js_property("naturalWidth", 0)
    assert before == grid.bounding_box()


def choose(page: Page, *files: FilePayload) -> None:
    page.locator("input[type=file]").set_input_files(list(files))


def pictures(page: Page) -> Locator:
    return page.locator("[data-picture]")
