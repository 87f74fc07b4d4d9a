"""Writing private messages by their pages, with and without scripts."""

import pytest
from flask import Flask

from microblog.db import Database
from microblog.web import rates
from tests import make
from tests.cast import Cast
from tests.letters import Letters, rows
from tests.page import Page
from tests.visitor import Visitor
from tests.web.messaging import go_on, go_on_in_place, hidden, said, write


def test_a_person_writes_to_another_and_finds_it_in_the_conversation(
    alice: Visitor, bob: Visitor
) -> None:
    form = alice.page("/messages/new?to=bob")
    assert form.one("input", id="to")["value"] == "bob"
    answer = write(alice, "@bob", "Hello Bob", key=hidden(form, "key"))
    assert answer.status_code == 303
    path = answer.location.partition("#")[0]
    page = alice.page(path)
    assert page.one("h1").text == "bob"
    assert said(page) == ["Hello Bob"]
    assert page.flashes == ["Your message is sent."]
    (listed,) = bob.page("/messages").all("li", "conversation", "is-unread")
    assert "alice" in listed.text
    assert "Hello Bob" in listed.text
    assert path + "#newest" in [link["href"] for link in listed.all("a")]


def test_a_person_writes_to_several(alice: Visitor, bob: Visitor, carol: Visitor) -> None:
    path = write(alice, "bob, @carol", "Both of you").location.partition("#")[0]
    assert alice.page(path).one("h1").text == "bob and carol"
    assert bob.page(path).one("h1").text == "alice and carol"
    assert said(carol.page(path)) == ["Both of you"]


def test_a_person_goes_on_and_is_answered(alice: Visitor, bob: Visitor, talk: int) -> None:
    assert go_on(bob, talk, "Hello Alice").location == f"/messages/{talk}#newest"
    assert said(alice.page(f"/messages/{talk}")) == ["Hello Bob", "Hello Alice"]
    own = alice.page(f"/messages/{talk}").all("li", "message-own")
    assert [message.one("div", "message-text").text for message in own] == ["Hello Bob"]


def test_the_form_sent_twice_is_one_message(bob: Visitor, talk: int) -> None:
    key = hidden(bob.page(f"/messages/{talk}"), "key")
    for _ in range(2):
        assert go_on(bob, talk, "Once", key=key).status_code == 303
    assert said(bob.page(f"/messages/{talk}")) == ["Hello Bob", "Once"]


def test_whom_one_talks_with_already_leads_to_the_conversation(bob: Visitor, talk: int) -> None:
    assert bob.get("/messages/new?to=alice").location == f"/messages/{talk}#newest"
    assert bob.get("/messages/new?to=alice+carol").status_code == 200
    assert bob.get("/send_message/alice").location == "/messages/new?to=alice"


@pytest.mark.parametrize(
    ("to", "text", "field", "words"),
    [
        ("", "Hello", "to", "Name somebody to write to."),
        ("bob", "Hello", "to", "Name somebody to write to."),
        ("nobody", "Hello", "to", "You cannot write to nobody. Is the name right?"),
        (" ".join(f"n{i}" for i in range(11)), "Hello", "to", "At most 10 people, please."),
        ("alice", " ", "text", "Write something first."),
        ("alice", "a" * 2001, "text", "At most 2000 characters, please."),
        ("alice", "a\0b", "text", "There are characters in this that cannot be read."),
    ],
)
def test_what_cannot_be_sent_comes_back_with_what_was_typed(
    bob: Visitor, db: Database, to: str, text: str, field: str, words: str
) -> None:
    answer = write(bob, to, text)
    assert answer.status_code == 422
    page = Page(answer.text)
    assert page.field_errors[field].startswith(words) or words in page.field_errors[field]
    assert page.one("input", id="to")["value"] == to
    assert rows(db)["messages"] == 0


def test_hostile_texts_are_shown_as_they_are(bob: Visitor, talk: int) -> None:
    text = "<script>alert(1)</script> {{7*7}} %(name)s 👩‍👩‍👧"
    go_on(bob, talk, text)
    assert said(bob.page(f"/messages/{talk}"))[-1] == text
    assert text in bob.page("/messages").one("li", "conversation").text


def test_who_is_blocked_is_told_no_more_than_that_they_cannot(
    bob: Visitor, db: Database, cast: Cast, talk: int
) -> None:
    make.block(db, cast.alice, cast.bob)
    refused = Page(write(bob, "alice", "Hello").text)
    assert "You cannot write to alice." in refused.field_errors["to"]
    # An open form comes back; the page has none any more.
    assert "Nobody is here any more" in go_on(bob, talk, "Hello?").text
    page = bob.page(f"/messages/{talk}")
    assert page.all("form", id="message-form") == []
    assert said(page) == []
    assert "alice" not in page.one("main").text
    assert "alice" not in bob.page("/messages").one("main").text


def test_writing_has_its_limits(app: Flask, db: Database, bob: Visitor, talk: int) -> None:
    rates.reset(app)
    for number in range(60):
        assert go_on(bob, talk, f"Number {number}").status_code == 303
    refused = go_on(bob, talk, "One more")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    refused = write(bob, "alice", "One more")
    assert (refused.status_code, "One more" in refused.text) == (429, True)
    assert rows(db)["messages"] == 61


def test_beginning_with_many_people_has_its_limits(
    app: Flask, db: Database, bob: Visitor, cast: Cast
) -> None:
    rates.reset(app)
    for number in range(31):
        make.account(db, f"fan{number}")
    answers = [write(bob, f"fan{number}", "Buy this").status_code for number in range(31)]
    assert answers == [303] * 30 + [429]


def test_texts_are_never_logged(bob: Visitor, talk: int, caplog: pytest.LogCaptureFixture) -> None:
    go_on(bob, talk, "Deepest secret")
    go_on(bob, talk, "Deepest secret" + "a" * 2001)
    bob.get("/messages/new?to=deepest")
    assert "eepest" not in caplog.text.replace("to=deepest", "")


# In place


def test_sending_in_place_answers_with_what_is_new(
    bob: Visitor, db: Database, cast: Cast, talk: int
) -> None:
    page = bob.page(f"/messages/{talk}")
    # Meanwhile Alice has said something, too.
    Letters(db, cast.alice).send(talk, "And?")
    fields = {"key": hidden(page, "key"), "after": hidden(page, "after")}
    answer = Page(go_on_in_place(bob, talk, "Mine", **fields).text)
    assert said(answer) == ["And?", "Mine"]
    state = answer.one(**{"hx-swap-oob": "true"})
    assert state["id"] == "message-state"
    assert hidden(answer, "key") != fields["key"]
    assert int(hidden(answer, "after")) > int(fields["after"])


def test_what_cannot_be_sent_in_place_comes_back_at_its_form(bob: Visitor, talk: int) -> None:
    after = hidden(bob.page(f"/messages/{talk}"), "after")
    refused = go_on_in_place(bob, talk, "a" * 2001, after=after)
    assert refused.status_code == 422
    assert refused.headers["HX-Retarget"] == "#message-form"
    page = Page(refused.text)
    assert page.field_errors["text"] == "At most 2000 characters, please."
    assert page.one("textarea").text == "a" * 2001
