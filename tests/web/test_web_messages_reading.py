"""Reading private messages by their pages, with and without scripts."""

from typing import Any

import pytest
from flask import Flask

from microblog.db import Database
from microblog.domain.viewer import Viewer
from tests import make
from tests.cast import Cast
from tests.letters import Letters, rows
from tests.page import Page
from tests.visitor import Visitor
from tests.web.messaging import SCRIPT, hidden, said, write


def test_a_page_holds_the_newest_and_leads_to_what_is_older(
    bob: Visitor, db: Database, cast: Cast, talk: int
) -> None:
    for number in range(25):
        Letters(db, cast.alice).send(talk, str(number))
    page = bob.page(f"/messages/{talk}")
    assert said(page) == [str(number) for number in range(5, 25)]
    (older,) = page.one("li", "messages-older").all("a")
    older_page = bob.page(older["href"])
    assert said(older_page) == ["Hello Bob", *map(str, range(5))]
    (newer,) = older_page.one("p", "messages-older").all("a")
    assert said(bob.page(newer["href"].partition("#")[0])) == [str(n) for n in range(5, 25)]


def test_opening_a_page_reads_nothing_and_the_button_does(
    bob: Visitor, db: Database, cast: Cast, talk: int
) -> None:
    page = bob.page(f"/messages/{talk}")
    assert Letters(db, cast.bob).unread == 1
    (form,) = page.all("form", "messages-read")
    message = form.one("input", name="message")["value"]
    assert bob.post(form["action"], {"message": message}).location == f"/messages/{talk}"
    assert Letters(db, cast.bob).unread == 0
    assert bob.page(f"/messages/{talk}").all("form", "messages-read") == []
    assert bob.page("/messages").all("li", "is-unread") == []


@pytest.mark.parametrize("message", ["", "x", "-1", "99999999999999999999", "9" * 5000])
def test_an_odd_number_reads_nothing(
    bob: Visitor, db: Database, cast: Cast, talk: int, message: str
) -> None:
    assert bob.post(f"/messages/{talk}/read", {"message": message}).status_code == 303
    assert Letters(db, cast.bob).unread == 1


def test_a_stranger_waits_among_the_requests_until_let_in(
    alice: Visitor, carol: Visitor, db: Database, cast: Cast
) -> None:
    path = write(carol, "alice", "May I?").location.partition("#")[0]
    assert alice.page("/messages").all("li", "conversation") == []
    assert "May I?" in alice.page("/messages/requests").one("li", "conversation").text
    (heading,) = alice.page(path).all("h2", id="request")
    assert heading.text == "Let this in?"
    assert alice.post(f"{path}/accept").location == path
    assert alice.page(path).flashes == ["The conversation is among your messages now."]
    assert len(alice.page("/messages").all("li", "conversation")) == 1


def test_a_request_is_deleted(alice: Visitor, carol: Visitor) -> None:
    path = write(carol, "alice", "May I?").location.partition("#")[0]
    assert alice.post(f"{path}/delete").location == "/messages/requests"
    assert alice.page("/messages/requests").all("li", "conversation") == []


def test_a_conversation_is_deleted_after_a_question(bob: Visitor, talk: int) -> None:
    assert "The others keep what was said." in bob.page(f"/messages/{talk}/delete").text
    assert bob.post(f"/messages/{talk}/delete").location == "/messages"
    assert bob.page("/messages").flashes == ["The conversation is deleted."]
    assert said(bob.page(f"/messages/{talk}")) == []


def test_a_person_leaves_a_conversation_of_several(
    alice: Visitor, bob: Visitor, db: Database, cast: Cast
) -> None:
    talk = make.message(db, cast.alice, cast.bob, cast.carol).conversation_id
    assert "the others see that you left" in bob.page(f"/messages/{talk}/leave").text
    assert bob.post(f"/messages/{talk}/leave").location == "/messages"
    assert bob.get(f"/messages/{talk}").status_code == 404
    page = alice.page(f"/messages/{talk}")
    assert page.one("li", "messages-note").text == "bob left"
    assert page.one("h1").text == "carol"


def test_of_two_nobody_leaves(bob: Visitor, talk: int) -> None:
    assert bob.get(f"/messages/{talk}/leave").status_code == 403
    assert bob.post(f"/messages/{talk}/leave").status_code == 403


def test_the_pages_say_who_else_could_read(bob: Visitor, talk: int) -> None:
    for path in ("/messages", "/messages/requests", "/messages/new", f"/messages/{talk}"):
        assert "the admins of this server could read them" in bob.page(path).text


def test_the_list_goes_on_by_key(app: Flask, db: Database, cast: Cast) -> None:
    ada: Viewer = make.account(db, "ada")
    for number in range(25):
        fan = make.account(db, f"fan{number}")
        make.message(db, ada, fan)
    browser = Visitor.signed_in(app, ada)
    first = browser.page("/messages")
    assert len(first.all("li", "conversation")) == 20
    older = first.one("a", "pager-older")["href"]
    assert len(browser.page(older).all("li", "conversation")) == 5
    fragment = Page(browser.get(older, headers=SCRIPT).text)
    assert len(fragment.all("li", "conversation")) == 5
    assert fragment.all("html") == []


def test_a_conversation_takes_the_same_statements_however_long_it_is(
    bob: Visitor, db: Database, cast: Cast, talk: int
) -> None:
    def statements(path: str) -> int:
        bob.page(path)
        return db.statements

    paths = ("/messages", f"/messages/{talk}")
    bob.get("/messages")
    few = [statements(path) for path in paths]
    for number in range(30):
        make.message(db, make.account(db, f"fan{number}"), cast.bob)
        Letters(db, cast.alice).send(talk, str(number))
    assert [statements(path) for path in paths] == few
    assert max(few) <= 4


# In place


def test_an_open_page_asks_for_what_is_new(
    bob: Visitor, db: Database, cast: Cast, talk: int
) -> None:
    after = hidden(bob.page(f"/messages/{talk}"), "after")
    path = f"/messages/{talk}?after={after}"
    assert bob.get(path, headers=SCRIPT).status_code == 204
    Letters(db, cast.alice).send(talk, "Still there?")
    answer = Page(bob.get(path, headers=SCRIPT).text)
    assert said(answer) == ["Still there?"]
    # The form keeps its key: it may be on its way.
    assert answer.all("input", name="key") == []
    assert bob.get(f"/messages/{talk}?after=x", headers=SCRIPT).status_code == 204
    # It is read when the page says so.
    assert Letters(db, cast.bob).unread == 1


def test_older_messages_come_in_place(bob: Visitor, db: Database, cast: Cast, talk: int) -> None:
    for number in range(45):
        Letters(db, cast.alice).send(talk, str(number))
    (older,) = bob.page(f"/messages/{talk}").one("li", "messages-older").all("a")
    answer = Page(bob.get(older["hx-get"], headers=SCRIPT).text)
    assert said(answer) == [str(number) for number in range(5, 25)]
    assert len(answer.all("li", "messages-older")) == 1
    assert answer.all(id="message-state") == []


# Guessing


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "?after=0"),
        ("GET", "?before=9223372036854775807"),
        ("POST", ""),
        ("POST", "/read"),
        ("POST", "/accept"),
        ("GET", "/delete"),
        ("POST", "/delete"),
        ("GET", "/leave"),
        ("POST", "/leave"),
    ],
)
@pytest.mark.parametrize("is_script", [False, True])
def test_what_others_say_looks_like_what_there_is_not(
    carol: Visitor, db: Database, talk: int, method: str, path: str, is_script: bool
) -> None:
    before = rows(db)
    options: dict[str, Any] = {"headers": SCRIPT} if is_script else {}
    if method == "POST":
        options["data"] = {"csrf_token": carol.token(), "text": "Hello", "message": "1"}
    found = carol.open(f"/messages/{talk}{path}", method=method, **options)
    nothing = carol.open(f"/messages/1{path}", method=method, **options)
    assert (found.status_code, nothing.status_code) == (404, 404)
    assert "Hello Bob" not in found.text
    assert rows(db) == before


def test_who_is_not_signed_in_is_led_to_the_login(visitor: Visitor, talk: int) -> None:
    for path in ("/messages", "/messages/requests", "/messages/new", f"/messages/{talk}"):
        answer = visitor.get(path)
        assert answer.status_code == 303
        assert "/auth/login" in answer.location
