"""Settings: what is chosen is seen at once, also before it is sent."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.cast import Cast
from tests.journeys.live import Live, Window
from tests.processes import wait_for

AVATAR = re.compile(r"^/media/.+\.webp$")


@pytest.fixture
def page(people: Cast, window: Window) -> Page:
    """Return the page of somebody's own profile, for editing."""
    page = window.log_in(people.bob)
    page.goto("/settings/profile")
    return page


def test_a_picture_is_shown_before_it_is_sent_and_everywhere_after(page: Page) -> None:
    choose(page, "me.png", "image/png", picture())
    expect(preview(page)).to_have_attribute("src", re.compile("^blob:"))
    wait_for(lambda: is_drawn(preview(page)), "the picture to be drawn")
    save(page)
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    expect(preview(page)).to_have_attribute("src", AVATAR)
    expect(page.locator(".nav-avatar")).to_have_attribute("src", AVATAR)
    assert is_drawn(preview(page))

    page.get_by_role("button", name="Remove picture").click()
    expect(preview(page)).to_have_attribute("src", re.compile("^/identicons/"))


def test_what_is_no_picture_is_not_shown_and_refused_at_its_field(page: Page) -> None:
    choose(page, "me.png", "image/png", b"This is no picture.")
    expect(preview(page)).to_have_attribute("src", re.compile("/identicons/"))
    save(page)
    field = page.get_by_label("Upload a picture")
    expect(field).to_have_accessible_description(re.compile("This is no picture we can read"))
    expect(field).to_be_focused()


def test_a_choice_can_be_taken_back(page: Page) -> None:
    choose(page, "me.png", "image/png", picture())
    expect(preview(page)).to_have_attribute("src", re.compile("^blob:"))
    page.get_by_label("Upload a picture").set_input_files([])
    expect(preview(page)).to_have_attribute("src", re.compile("/identicons/"))


def test_the_profile_says_what_was_typed(page: Page) -> None:
    page.get_by_label("Display name").fill("Bob Ross")
    page.get_by_label("About me").fill("Happy little #trees, with @alice")
    page.get_by_label("Display name").press("Enter")
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    page.goto("/@bob")
    expect(page.get_by_role("heading", name="Bob Ross")).to_be_visible()
    expect(page.get_by_role("link", name="#trees")).to_have_attribute("href", "/tags/trees")


@pytest.mark.parametrize(
    ("theme", "is_dark"), [("Light", False), ("Dark", True), ("As my device says", True)]
)
def test_a_theme_wins_over_the_device_s(page: Page, theme: str, is_dark: bool) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto("/settings/preferences")
    # Something else first, so that every choice is one.
    for choice in ("High contrast", theme):
        page.get_by_label("Colours").select_option(choice)
        save(page)
        expect(page.get_by_text("Saved.")).to_be_visible()
        expect(page.get_by_label("Colours").locator("option:checked")).to_have_text(choice)
    page.goto("/explore")
    assert (brightness(page) < 0.5) is is_dark


def test_high_contrast_is_stronger_than_the_usual_look(page: Page) -> None:
    usual = text_brightness(page)
    page.goto("/settings/preferences")
    page.get_by_label("Colours").select_option("High contrast")
    save(page)
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert text_brightness(page) < usual


def test_last_seen_can_be_hidden(page: Page, live: Live, people: Cast) -> None:
    page.goto("/settings/preferences")
    page.get_by_label("Do not show others when I was here last").check()
    save(page)
    expect(page.get_by_label("Do not show others when I was here last")).to_be_checked()
    page.goto("/@bob")
    expect(page.get_by_role("heading", name="bob", exact=True)).to_be_visible()
    expect(page.get_by_text("Last seen")).to_have_count(0)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()


def choose(page: Page, name: str, type_: str, content: bytes) -> None:
    file: FilePayload = {"name": name, "mimeType": type_, "buffer": content}
    page.get_by_label("Upload a picture").set_input_files(file)


def picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(drawn, "PNG")
    return drawn.getvalue()


def preview(page: Page) -> Locator:
    return page.get_by_role("img", name="Your picture as others see it")


def is_drawn(image: Locator) -> bool:
    return bool(image.evaluate("image => image.complete && image.naturalWidth > 0"))


def brightness(page: Page) -> float:
    """Return how bright the page is, from 0 to 1."""
    return luminance(page, "getComputedStyle(document.body).backgroundColor")


def text_brightness(page: Page) -> float:
    return luminance(page, "getComputedStyle(document.body).color")


def luminance(page: Page, colour: str) -> float:
    # A canvas knows every notation of a colour.
    red, green, blue = page.evaluate(
        f"""() => {{
          const context = document.createElement("canvas").getContext("2d");
          context.fillStyle = {colour};
          context.fillRect(0, 0, 1, 1);
          return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
        }}"""
    )
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255
