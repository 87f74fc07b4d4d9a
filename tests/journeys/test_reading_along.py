"""Reading on while others write: new posts, older posts, and finding one's place again."""

import re

from playwright.sync_api import Locator, Page, expect

from microblog.domain.viewer import Viewer
from tests import make
from tests.cast import Cast
from tests.journeys.live import Live, OpenWindow, Window
from tests.processes import wait_for
from tests.reader import Reader

POSTS_PER_PAGE = 20
POLL_MS = 31_000
HIDE = """
Object.defineProperty(document, "visibilityState", { get: () => "hidden", configurable: true });
document.dispatchEvent(new Event("visibilitychange"));
"""
SHOW = """
delete document.visibilityState;
document.dispatchEvent(new Event("visibilitychange"));
"""


def test_new_posts_are_announced_and_never_insert_themselves(
    live: Live, people: Cast, window: Window
) -> None:
    make.post(live.db, people.bob, "Old")
    page = open_home(window, people.bob)
    deliver(live, people.bob, make.post(live.db, people.alice, "New"))
    page.clock.fast_forward(POLL_MS)
    announced = page.get_by_role("link", name="1 new post")
    expect(announced).to_be_visible()
    expect(page).to_have_title("• Home · Testville")
    expect(posts(page)).to_have_text([re.compile("Old")])

    deliver(live, people.bob, make.post(live.db, people.alice, "Newer"))
    page.clock.fast_forward(POLL_MS)
    page.get_by_role("link", name="2 new posts").click()
    expect(posts(page)).to_have_text([re.compile(text) for text in ("Newer", "New", "Old")])
    expect(page).to_have_title("Home · Testville")


def test_a_page_that_nobody_looks_at_asks_nothing(people: Cast, window: Window) -> None:
    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url))
    page = open_home(window, people.bob)
    page.evaluate(HIDE)
    asked.clear()
    page.clock.fast_forward(10 * POLL_MS)
    page.evaluate("fetch('/explore')")  # Whatever was asked before has been noted after this.
    assert not [url for url in asked if "/updates" in url]
    with page.expect_request(re.compile("/updates")):
        page.evaluate(SHOW)


def test_older_posts_are_added_and_the_first_of_them_has_the_focus(
    live: Live, people: Cast, window: Window
) -> None:
    ids = make.posts_of(live.db, people.alice, 2 * POSTS_PER_PAGE + 5)[::-1]
    page = window.page
    page.goto("/explore")
    for shown in (POSTS_PER_PAGE, 2 * POSTS_PER_PAGE):
        expect(posts(page)).to_have_count(shown)
        older(page).focus()
        page.keyboard.press("Enter")
        expect(card(page, ids[shown])).to_be_focused()
    expect(posts(page)).to_have_count(len(ids))
    expect(older(page)).to_have_count(0)
    expect(page.get_by_text("That's everything.")).to_be_visible()
    expect(page).to_have_url(re.compile("/explore$"))


def test_without_scripts_older_and_newer_posts_are_pages(
    live: Live, people: Cast, open_window: OpenWindow
) -> None:
    ids = make.posts_of(live.db, people.alice, POSTS_PER_PAGE + 5)[::-1]
    page = open_window(java_script_enabled=False).page
    page.goto("/explore")
    older(page).click()
    expect(posts(page)).to_have_count(5)
    expect(card(page, ids[POSTS_PER_PAGE])).to_be_visible()
    page.get_by_role("link", name="Newer").click()
    expect(posts(page)).to_have_count(POSTS_PER_PAGE)
    expect(card(page, ids[0])).to_be_visible()


def test_going_back_finds_the_same_post_under_the_eye(
    live: Live, people: Cast, window: Window
) -> None:
    ids = make.posts_of(live.db, people.alice, 2 * POSTS_PER_PAGE + 5)[::-1]
    page = window.page
    for seen in (POSTS_PER_PAGE // 2, POSTS_PER_PAGE + 10):
        page.goto("/explore")
        if seen > POSTS_PER_PAGE:
            older(page).click()
        look_at(card(page, ids[seen]))
        place = top(card(page, ids[seen]))
        # Somebody writes meanwhile, so that everything stands lower now.
        make.post(live.db, people.bob, "Meanwhile")
        card(page, ids[seen]).get_by_role("link").last.click()
        expect(page).to_have_url(re.compile(str(ids[seen])))
        page.go_back()
        expect(card(page, ids[seen])).to_be_in_viewport()
        wait_until_it_is_at(place, card(page, ids[seen]))


def wait_until_it_is_at(place: float, post: Locator) -> None:
    wait_for(lambda: abs(top(post) - place) < 2, "the post to be where it was")


def open_home(window: Window, person: Viewer) -> Page:
    page = window.log_in(person)
    page.clock.install()
    page.goto("/")
    return page


def deliver(live: Live, reader: Viewer, post_id: int) -> None:
    """Wait until the worker has brought the post."""
    wait_for(lambda: post_id in Reader(live.db, reader).posts(), "the worker")


def look_at(post: Locator) -> None:
    post.evaluate("card => scrollTo({ top: card.offsetTop - 200, behavior: 'instant' })")


def top(post: Locator) -> float:
    box = post.bounding_box()
    return box["y"] if box else float("inf")


def posts(page: Page) -> Locator:
    return page.get_by_role("article")


def card(page: Page, post_id: int) -> Locator:
    return page.locator(f"#post-{post_id}")


def older(page: Page) -> Locator:
    return page.get_by_role("link", name="Older")
