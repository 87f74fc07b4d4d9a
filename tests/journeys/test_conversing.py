"""Reading and answering a thread in a browser, with scripts and without."""

import re

from playwright.sync_api import Locator, Page, expect

from tests import make
from tests.cast import Cast
from tests.journeys.live import Live, OpenWindow, Window

REPLIES = 45


def cards(page: Page) -> Locator:
    return page.get_by_role("article")


def replies(page: Page) -> Locator:
    return page.get_by_role("region", name="Replies").get_by_role("article")


def test_more_replies_are_added_and_the_first_of_them_has_the_focus(
    live: Live, people: Cast, window: Window
) -> None:
    post = make.post(live.db, people.alice)
    ids = [make.post(live.db, people.bob, reply_to=post) for _ in range(REPLIES)]
    page = window.page
    page.goto(f"/@alice/{post}")
    more = page.get_by_role("link", name="Show more replies")
    for shown in (20, 40):
        expect(replies(page)).to_have_count(shown)
        more.focus()
        page.keyboard.press("Enter")
        expect(page.locator(f"#post-{ids[shown]}")).to_be_focused()
    expect(replies(page)).to_have_count(REPLIES)
    expect(more).to_have_count(0)
    expect(page.get_by_role("link", name="First replies")).to_have_count(0)


def test_without_scripts_more_replies_are_pages(
    live: Live, people: Cast, open_window: OpenWindow
) -> None:
    post = make.post(live.db, people.alice)
    for number in range(REPLIES):
        make.post(live.db, people.bob, f"Reply {number}.", reply_to=post)
    page = open_window(java_script_enabled=False).page
    page.goto(f"/@alice/{post}")
    for first in (20, 40):
        page.get_by_role("link", name="Show more replies").click()
        expect(replies(page).first).to_contain_text(f"Reply {first}.")
    expect(replies(page)).to_have_count(5)
    page.get_by_role("link", name="First replies").click()
    expect(replies(page).first).to_contain_text("Reply 0.")


def test_two_people_talk_below_a_post(live: Live, people: Cast, open_window: OpenWindow) -> None:
    post = make.post(live.db, people.alice, "Who comes along?")
    with_scripts, without = open_window(), open_window(java_script_enabled=False)
    bob, carol = with_scripts.log_in(people.bob), without.log_in(people.carol)
    for page, words in ((bob, "I do."), (carol, "So do I.")):
        page.goto(f"/@alice/{post}")
        field = page.get_by_label("Write your reply")
        # Their names are there already.
        expect(field).to_have_value("@alice ")
        field.fill(f"@alice {words}")
        page.get_by_role("button", name="Reply", exact=True).click()
        expect(page.get_by_text("Your reply is out.")).to_be_visible()
    bob.goto(f"/@alice/{post}")
    expect(replies(bob)).to_have_text([re.compile("I do."), re.compile("So do I.")])
    carol.goto(f"/@alice/{post}")
    replies(carol).first.locator(".post-time").click()
    expect(cards(carol)).to_have_text([re.compile("Who comes along"), re.compile("I do.")])


def test_what_is_typed_follows_the_names_that_an_answer_begins_with(
    live: Live, people: Cast, window: Window
) -> None:
    post = make.post(live.db, people.alice)
    page = window.log_in(people.bob)
    page.goto(f"/@alice/{post}")
    field = page.get_by_label("Write your reply")
    expect(page.get_by_role("button", name="Reply", exact=True)).to_be_hidden()
    field.focus()
    page.keyboard.type("here I am")
    expect(field).to_have_value("@alice here I am")
    expect(page.get_by_role("button", name="Reply", exact=True)).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Your reply is out.")).to_be_visible()


def test_a_post_far_down_is_looked_at_first(live: Live, people: Cast, window: Window) -> None:
    ids = [make.post(live.db, people.alice)]
    for number in range(20):
        author = (people.bob, people.alice)[number % 2]
        ids.append(make.post(live.db, author, reply_to=ids[-1]))
    page = window.page
    page.goto(f"/@alice/{ids[-1]}")
    expect(page.locator(f"#post-{ids[-1]}")).to_be_in_viewport(ratio=1)
    expect(page.locator(f"#post-{ids[0]}")).not_to_be_in_viewport()


def test_what_was_muted_is_unfolded_without_scripts(
    live: Live, people: Cast, open_window: OpenWindow
) -> None:
    post = make.post(live.db, people.alice)
    make.post(live.db, people.carol, "Something loud", reply_to=post)
    make.mute(live.db, people.bob, people.carol)
    page = open_window(java_script_enabled=False).log_in(people.bob)
    page.goto(f"/@alice/{post}")
    expect(page.get_by_text("Something loud")).to_be_hidden()
    page.get_by_text("Hidden, because you muted @carol").click()
    expect(page.get_by_text("Something loud")).to_be_visible()
