"""Last seen: recorded now and then, once the answer is out; and messages, shown once."""

from datetime import timedelta

import pytest
from flask import Flask

from microblog import clock
from microblog.db import Database
from microblog.models import Account, LoginSession
from tests import make
from tests.cast import Cast
from tests.snapshot import snapshot
from tests.visitor import Visitor


def test_a_visit_is_recorded_once_the_answer_is_out(
    alice: Visitor, cast: Cast, db: Database
) -> None:
    make.sessions_older(db, timedelta(minutes=6))
    before = snapshot(db)
    response = alice.get("/")
    assert snapshot(db) == before
    response.close()
    with db.read() as session:
        account = session.get_one(Account, cast.alice.id)
        kept = session.query(LoginSession).one()
    assert account.last_seen_at == kept.last_used_at
    assert account.last_seen_at is not None
    assert clock.now() - account.last_seen_at < timedelta(minutes=1)


def test_visits_are_recorded_every_five_minutes_at_most(
    alice: Visitor, cast: Cast, db: Database
) -> None:
    def visit() -> None:
        alice.get("/").close()
        alice.get("/explore").close()

    make.sessions_older(db, timedelta(minutes=6))
    visit()
    before = snapshot(db)
    visit()
    assert snapshot(db) == before
    make.sessions_older(db, timedelta(minutes=4))
    before = snapshot(db)
    visit()
    assert snapshot(db) == before
    make.sessions_older(db, timedelta(minutes=1))
    visit()
    assert snapshot(db) != before


@pytest.mark.parametrize(
    "path", ["/", "/explore", "/@alice", "/settings/profile", "/updates?after=0", "/nothing"]
)
@pytest.mark.sqlite_only
def test_reading_writes_nothing(alice: Visitor, db: Database, path: str) -> None:
    make.sessions_older(db, timedelta(minutes=6))
    before = snapshot(db)
    response = alice.get(path)
    assert response.text
    assert snapshot(db) == before
    response.close()


@pytest.mark.sqlite_only
def test_nobody_is_seen_who_is_not_signed_in(visitor: Visitor, cast: Cast, db: Database) -> None:
    before = snapshot(db)
    for path in ("/explore", "/@alice", "/auth/login", "/media/ab/x.webp"):
        visitor.get(path).close()
    assert snapshot(db) == before


@pytest.mark.sqlite_only
def test_a_message_is_shown_once_on_whatever_page_comes_next(alice: Visitor, cast: Cast) -> None:
    for path in ("/", "/explore", "/@alice", "/settings/preferences", "/@alice/followers"):
        alice.post("/@bob/follow")
        assert alice.page(path).flashes == ["You follow bob now."]
        assert alice.page(path).flashes == []
        assert alice.page("/").flashes == []


@pytest.mark.sqlite_only
def test_messages_wait_for_a_page_that_can_show_them(alice: Visitor, cast: Cast) -> None:
    alice.post("/@bob/follow")
    token = alice.cookie("session")
    alice.get("/updates?after=0")
    alice.get("/favicon.ico")
    alice.get("/index")
    assert alice.cookie("session") == token
    assert alice.page("/").flashes == ["You follow bob now."]


@pytest.mark.sqlite_only
def test_a_name_in_a_message_is_text(alice: Visitor, app: Flask, cast: Cast) -> None:
    bob = Visitor.signed_in(app, cast.bob)
    bob.post("/settings/profile", {"display_name": "<b>%(name)s {0}</b>", "about": ""})
    alice.post("/@bob/follow")
    assert alice.page("/").flashes == ["You follow <b>%(name)s {0}</b> now."]
