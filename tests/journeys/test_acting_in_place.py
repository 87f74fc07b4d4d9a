"""Following, acting on posts and deleting them answer in place: nothing else moves, and the focus
stays where the work is.
"""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from microblog.domain import posts, timelines
from microblog.domain.timelines import BOOKMARKED, BOOSTED, FAVOURITED
from tests import make
from tests.cast import Cast
from tests.journeys.live import Live, Window

DELETED = "The post is deleted."


@pytest.fixture
def own_posts(live: Live, people: Cast) -> list[int]:
    """Return Bob's posts, the newest first."""
    return make.posts_of(live.db, people.bob, 3)[::-1]


def test_following_keeps_the_focus_on_its_button(people: Cast, window: Window) -> None:
    page = window.log_in(people.carol)
    page.goto("/@alice")
    mark(page)
    button = page.locator("main").get_by_role("button")
    button.focus()
    for key, name, message in (
        ("Enter", "Following alice. Unfollow", "You follow alice now."),
        ("Space", "Follow alice", "You do not follow alice any more."),
    ):
        page.keyboard.press(key)
        expect(button).to_have_accessible_name(name)
        expect(button).to_be_focused()
        expect(page.get_by_role("status").filter(has_text=message)).to_be_visible()
    assert is_marked(page)


def test_following_from_a_list_changes_that_person_alone(
    live: Live, people: Cast, window: Window
) -> None:
    for writer in (people.alice, people.bob):
        make.post(live.db, writer)
    page = window.log_in(people.carol)
    page.goto("/explore")
    page.get_by_role("button", name="Follow alice").click()
    expect(page.get_by_role("button", name="Following alice")).to_be_focused()
    expect(page.get_by_role("button", name="Follow bob")).to_be_visible()


def test_buttons_pressed_while_another_is_on_its_way_count_each_once(
    live: Live, people: Cast, window: Window
) -> None:
    post_id = make.post(live.db, people.alice)
    page = window.log_in(people.carol)
    page.goto("/explore")
    held: list[Route] = []
    page.route("**/posts/*/*", lambda request: held.append(request))
    names = ("Favourite", "Bookmark", "Boost")
    for name in names:
        with page.expect_request("**/posts/*/*"):
            act_of(page, post_id, name).dblclick()
    # The last pressed is answered first.
    for name, request in zip(reversed(names), reversed(held), strict=True):
        request.continue_()
        expect(act_of(page, post_id, name)).to_have_attribute("aria-pressed", "true")
    for name in names:
        expect(act_of(page, post_id, name)).to_have_attribute("aria-pressed", "true")
    expect(act_of(page, post_id, "Boost")).to_be_focused()
    entry = timelines.entry_of(live.db, people.carol, post_id)
    assert entry.marks == BOOSTED | FAVOURITED | BOOKMARKED
    assert (entry.boosts_count, entry.favourites_count) == (1, 1)


def test_a_message_can_be_dismissed_and_the_focus_returns(people: Cast, window: Window) -> None:
    page = window.log_in(people.carol)
    page.goto("/@alice")
    page.locator("main").get_by_role("button", name="Follow alice").click()
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_text("You follow alice now.")).to_have_count(0)
    expect(page.locator("main").get_by_role("button", name="Following alice")).to_be_focused()


@pytest.mark.parametrize("refuse", ["Cancel", "Escape", "beside"])
def test_a_post_is_kept_when_the_question_is_answered_no(
    own_posts: list[int], people: Cast, window: Window, refuse: str
) -> None:
    page = window.log_in(people.bob)
    page.goto("/@bob")
    ask_to_delete(page, own_posts[0])
    dialog = page.get_by_role("dialog", name="Delete this post?")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    if refuse == "Cancel":
        dialog.get_by_role("button", name="Cancel").click()
    elif refuse == "Escape":
        page.keyboard.press("Escape")
    else:
        page.mouse.click(5, 5)
    expect(dialog).to_be_hidden()
    expect(more(page, own_posts[0])).to_be_focused()
    expect(page.get_by_role("article")).to_have_count(3)


def test_deleting_removes_the_card_and_moves_on_to_the_next(
    own_posts: list[int], people: Cast, window: Window
) -> None:
    page = window.log_in(people.bob)
    page.goto("/@bob")
    mark(page)
    newest, middle, oldest = own_posts
    for deleted, next_ in ((newest, middle), (oldest, middle)):
        delete(page, deleted)
        expect(card(page, deleted)).to_have_count(0)
        expect(card(page, next_)).to_be_focused()
        expect(page.get_by_text(DELETED)).to_have_count(1)
    delete(page, middle)
    expect(page.get_by_role("article")).to_have_count(0)
    expect(page.locator("#main")).to_be_focused()
    assert is_marked(page)
    # What was said once is not said again.
    page.reload()
    expect(page.get_by_role("heading", name="bob", exact=True)).to_be_visible()
    expect(page.get_by_text(DELETED)).to_have_count(0)


def test_deleting_on_the_page_of_the_post_leads_away_from_it(
    own_posts: list[int], people: Cast, window: Window
) -> None:
    page = window.log_in(people.bob)
    page.goto(f"/@bob/{own_posts[0]}")
    delete(page, own_posts[0])
    expect(page).to_have_url(re.compile("/@bob$"))
    expect(page.get_by_text(DELETED)).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(2)


def test_an_act_that_does_not_reach_the_server_says_so(
    own_posts: list[int], people: Cast, window: Window
) -> None:
    page = window.log_in(people.carol)
    page.goto("/@bob")
    page.route("**/follow", lambda route: route.abort())
    for problem in ("net::ERR_FAILED", "htmx:"):
        window.expect_problem(problem)
    page.locator("main").get_by_role("button", name="Follow bob").click()
    expect(page.get_by_role("alert")).to_contain_text("That did not reach the server.")
    expect(page.locator("main").get_by_role("button", name="Follow bob")).to_be_visible()


def test_an_act_that_comes_too_late_says_so(
    live: Live, own_posts: list[int], people: Cast, window: Window
) -> None:
    page = window.log_in(people.bob)
    page.goto("/@bob")
    ask_to_delete(page, own_posts[1])
    # Deleted from another window meanwhile.
    live.db.write(lambda session: posts.delete(session, by=people.bob, post_id=own_posts[1]))
    window.expect_problem("Response Status Error Code 404")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    notices = page.get_by_role("region", name="Notices")
    expect(notices.get_by_role("heading", name="There is nothing here")).to_be_visible()
    expect(card(page, own_posts[0])).to_be_visible()


def test_an_act_after_logging_out_elsewhere_leads_to_the_login(
    live: Live, people: Cast, window: Window
) -> None:
    page = window.log_in(people.carol)
    page.goto("/@alice")
    window.context.clear_cookies(name="login")
    page.locator("main").get_by_role("button", name="Follow alice").click()
    expect(page).to_have_url(re.compile("/auth/login"))


def delete(page: Page, post_id: int) -> None:
    ask_to_delete(page, post_id)
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()


def ask_to_delete(page: Page, post_id: int) -> None:
    more(page, post_id).click()
    page.locator("#menu").get_by_role("link", name="Delete", exact=True).click()


def more(page: Page, post_id: int) -> Locator:
    return card(page, post_id).get_by_role("link", name="More")


def card(page: Page, post_id: int) -> Locator:
    return page.locator(f"#post-{post_id}")


def act_of(page: Page, post_id: int, name: str) -> Locator:
    return card(page, post_id).get_by_role("button", name=name)


def mark(page: Page) -> None:
    """Leave a mark that only a new page is without."""
    page.evaluate("document.isSamePage = true")


def is_marked(page: Page) -> bool:
    return bool(page.evaluate("document.isSamePage === true"))
