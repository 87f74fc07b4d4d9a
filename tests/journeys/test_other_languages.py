"""In another language: no text is left in English, and the page turns with the writing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.catalogues import PERSIAN, write_catalogue
from tests.journeys.checks import barriers, what_sticks_out
from tests.journeys.live import FEW_POSTS, PHONE, Live, Window, live_server
from tests.journeys.places import PLACES, Place
from tests.journeys.tour import Tour
from tests.journeys.town import Town, furnish
from tests.translating import KEY, translating_server

WIDTHS = (320, 1440)
# Those that words, their length and their direction can break; the others are tried in English.
WORDED_RULES = (
    *("aria-valid-attr-value", "html-has-lang", "html-lang-valid", "label", "link-name"),
    *("button-name", "label-content-name-mismatch", "target-size", "valid-lang"),
)
# What has no other name in any language.
INTERNATIONAL = {"UTC", "GMT", "Microblog", "LibreTranslate"}

# What people typed, addresses, and the names of zones and of languages in themselves.
TYPED = (
    "bdi, code, kbd, .post-text, .version-text, body [dir=ltr], .account-about, .profile-about,"
    " .person-card-about, #time_zone, #locale, .language, .footer-language > :last-child"
)
# What ends in an ellipsis, from where it begins: at the start, or where somebody else's words do.
CUT = re.compile("(?:(?<=\u2068)|^)([^\u2068\u2026]+)\u2026")
READ_ALOUD = (
    *("aria-label", "title", "placeholder", "alt"),
    *("data-left", "data-over", "data-confirm-detail", "data-confirm-label", "hx-confirm"),
)
READ = """([typed, attributes]) => {
  const texts = [document.title];
  const read = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.closest(typed)) continue;
      texts.push(...attributes.map((name) => element.getAttribute(name) ?? ""));
      for (const node of element.childNodes) {
        if (node.nodeType === Node.TEXT_NODE) texts.push(node.data);
      }
      if (element.shadowRoot) read(element.shadowRoot);
      if (element.content instanceof DocumentFragment) read(element.content);
    }
  };
  read(document.body);
  return texts;
}"""

# Whether the mark stands where each mention begins: on its left.
MARKS_LEFT = """() => [...document.querySelectorAll(".post-text .mention")].map((mention) => {
  const at = (place) => {
    const range = document.createRange();
    range.setStart(mention.firstChild, place);
    range.setEnd(mention.firstChild, place + 1);
    return range.getBoundingClientRect().left;
  };
  return at(0) < at(1);
})"""


@dataclass(frozen=True)
class Abroad:
    """A town and an empty server that speak a made-up language."""

    town: Town
    empty: Live


@pytest.fixture(scope="module")
def abroad(
    browser: Browser, migrated: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Abroad]:
    """Return servers that speak a made-up language."""
    folder = tmp_path_factory.mktemp("abroad")
    write_catalogue(folder / "catalogues", PERSIAN)
    settings: dict[str, Any] = {
        "translations": folder / "catalogues",
        "LANGUAGES": ("en", PERSIAN),
        "LIBRETRANSLATE_KEY": KEY,
        "POSTS_PER_PAGE": FEW_POSTS,
    }
    with (
        translating_server() as translator,
        live_server(
            folder / "town", migrated, LIBRETRANSLATE_URL=translator.url, **settings
        ) as town,
        live_server(folder / "empty", migrated, **settings) as empty,
    ):
        yield Abroad(furnish(town), empty)


@pytest.fixture(scope="module")
def tour(browser: Browser, abroad: Abroad) -> Iterator[Tour]:
    """Return windows of people who read from right to left."""
    tour = Tour(browser, abroad.town, abroad.empty, locale=PERSIAN, reduced_motion="reduce")
    yield tour
    tour.end()


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_page_turns_with_the_writing_and_no_text_is_left_in_english(
    tour: Tour, abroad: Abroad, place: Place
) -> None:
    with tour.at(place) as page:
        expect(page.locator("html")).to_have_attribute("lang", PERSIAN)
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        expect(page.locator("link[rel=stylesheet]")).to_have_attribute(
            "href", re.compile("/app.rtl.")
        )
        assert {text for text in texts(page, abroad.town) if is_english(text)} == set()
        assert sticking_out(page) == []
        page.set_viewport_size(PHONE)
        assert barriers(page, *WORDED_RULES) == []


@pytest.mark.parametrize(("language", "is_first"), [("en", True), (PERSIAN, False)])
def test_the_navigation_stands_where_reading_begins(
    browser: Browser, abroad: Abroad, language: str, is_first: bool
) -> None:
    window = Window(browser, abroad.town.live, locale=language)
    window.page.goto("/explore")
    navigation, posts = (left(window.page, each) for each in ("header.top", "main"))
    assert (navigation < posts) is is_first
    window.close()


@pytest.mark.parametrize("language", ["en", PERSIAN])
def test_a_handle_stays_left_to_right_whatever_is_written_around_it(
    browser: Browser, abroad: Abroad, language: str
) -> None:
    window = Window(browser, abroad.town.live, locale=language)
    window.page.goto("/@huda")
    marks = window.page.evaluate(MARKS_LEFT)
    assert len(marks) >= 3
    assert all(marks)
    window.close()


def test_a_language_can_be_chosen_whatever_the_browser_wishes(
    browser: Browser, abroad: Abroad
) -> None:
    window = Window(browser, abroad.town.live, locale="en-US")
    page = window.log_in(abroad.town.people.carol)
    page.goto("/settings/preferences")
    page.locator("#locale").select_option(PERSIAN)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("html")).to_have_attribute("lang", PERSIAN)
    page.locator("#locale").select_option("")
    page.locator("main .form-acts button").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    window.close()


def texts(page: Page, town: Town) -> list[str]:
    """Return whatever the page says, without what people typed, also where that is cut."""
    typed = re.compile("|".join(map(re.escape, sorted(town.typed, key=len, reverse=True))))
    beginnings = tuple(" ".join(each.split()) for each in town.typed)

    def leave_out(cut: re.Match[str]) -> str:
        is_typed = any(each.startswith(cut[1].strip()) for each in beginnings)
        return "" if is_typed else cut[0]

    return [
        typed.sub("", CUT.sub(leave_out, text)) for text in page.evaluate(READ, [TYPED, READ_ALOUD])
    ]


def is_english(text: str) -> bool:
    # What stands in braces is filled in by a script.
    words = set(re.findall("[A-Za-z]{2,}", re.sub(r"\{\w+\}", "", text)))
    return bool(words - INTERNATIONAL)


def sticking_out(page: Page) -> list[str]:
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width} px: {each}" for each in what_sticks_out(page)]
    return found


def left(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["x"]
