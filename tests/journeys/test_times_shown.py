"""Times: in words that stay fresh, in full in the reader's zone."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import update

from microblog import clock
from microblog.domain.viewer import Viewer
from microblog.models import Post
from tests import make
from tests.cast import Cast, assemble
from tests.journeys.live import Live, OpenWindow, Window, live_server
from tests.processes import wait_for

NEW_YORK, KATHMANDU = "America/New_York", "Asia/Kathmandu"
LANGUAGES = ("en", "es", "de", "ar", "ja")
TWO_DAYS = timedelta(days=2)

# As if the pages had been open for long, and the posts were in a language of their own.
LOOK_AGAIN = """() => {
  const shown = [...document.querySelectorAll("[data-ago]")];
  for (const each of shown) each.dataset.ago = 1;
  for (const article of document.querySelectorAll("article")) article.lang = "ko";
  window.dispatchEvent(new Event("pageshow"));
  return shown.map((each) => each.textContent);
}"""
WRITE_ANEW = f"""() => {{
  for (const each of document.querySelectorAll("[data-ago]")) each.textContent = "";
  return ({LOOK_AGAIN})();
}}"""


@pytest.fixture
def written_at(live: Live, people: Cast) -> datetime:
    """Let Alice have written a post 90 minutes ago; return when."""
    moment = clock.now() - timedelta(minutes=90)
    write_at(live, people.alice, moment)
    return moment


def test_the_words_stay_fresh_while_the_page_is_open(
    live: Live, people: Cast, window: Window
) -> None:
    make.post(live.db, people.alice)
    page = window.page
    page.clock.install()
    page.goto("/explore")
    expect_words(page, "now")
    page.clock.fast_forward("05:00")
    expect_words(page, "5m ago")
    page.clock.fast_forward("03:00:00")
    expect_words(page, "3h ago")


def test_the_full_time_is_in_the_zone_of_the_browser_from_the_first_page_on(
    written_at: datetime, open_window: OpenWindow
) -> None:
    page = open_window(timezone_id=NEW_YORK).page
    for _ in range(2):
        page.goto("/explore")
        expect_full_time(page, written_at, NEW_YORK)


def test_a_zone_that_was_chosen_wins_over_the_browser_s(
    written_at: datetime, people: Cast, open_window: OpenWindow
) -> None:
    page = open_window(timezone_id=NEW_YORK).log_in(people.bob)
    page.goto("/settings/preferences")
    page.get_by_label("Time zone").select_option(KATHMANDU)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.goto("/explore")
    expect_full_time(page, written_at, KATHMANDU)


def test_without_scripts_times_are_in_words_and_in_a_zone_that_is_named(
    written_at: datetime, open_window: OpenWindow
) -> None:
    page = open_window(java_script_enabled=False, timezone_id=NEW_YORK).page
    page.goto("/explore")
    expect(time(page)).to_have_text("1h ago")
    expect_full_time(page, written_at, "UTC")
    assert "UTC" in full_time(page)


def test_the_page_of_a_post_says_the_same_time(
    written_at: datetime, open_window: OpenWindow
) -> None:
    page = open_window(timezone_id=NEW_YORK).page
    page.goto("/explore")
    time(page).click()
    expect(page.get_by_role("heading", name="Post by alice")).to_be_visible()
    expect_full_time(page, written_at, NEW_YORK)


def test_the_browser_goes_on_in_the_words_of_the_server(
    browser: Browser, migrated: Path, tmp_path: Path
) -> None:
    with live_server(tmp_path / "data", migrated, LANGUAGES=LANGUAGES) as live:
        alice = assemble(live.db).alice
        for age in (timedelta(minutes=1), timedelta(minutes=5), timedelta(hours=3), TWO_DAYS):
            write_at(live, alice, clock.now() - age - timedelta(seconds=1))
        for language in LANGUAGES:
            window = Window(browser, live, locale=language)
            window.page.goto("/explore")
            assert window.page.locator("html").get_attribute("lang") == language
            said = window.page.locator("[data-ago]").all_text_contents()
            assert len(set(said)) == 4
            assert window.page.evaluate(WRITE_ANEW) == said, language
            window.close()


def test_where_the_browser_lacks_the_language_the_words_of_the_server_stay(
    browser: Browser, migrated: Path, tmp_path: Path
) -> None:
    with live_server(tmp_path / "data", migrated, LANGUAGES=("eo",)) as live:
        write_at(live, assemble(live.db).alice, clock.now() - TWO_DAYS)
        window = Window(browser, live)
        window.page.goto("/explore")
        assert not window.page.evaluate("Intl.RelativeTimeFormat.supportedLocalesOf('eo').length")
        expect(time(window.page)).to_have_text("antaŭ 2 t.")
        assert window.page.evaluate(LOOK_AGAIN) == ["antaŭ 2 t."]
        window.close()


def write_at(live: Live, author: Viewer, moment: datetime) -> None:
    post_id = make.post(live.db, author)
    change = update(Post).where(Post.id == post_id).values(created_at=moment)
    live.db.write(lambda session: session.execute(change))


def expect_words(page: Page, words: str) -> None:
    wait_for(lambda: time(page).text_content() == words, f"“{words}”")


def expect_full_time(page: Page, moment: datetime, zone: str) -> None:
    local = moment.astimezone(ZoneInfo(zone))
    shown = full_time(page).replace("\u202f", " ")
    assert f"{local:%B} {local.day}, {local.year}" in shown
    assert f"{local.hour % 12 or 12}:{local:%M %p}" in shown


def full_time(page: Page) -> str:
    return time(page).get_attribute("title") or ""


def time(page: Page) -> Locator:
    return page.get_by_role("article").locator("time")
