"""The composer: it counts, it guards what is typed, and it posts once."""

import pytest
from playwright.sync_api import Dialog, Page, expect

from microblog.domain.viewer import Viewer
from tests.cast import Cast
from tests.journeys.live import Live, Window
from tests.reader import Reader

LINK = "https://example.org/a/very/long/path/that/is/longer/than/what/it/counts"
FAMILY = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"


@pytest.fixture
def page(people: Cast, window: Window) -> Page:
    """Return the home page of somebody who is logged in."""
    page = window.log_in(people.bob)
    page.goto("/")
    return page


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "500"),
        ("Hello", "495"),
        ("  Hello \n", "495"),
        (f"e\u0301{FAMILY}", "498"),
        (f"See {LINK} now", "469"),
        ("x" * 503, "-3"),
    ],
)
def test_characters_are_counted_as_people_see_them(page: Page, text: str, hint: str) -> None:
    page.get_by_label("Write a post").fill(text)
    expect(page.locator("[data-hint]")).to_have_text(hint)


def test_the_counter_is_said_aloud_only_when_it_matters(page: Page) -> None:
    page.clock.install()
    field, spoken = page.get_by_label("Write a post"), page.locator("[data-hint-spoken]")
    field.fill("x" * 100)
    page.clock.fast_forward(1000)
    expect(spoken).to_have_text("")
    field.fill("x" * 490)
    page.clock.fast_forward(1000)
    expect(spoken).to_have_text("Characters left: 10")


def test_a_post_that_is_too_long_is_not_sent(page: Page, live: Live, people: Cast) -> None:
    page.get_by_label("Write a post").fill("x" * 501)
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_label("Write a post")).to_be_focused()
    expect(page.get_by_label("Write a post")).to_have_value("x" * 501)
    assert read(live, people.bob) == []


def test_control_and_enter_post(page: Page, live: Live, people: Cast) -> None:
    page.get_by_label("Write a post").fill("By keys alone")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Your post is out.")).to_be_visible()
    assert len(read(live, people.bob)) == 1


def test_a_double_click_posts_once(page: Page, live: Live, people: Cast) -> None:
    page.get_by_label("Write a post").fill("Twice is once")
    page.get_by_role("button", name="Post", exact=True).dblclick()
    expect(page.get_by_text("Your post is out.")).to_be_visible()
    assert len(read(live, people.bob)) == 1


def test_leaving_with_unsaved_text_asks_first(page: Page) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.get_by_label("Write a post").press_sequentially("Not yet")
    page.get_by_role("link", name="Explore").first.click()
    expect(page.get_by_label("Write a post")).to_have_value("Not yet")
    assert asked == ["beforeunload"]

    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="Explore").first.click()
    expect(page.get_by_role("heading", name="Explore", exact=True)).to_be_visible()


def test_leaving_without_text_asks_nothing(page: Page) -> None:
    page.on("dialog", lambda dialog: pytest.fail(dialog.type))
    page.get_by_label("Write a post").press_sequentially("Gone")
    page.get_by_label("Write a post").fill("")
    page.get_by_role("link", name="Explore").first.click()
    expect(page.get_by_role("heading", name="Explore", exact=True)).to_be_visible()


def test_the_link_to_write_leads_into_the_field_from_anywhere(page: Page) -> None:
    for path in ("/explore", "/"):
        page.goto(path)
        page.get_by_role("link", name="Write", exact=True).first.click()
        expect(page.get_by_label("Write a post")).to_be_focused()


def read(live: Live, person: Viewer) -> list[int]:
    return Reader(live.db, person).posts()
