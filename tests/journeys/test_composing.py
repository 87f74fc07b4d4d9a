"""The composer in a browser: whom it reaches, what it recalls, what it keeps, what it completes."""

import pytest
from playwright.sync_api import Locator, Page, expect

from microblog.domain import drafts
from microblog.domain.viewer import Viewer
from tests import make
from tests.cast import Cast
from tests.journeys.live import PHONE, Live, OpenWindow, Window
from tests.processes import wait_for


@pytest.fixture
def page(people: Cast, window: Window) -> Page:
    """Return the page of somebody who is logged in."""
    return window.log_in(people.bob)


@pytest.fixture
def plain(people: Cast, open_window: OpenWindow) -> Page:
    """Return the page of the same person in a browser without scripts."""
    return open_window(java_script_enabled=False).log_in(people.bob)


def test_on_the_home_page_it_is_one_line_until_one_writes(page: Page) -> None:
    page.goto("/")
    expect(post_button(page)).to_be_hidden()
    assert height(text(page)) < 60
    text(page).focus()
    expect(post_button(page)).to_be_visible()
    # What is below must not move while somebody reaches for it.
    page.get_by_role("heading", name="Home", exact=True).click()
    expect(post_button(page)).to_be_visible()


def test_without_scripts_it_opens_too_and_posts(plain: Page) -> None:
    plain.goto("/")
    expect(post_button(plain)).to_be_hidden()
    text(plain).fill("Without scripts")
    audience(plain).select_option(label="Followers — you have none yet")
    plain.get_by_title("Content warning").click()
    plain.get_by_role("textbox", name="Content warning").fill("Minimalism")
    post_button(plain).click()
    expect(plain.get_by_text("Your post is out.")).to_be_visible()
    expect(plain.get_by_role("article")).to_contain_text("Minimalism")
    expect(plain.get_by_title("Followers only")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_whom_it_reaches_is_said_in_short_and_in_full(
    page: Page, live: Live, people: Cast, width: int
) -> None:
    make.follow(live.db, people.carol, people.bob)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/posts/new")
    short = page.locator(".composer-audience-short:visible")
    expect(short).to_have_text("Public")
    audience(page).select_option(label="Followers — your 1 follower")
    expect(short).to_have_text("Your 1 follower")
    audience(page).select_option("mentioned")
    expect(short).to_have_text("Mentioned people only")
    only = audience(page).locator("option[value=mentioned]")
    expect(only).to_have_text("Only those you mention")
    text(page).press_sequentially("Dear @carol, @Alice and mail@example.org")
    expect(only).to_have_text("Only those you mention — @carol @alice")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_warning_counts_and_enter_in_it_posts(page: Page, live: Live, people: Cast) -> None:
    page.goto("/posts/new")
    text(page).fill("x" * 450)
    page.get_by_title("Content warning").click()
    warning = page.get_by_role("textbox", name="Content warning")
    warning.fill("y" * 49)
    expect(page.locator("[data-hint]")).to_have_text("1")
    warning.press("Enter")
    expect(page.get_by_text("Your post is out.")).to_be_visible()
    assert kept(live, people.bob) == []


def test_an_answer_is_written_below_what_it_answers(page: Page, live: Live, people: Cast) -> None:
    make.post(live.db, people.alice, "Hello @carol and @bob")
    page.goto("/explore")
    page.get_by_role("link", name="Reply").click()
    expect(page.get_by_role("article")).to_contain_text("Hello @carol and @bob")
    answer = page.get_by_label("Write your reply")
    expect(answer).to_be_focused()
    expect(answer).to_have_value("@alice @carol ")
    # One goes on behind the names.
    page.keyboard.type("Hello both")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Your reply is out.")).to_be_visible()
    expect(page.get_by_role("article").last).to_contain_text("@alice @carol Hello both")


@pytest.mark.parametrize("scripts", [True, False])
def test_what_was_missed_is_recalled_and_may_be_posted_anyway(
    people: Cast, open_window: OpenWindow, scripts: bool
) -> None:
    page = open_window(java_script_enabled=scripts, viewport=PHONE).log_in(people.bob)
    page.goto("/posts/new")
    text(page).fill("Only for us: #tea")
    audience(page).select_option("followers")
    post_button(page).click()
    reminders = page.get_by_role("list", name="Before you post")
    expect(reminders).to_have_text("Tags work only in public posts.")
    expect(text(page)).to_have_value("Only for us: #tea")
    expect(audience(page)).to_have_value("followers")
    if scripts:
        expect(reminders).to_be_focused()
    page.get_by_role("button", name="Post anyway").click()
    expect(page.get_by_text("Your post is out.")).to_be_visible()


def test_a_draft_saves_itself_and_becomes_the_post(page: Page, live: Live, people: Cast) -> None:
    page.clock.install()
    page.goto("/")
    text(page).press_sequentially("Once upon")
    page.clock.fast_forward(2_000)
    assert kept(live, people.bob) == []
    text(page).press_sequentially(" a time")
    page.clock.fast_forward(3_500)
    expect(page.get_by_role("button", name="Draft saved")).to_be_visible()
    expect(page.locator("[data-save-spoken]")).to_have_text("Draft saved")
    assert kept(live, people.bob) == ["Once upon a time"]
    text(page).press_sequentially("!")
    expect(page.get_by_role("button", name="Save draft")).to_be_visible()
    page.clock.fast_forward(3_500)
    expect(page.get_by_role("button", name="Draft saved")).to_be_visible()
    assert kept(live, people.bob) == ["Once upon a time!"]
    post_button(page).click()
    expect(page.get_by_text("Your post is out.")).to_be_visible()
    assert kept(live, people.bob) == []


def test_what_is_kept_may_be_left_and_is_there_again(page: Page) -> None:
    page.clock.install()
    page.on("dialog", lambda dialog: pytest.fail(dialog.type))
    page.goto("/posts/new")
    text(page).press_sequentially("To be continued")
    page.clock.fast_forward(3_500)
    expect(page.get_by_role("button", name="Draft saved")).to_be_visible()
    page.get_by_role("link", name="Drafts").click()
    page.get_by_role("link", name="Go on writing").click()
    expect(text(page)).to_have_value("To be continued")


def test_leaving_saves_what_the_pause_has_not(page: Page, live: Live, people: Cast) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/posts/new")
    text(page).press_sequentially("In a hurry")
    page.goto("/explore")
    assert wait_for(lambda: kept(live, people.bob), "the draft") == ["In a hurry"]


def test_without_scripts_a_button_saves(plain: Page) -> None:
    plain.goto("/posts/new")
    text(plain).fill("By hand")
    plain.get_by_role("button", name="Save draft").click()
    expect(plain.get_by_text("Your draft is saved.")).to_be_visible()
    expect(plain.get_by_role("listitem").filter(has_text="By hand")).to_be_visible()
    plain.get_by_role("link", name="Delete").click()
    plain.get_by_role("button", name="Delete").click()
    expect(plain.get_by_text("The draft is deleted.")).to_be_visible()
    expect(plain.get_by_role("heading", name="No drafts")).to_be_visible()


def test_with_scripts_a_draft_is_deleted_in_place(page: Page, live: Live, people: Cast) -> None:
    page.goto("/posts/new")
    text(page).fill("Away with it")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("The draft is deleted.")).to_be_visible()
    expect(page.get_by_text("Away with it")).to_have_count(0)
    assert kept(live, people.bob) == []


def test_names_are_completed_by_keys_alone(page: Page, live: Live) -> None:
    for name in ("alina", "alan"):
        make.account(live.db, name)
    page.goto("/posts/new")
    text(page).press_sequentially("Hello @al")
    options = offered(page)
    expect(options).to_have_count(3)
    # Bob follows Alice, and then comes the alphabet.
    expect(options).to_contain_text(["@alice", "@alan", "@alina"])
    expect(text(page)).to_have_attribute("aria-haspopup", "listbox")
    expect(text(page)).to_have_attribute("aria-activedescendant", "completions-0")
    page.keyboard.press("ArrowDown")
    expect(text(page)).to_have_attribute("aria-activedescendant", "completions-1")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#completions [aria-selected=true]")).to_contain_text("@alina")
    page.keyboard.press("Enter")
    expect(text(page)).to_have_value("Hello @alina ")
    expect(options).to_have_count(0)
    assert text(page).get_attribute("role") is None
    # Closed, Enter is a new line again.
    page.keyboard.press("Enter")
    page.keyboard.type("@ali")
    expect(options).to_have_count(2)
    page.keyboard.press("Tab")
    expect(text(page)).to_have_value("Hello @alina \n@alice ")
    expect(text(page)).to_be_focused()


def test_escape_and_a_click_elsewhere_close_the_list(page: Page) -> None:
    page.goto("/posts/new")
    text(page).press_sequentially("@al")
    expect(offered(page)).to_have_count(1)
    page.keyboard.press("Escape")
    expect(offered(page)).to_have_count(0)
    page.keyboard.press("Enter")
    expect(text(page)).to_have_value("@al\n")
    page.keyboard.type("@al")
    expect(offered(page)).to_have_count(1)
    page.get_by_role("heading", name="Write a post").click()
    expect(offered(page)).to_have_count(0)


def test_tags_are_completed_by_pointer_in_the_middle_of_a_text(
    page: Page, live: Live, people: Cast
) -> None:
    make.post(live.db, people.alice, "#teatime")
    page.goto("/posts/new")
    text(page).fill("A cup of  now")
    text(page).evaluate("field => field.setSelectionRange(9, 9)")
    page.keyboard.type("#tea")
    offered(page).click()
    expect(text(page)).to_have_value("A cup of #teatime now")
    expect(text(page)).to_be_focused()
    page.keyboard.type("right ")
    expect(text(page)).to_have_value("A cup of #teatime right now")


def test_completion_reads_from_right_to_left(people: Cast, open_window: OpenWindow) -> None:
    page = open_window(locale="ar", viewport=PHONE).log_in(people.bob)
    page.goto("/posts/new")
    page.locator("#write").press_sequentially("مرحبا @al")
    box = page.get_by_role("listbox").bounding_box()
    field = page.locator("#write").bounding_box()
    assert box is not None
    assert field is not None
    # It begins where the text does.
    assert abs(box["x"] + box["width"] - field["x"] - field["width"]) < 2
    page.keyboard.press("Enter")
    expect(page.locator("#write")).to_have_value("مرحبا @alice ")


def text(page: Page) -> Locator:
    return page.locator("#write")


def audience(page: Page) -> Locator:
    return page.get_by_label("Who can see this")


def offered(page: Page) -> Locator:
    return page.get_by_role("listbox").get_by_role("option")


def post_button(page: Page) -> Locator:
    return page.get_by_role("button", name="Post", exact=True)


def height(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["height"]


def kept(live: Live, person: Viewer) -> list[str]:
    with live.db.read() as session:
        return [draft.content.text for draft in drafts.list_drafts(session, by=person)]
