"""Hearing of what others do while a page is open: two people, each in a browser of their own."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from microblog.domain import notifications
from microblog.domain.pages import Page as Keys
from microblog.domain.viewer import Viewer
from tests import make
from tests.cast import Cast
from tests.journeys.checks import AXE, barriers
from tests.journeys.live import DESK, PHONE, Live, OpenWindow, Window
from tests.processes import wait_for
from tests.reader import Reader

POLL_MS = 31_000
HIDE = """
Object.defineProperty(document, "visibilityState", { get: () => "hidden", configurable: true });
"""
SHOW = """
delete document.visibilityState;
document.dispatchEvent(new Event("visibilitychange"));
"""


@pytest.fixture
def post_id(live: Live, people: Cast) -> int:
    """Return a post of Alice's, who has read that Bob follows her."""
    heard(live, people.alice, 1)
    read_all(live, people.alice)
    return make.post(live.db, people.alice, "What a day")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_a_badge_comes_by_itself_and_goes_when_its_page_is_looked_at(
    live: Live, people: Cast, open_window: OpenWindow, post_id: int, viewport: dict[str, int]
) -> None:
    alices, bobs = open_window(viewport=viewport), open_window(viewport=viewport)
    alice = alices.log_in(people.alice)
    alice.clock.install()
    alice.goto("/explore")
    expect(badge(alice)).to_be_hidden()

    bob = bobs.log_in(people.bob)
    bob.goto(f"/@alice/{post_id}")
    bob.get_by_role("button", name="Favourite", exact=True).click()
    expect(bob.locator(f"#favourite-{post_id}")).to_have_attribute("aria-pressed", "true")
    heard(live, people.alice, 1)

    alice.clock.fast_forward(POLL_MS)
    expect(badge(alice)).to_have_text("1 1 unread")
    expect(alice).to_have_title("(1) Explore · Testville")
    expect(alice.get_by_role("link", name="Notifications 1 unread")).to_be_visible()

    # Another page of hers is open beside it.
    other = alices.context.new_page()
    other.goto("/notifications")
    line = other.get_by_role("article", name="bob favourited your post")
    expect(line.get_by_role("link", name="What a day")).to_be_visible()
    # It stays marked as new for as long as the page is open, but it is read.
    expect(line.get_by_text("New")).to_have_count(1)
    expect(badge(other)).to_be_hidden()
    expect(other).to_have_title("Notifications · Testville")
    expect(other.get_by_role("button", name="Mark as read")).to_have_count(0)

    alice.clock.fast_forward(POLL_MS)
    expect(badge(alice)).to_be_hidden()
    expect(alice).to_have_title("Explore · Testville")
    other.reload()
    expect(other.get_by_text("New", exact=True)).to_have_count(0)


def test_a_page_that_nobody_looks_at_reads_nothing(
    live: Live, people: Cast, window: Window, post_id: int
) -> None:
    make.favourite(live.db, people.carol, post_id)
    heard(live, people.alice, 1)
    page = window.log_in(people.alice)
    page.add_init_script(HIDE)
    page.goto("/notifications")
    page.evaluate("fetch('/explore')")  # Whatever was sent before has been answered after this.
    assert unread(live, people.alice) == 1
    expect(page.get_by_role("button", name="Mark as read")).to_be_visible()
    page.evaluate(SHOW)
    expect(badge(page)).to_be_hidden()
    assert unread(live, people.alice) == 0


def test_without_scripts_a_button_reads_everything(
    live: Live, people: Cast, open_window: OpenWindow, post_id: int
) -> None:
    page = open_window(java_script_enabled=False).log_in(people.alice)
    make.post(live.db, people.carol, "Good morning @alice")
    heard(live, people.alice, 1)
    page.goto("/")
    expect(badge(page)).to_have_text("1 1 unread")
    page.get_by_role("link", name="Notifications").click()
    expect(page.get_by_text("Mentioned you")).to_be_visible()
    page.get_by_role("link", name="Mentions").click()
    expect(page.get_by_text("Good morning @alice")).to_be_visible()
    page.get_by_role("button", name="Mark as read").click()
    expect(badge(page)).to_be_hidden()
    expect(page.get_by_text("You're all caught up.")).to_be_visible()


def test_a_mention_is_answered_and_liked_where_it_is_told(
    live: Live, people: Cast, window: Window, post_id: int
) -> None:
    talk_id = make.post(live.db, people.carol, "Good morning @alice")
    heard(live, people.alice, 1)
    page = window.log_in(people.alice)
    page.goto("/notifications")
    like = page.locator(f"#favourite-{talk_id}")
    like.click()
    expect(page.locator(f"#favourite-{talk_id}")).to_have_attribute("aria-pressed", "true")
    page.locator(f"#reply-{talk_id}").click()
    expect(page).to_have_url(re.compile(f"/posts/{talk_id}/reply"))


def test_a_request_to_follow_is_accepted_where_it_is_told(
    live: Live, people: Cast, window: Window, post_id: int
) -> None:
    make.locked(live.db, people.alice)
    make.follow(live.db, people.carol, people.alice)
    heard(live, people.alice, 1)
    page = window.log_in(people.alice)
    page.add_init_script(path=AXE)
    page.goto("/notifications")
    line = page.get_by_role("article", name="carol asks to follow you")
    expect(line.get_by_role("button", name="Refuse carol")).to_be_visible()
    assert not barriers(page)
    line.get_by_role("button", name="Accept carol").click()
    expect(line.get_by_text("Follows you")).to_be_visible()


def badge(page: Page) -> Locator:
    return page.locator("[data-badge=notifications]")


def unread(live: Live, person: Viewer) -> int:
    return Reader(live.db, person).visit().unread_notifications


def heard(live: Live, person: Viewer, count: int) -> None:
    """Wait until the worker has told a person so much that is new."""
    wait_for(lambda: unread(live, person) == count, "the worker to tell it")


def read_all(live: Live, person: Viewer) -> None:
    key = notifications.list_notifications(live.db, person, Keys(1)).items[0].key
    live.db.write(lambda session: notifications.mark_read(session, by=person, key=key))
