"""Two people write to each other in private, each in a browser of their own."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from microblog.domain.viewer import Viewer
from tests import make
from tests.cast import Cast
from tests.journeys.live import Live, OpenWindow, Window
from tests.journeys.test_acting_in_place import is_marked, mark
from tests.letters import Letters

POLL_MS = 10_000


def test_two_people_talk_without_loading_a_page(
    live: Live, people: Cast, open_window: OpenWindow
) -> None:
    talk = make.message(live.db, people.alice, people.bob, text="Hello Bob").conversation_id
    alice, bob = (open_page(open_window(), who, talk) for who in (people.alice, people.bob))
    for page in (alice, bob):
        mark(page)
    say(bob, "Hello Alice")
    expect(last(bob)).to_have_text("Hello Alice")
    expect(field(bob)).to_have_value("")
    expect(field(bob)).to_be_focused()
    expect(field(bob)).to_be_in_viewport()
    alice.clock.fast_forward(POLL_MS)
    expect(last(alice)).to_have_text("Hello Alice")
    say(alice, "How are you?")
    bob.clock.fast_forward(POLL_MS)
    expect(last(bob)).to_have_text("How are you?")
    say(bob, "Well.")
    expect(said(bob)).to_have_text(["Hello Bob", "Hello Alice", "How are you?", "Well."])
    # The day stands above all of it, once.
    expect(bob.locator(".messages-day")).to_have_count(1)
    assert is_marked(alice)
    assert is_marked(bob)


def test_what_was_on_the_screen_is_read(live: Live, people: Cast, window: Window) -> None:
    talk = make.message(live.db, people.alice, people.bob).conversation_id
    page = window.log_in(people.bob)
    page.goto("/messages")
    expect(page.locator(".conversation.is-unread")).to_have_count(1)
    expect(page.locator("[data-badge=messages]")).to_have_text("1 1 unread")
    expect(page).to_have_title(re.compile(r"^\(1\) "))
    with page.expect_response(f"**/messages/{talk}/read"):
        page.get_by_role("link", name="alice", exact=True).click()
    assert Letters(live.db, people.bob).unread == 0
    # The badge goes without another page.
    expect(page.locator("[data-badge=messages]")).to_be_hidden()
    expect(page).not_to_have_title(re.compile(r"^\("))
    page.goto("/messages")
    expect(page.locator(".conversation")).to_have_count(1)
    expect(page.locator(".conversation.is-unread")).to_have_count(0)


def test_nothing_fades_while_the_server_is_told_what_was_read(
    live: Live, people: Cast, window: Window
) -> None:
    talk = make.message(live.db, people.alice, people.bob).conversation_id
    page = window.log_in(people.bob)
    held: list[Route] = []
    page.route("**/read", lambda request: held.append(request))
    with page.expect_request("**/read"):
        page.goto(f"/messages/{talk}")
    expect(page.locator("body")).to_have_class("htmx-request")
    expect(page.locator("body")).to_have_css("opacity", "1")
    with page.expect_response("**/read"):
        held[0].continue_()


def test_who_writes_while_the_other_does_misses_nothing_and_sees_nothing_twice(
    live: Live, people: Cast, window: Window
) -> None:
    talk = make.message(live.db, people.alice, people.bob, text="1").conversation_id
    page = open_page(window, people.bob, talk)
    Letters(live.db, people.alice).send(talk, "2")
    say(page, "3")
    expect(said(page)).to_have_text(["1", "2", "3"])
    page.clock.fast_forward(2 * POLL_MS)
    expect(said(page)).to_have_text(["1", "2", "3"])


def test_what_cannot_be_sent_stays_in_its_field(live: Live, people: Cast, window: Window) -> None:
    talk = make.message(live.db, people.alice, people.bob, text="1").conversation_id
    page = open_page(window, people.bob, talk)
    say(page, "a" * 2001)
    expect(page.get_by_text("At most 2000 characters, please.")).to_be_visible()
    expect(field(page)).to_have_value("a" * 2001)
    expect(field(page)).to_be_focused()
    field(page).fill("a")
    page.keyboard.press("Control+Enter")
    expect(said(page)).to_have_text(["1", "a"])
    expect(page.get_by_text("At most 2000 characters, please.")).to_have_count(0)
    expect(field(page)).to_have_value("")


def test_older_messages_come_above_and_the_place_stays(
    live: Live, people: Cast, window: Window
) -> None:
    talk = make.message(live.db, people.alice, people.bob, text="0").conversation_id
    for number in range(1, 30):
        Letters(live.db, people.alice).send(talk, str(number))
    page = open_page(window, people.bob, talk)
    expect(said(page)).to_have_count(20)
    expect(last(page)).to_be_in_viewport()
    page.get_by_role("link", name="Older messages").click()
    expect(said(page)).to_have_text([str(number) for number in range(30)])
    expect(page.locator(".messages-day")).to_have_count(1)
    expect(page.get_by_role("link", name="Older messages")).to_have_count(0)


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_stranger_is_let_in_answers_and_leaves(
    live: Live, people: Cast, open_window: OpenWindow, has_scripts: bool
) -> None:
    windows = [open_window(java_script_enabled=has_scripts) for _ in range(2)]
    carol, alice = windows[0].log_in(people.carol), windows[1].log_in(people.alice)
    carol.goto("/@alice")
    carol.get_by_role("link", name="Write a message").click()
    carol.get_by_label("To", exact=True).fill("alice bob")
    carol.get_by_label("Message", exact=True).fill("May I join you?")
    carol.get_by_role("button", name="Send").click()
    expect(carol.get_by_role("heading", name="alice and bob")).to_be_visible()

    alice.goto("/messages")
    expect(alice.get_by_role("heading", name="No messages yet")).to_be_visible()
    alice.get_by_role("link", name="Requests 1").click()
    alice.get_by_role("link", name="bob and carol").click()
    alice.get_by_role("button", name="Let in").click()
    expect(alice.get_by_text("The conversation is among your messages now.")).to_be_visible()
    say(alice, "Of course.")
    expect(last(alice)).to_have_text("Of course.")

    carol.reload()
    expect(last(carol)).to_have_text("Of course.")
    carol.get_by_role("link", name="Leave").click()
    place = carol.get_by_role("dialog") if has_scripts else carol.locator("main")
    place.get_by_role("button", name="Leave").click()
    expect(carol).to_have_url(re.compile("/messages$"))
    expect(carol.get_by_text("You have left the conversation.")).to_be_visible()
    alice.reload()
    expect(alice.get_by_text("carol left")).to_be_visible()


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_conversation_is_deleted_and_comes_back(
    live: Live, people: Cast, open_window: OpenWindow, has_scripts: bool
) -> None:
    talk = make.message(live.db, people.alice, people.bob, text="Old").conversation_id
    page = open_window(java_script_enabled=has_scripts).log_in(people.bob)
    page.goto(f"/messages/{talk}")
    page.get_by_role("link", name="Delete").click()
    place = page.get_by_role("dialog") if has_scripts else page.locator("main")
    place.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="No messages yet")).to_be_visible()
    Letters(live.db, people.alice).send(talk, "New")
    page.reload()
    page.get_by_role("link", name="alice", exact=True).click()
    expect(said(page)).to_have_text(["New"])


def test_two_people_talk_without_scripts(live: Live, people: Cast, open_window: OpenWindow) -> None:
    talk = make.message(live.db, people.alice, people.bob, text="Hello Bob").conversation_id
    pages = [
        open_window(java_script_enabled=False).log_in(person)
        for person in (people.alice, people.bob)
    ]
    alice, bob = pages
    bob.goto("/messages")
    bob.get_by_role("link", name="alice", exact=True).click()
    bob.get_by_role("button", name="Mark as read").click()
    expect(bob.get_by_role("button", name="Mark as read")).to_have_count(0)
    say(bob, "Hello Alice")
    expect(said(bob)).to_have_text(["Hello Bob", "Hello Alice"])
    expect(field(bob)).to_have_value("")
    alice.goto(f"/messages/{talk}")
    expect(said(alice)).to_have_text(["Hello Bob", "Hello Alice"])


def test_names_are_completed_by_keys(live: Live, people: Cast, window: Window) -> None:
    page = window.log_in(people.carol)
    page.goto("/messages/new")
    to = page.get_by_label("To", exact=True)
    expect(to).to_be_focused()
    to.press_sequentially("@ali")
    expect(page.get_by_role("option", name="alice")).to_be_visible()
    page.keyboard.press("Enter")
    expect(to).to_have_value("@alice ")
    to.press_sequentially("@bo")
    expect(page.get_by_role("option", name="bob")).to_be_visible()
    page.keyboard.press("Tab")
    expect(to).to_have_value("@alice @bob ")


def open_page(window: Window, person: Viewer, talk: int) -> Page:
    page = window.log_in(person)
    page.clock.install()
    page.goto(f"/messages/{talk}#newest")
    return page


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message")


def say(page: Page, text: str) -> None:
    field(page).fill(text)
    page.get_by_role("button", name="Send").click()


def said(page: Page) -> Locator:
    return page.locator(".message-text")


def last(page: Page) -> Locator:
    return said(page).last
