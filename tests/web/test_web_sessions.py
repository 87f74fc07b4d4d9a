"""Logging in and out."""

from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from microblog import capacity, clock
from microblog.db import Database
from microblog.domain import accounts, identity, security_log
from microblog.domain.viewer import Viewer
from microblog.models import Account, LoginSession, SecurityEvent, User
from microblog.models.user import WAITING
from tests import make
from tests.cast import PASSWORD, Cast
from tests.page import Page
from tests.snapshot import count, snapshot
from tests.visitor import Visitor

WRONG = "This name and this password do not belong together."


def test_a_person_logs_in_by_name_or_address(app: Flask, cast: Cast) -> None:
    for name in ("alice", "ALICE", " alice ", "alice@ex.com", "Alice@EX.com"):
        visitor = Visitor(app)
        response = visitor.log_in(name)
        assert (response.status_code, response.location) == (303, "/")
        assert "/@alice" in visitor.page("/").links


def test_whoever_does_not_know_the_password_stays_outside(
    visitor: Visitor, cast: Cast, db: Database
) -> None:
    passwords = ("wrong", PASSWORD + " ", PASSWORD.upper(), "x" * 2000)
    names = ("nobody", "nobody@ex.com", "%", "alice\0", "😀" * 1000)
    tries = [("alice", password) for password in passwords] + [(name, PASSWORD) for name in names]
    for name, password in tries:
        response = visitor.log_in(name, password)
        assert response.status_code == 401
        page = Page(response.text)
        assert page.field_errors == {"password": WRONG}
        assert not page.one("input", name="password").attributes.get("value")
    assert not visitor.is_logged_in
    assert count(db, LoginSession) == 0


@pytest.mark.parametrize("missing", ["identifier", "password"])
@pytest.mark.sqlite_only
def test_a_field_left_empty_is_said_at_the_field(visitor: Visitor, missing: str) -> None:
    form = {"identifier": "alice", "password": PASSWORD} | {missing: ""}
    response = visitor.post("/auth/login", form)
    assert response.status_code == 422
    assert Page(response.text).field_errors == {missing: "Fill this in."}


@pytest.mark.parametrize("name", ["alice", "nobody"])
@pytest.mark.sqlite_only
def test_while_a_password_is_hashed_others_are_asked_to_try_again(
    visitor: Visitor, cast: Cast, name: str
) -> None:
    # That holds for a name that nobody has, too: it is checked against a hash all the same.
    with capacity.heavy_work():
        response = visitor.log_in(name)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "2")
    assert Page(response.text).one("h1").text == "The server is busy"
    assert visitor.log_in("alice").status_code == 303


@pytest.mark.sqlite_only
def test_a_login_is_refused_before_its_form_is_looked_at(visitor: Visitor) -> None:
    with capacity.heavy_work():
        assert visitor.post_raw("/auth/login", data={}).status_code == 503
    assert visitor.post_raw("/auth/login", data={}).status_code == 400


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/@bob?before=5", "/@bob?before=5"),
        ("/settings/preferences", "/settings/preferences"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("", "/"),
    ],
)
@pytest.mark.sqlite_only
def test_after_the_login_the_page_is_there_that_was_asked_for(
    visitor: Visitor, cast: Cast, target: str, location: str
) -> None:
    form = Page(visitor.get("/auth/login", query_string={"next": target}).text).one("form")
    wrong = visitor.post(form["action"], {"identifier": "alice", "password": "wrong"})
    again = Page(wrong.text).one("form")
    response = visitor.post(again["action"], {"identifier": "alice", "password": PASSWORD})
    assert (response.status_code, response.location) == (303, location)
    led_on = visitor.get("/auth/login", query_string={"next": target})
    assert (led_on.status_code, led_on.location) == (303, location)


@pytest.mark.sqlite_only
def test_a_page_for_members_leads_through_the_login_and_back(visitor: Visitor, cast: Cast) -> None:
    response = visitor.get("/settings/preferences?a=1&b=%26")
    assert response.status_code == 303
    form = visitor.page(response.location).one("form")
    response = visitor.post(form["action"], {"identifier": "alice", "password": PASSWORD})
    assert response.location == "/settings/preferences?a=1&b=%26"


def test_a_login_gives_a_new_session_and_ends_the_one_before(
    visitor: Visitor, cast: Cast, app: Flask, db: Database
) -> None:
    visitor.log_in("alice")
    first = visitor.cookie("login")
    assert first is not None
    visitor.log_in("bob")
    second = visitor.cookie("login")
    assert second not in (None, first)
    thief = Visitor(app)
    thief.set_cookie("login", first)
    assert not thief.is_logged_in
    with db.read() as session:
        assert session.scalars(select(LoginSession.account_id)).all() == [cast.bob.id]


def test_whoever_logs_out_is_out_for_good(visitor: Visitor, cast: Cast, db: Database) -> None:
    visitor.log_in("alice")
    visitor.get("/")
    kept = {name: visitor.cookie(name) for name in ("login", "session")}
    response = visitor.post("/auth/logout")
    assert (response.status_code, response.location) == (303, "/explore")
    assert visitor.cookie("login") is None
    assert visitor.page("/explore").flashes == ["You are logged out."]
    for name, value in kept.items():
        assert value is not None
        visitor.set_cookie(name, value)
    assert not visitor.is_logged_in
    assert count(db, LoginSession) == 0


@pytest.mark.sqlite_only
def test_logging_out_needs_a_form(visitor: Visitor, cast: Cast) -> None:
    visitor.log_in("alice")
    response = visitor.get("/auth/logout")
    assert response.status_code == 405
    assert visitor.is_logged_in


@pytest.mark.sqlite_only
def test_logging_out_twice_is_once(app: Flask, cast: Cast) -> None:
    visitor = Visitor.signed_in(app, cast.alice)
    form = {"csrf_token": visitor.token()}
    assert visitor.post_raw("/auth/logout", data=form).status_code == 303
    assert visitor.post("/auth/logout").status_code == 303


def test_a_session_ends_with_its_time_however_much_it_is_used(
    app: Flask, cast: Cast, db: Database
) -> None:
    visitor = Visitor.signed_in(app, cast.alice)
    for _ in range(3):
        with visitor.get("/settings/profile") as response:
            assert response.status_code == 200
        make.sessions_older(db, timedelta(hours=8))
    assert not visitor.is_logged_in


def test_a_hash_of_old_parameters_is_renewed_at_the_login(
    visitor: Visitor, cast: Cast, db: Database
) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    db.write(lambda session: accounts.set_password(session, "alice", old))
    assert visitor.log_in("alice", "wrong").status_code == 401
    assert _password_hash(db, cast) == old
    assert visitor.log_in("alice").status_code == 303
    renewed = _password_hash(db, cast)
    assert renewed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert visitor.log_in("alice").status_code == 303
    assert _password_hash(db, cast) == renewed


def test_what_is_kept_of_a_browser_is_little_and_readable(visitor: Visitor, db: Database) -> None:
    agent = "Browser/1 \x1b[2J" + "x" * 5000
    form = {"identifier": "alice", "password": PASSWORD}
    visitor.post(
        "/auth/login",
        form,
        headers={"User-Agent": agent},
        environ_overrides={"REMOTE_ADDR": "203.0.113.77"},
    )
    with db.read() as session:
        kept = session.scalars(select(LoginSession)).one()
    assert kept.address_prefix == "203.0.113.0/24"
    assert kept.agent == ("Browser/1 [2J" + "x" * 5000)[:200]
    token = visitor.cookie("login")
    assert token is not None
    assert token not in str(snapshot(db))


@pytest.mark.parametrize(
    ("lack", "heading"),
    [
        ({"email_confirmed_at": None}, "First confirm your address"),
        ({"state": WAITING}, "Your request is still waiting"),
        ({"suspended_at": clock.now()}, "This account is suspended"),
        ({"email_confirmed_at": None, "state": WAITING}, "First confirm your address"),
        ({"state": WAITING, "suspended_at": clock.now()}, "This account is suspended"),
    ],
)
def test_who_may_not_come_in_is_told_why_after_the_right_password_only(
    visitor: Visitor, cast: Cast, db: Database, lack: dict[str, Any], heading: str
) -> None:
    change(db, cast.bob, **lack)
    wrong = visitor.log_in("bob", "wrong")
    assert (wrong.status_code, Page(wrong.text).field_errors) == (401, {"password": WRONG})
    right = visitor.log_in("bob")
    assert right.status_code == 403
    page = Page(right.text)
    assert page.one("h1").text == heading
    assert not page.all("input", name="password")
    assert visitor.cookie("login") is None
    assert count(db, LoginSession) == 0


def test_the_owner_finds_every_try_in_the_log_and_nobody_elses(
    visitor: Visitor, cast: Cast, db: Database
) -> None:
    tries = [("bob", "wrong"), ("bob@ex.com", "wrong"), ("nobody", "wrong"), ("bob", PASSWORD)]
    for name, password in tries:
        form = {"identifier": name, "password": password}
        with visitor.post(
            "/auth/login",
            form,
            headers={"User-Agent": "Browser/1"},
            environ_overrides={"REMOTE_ADDR": "203.0.113.77"},
        ):
            pass
    with db.read() as session:
        entries = security_log.list_for(session, cast.bob.id)
    assert [entry.kind for entry in entries] == ["signed_in", "sign_in_failed", "sign_in_failed"]
    assert {entry.address_prefix for entry in entries} == {"203.0.113.0/24"}
    assert {entry.agent for entry in entries} == {"Browser/1"}
    assert count(db, SecurityEvent) == 3


def test_before_the_answer_to_a_wrong_password_as_much_is_written_for_nobody(
    visitor: Visitor, db: Database
) -> None:
    def rows_written(name: str) -> dict[str, int]:
        before = snapshot(db)
        response = visitor.log_in(name, "wrong")
        after = snapshot(db)
        response.close()
        return {table: len(after[table]) - len(before[table]) for table in after}

    rows_written("somebody before")
    assert rows_written("bob") == rows_written("nobody") == rows_written("nobody@ex.com")


def test_whose_account_is_about_to_go_logs_in_and_can_keep_it(
    visitor: Visitor, cast: Cast, db: Database
) -> None:
    db.write(lambda session: identity.begin_deletion(session, cast.bob, 7))
    response = visitor.log_in("bob")
    assert (response.status_code, response.location) == (303, "/settings/account")
    page = visitor.page("/settings/account")
    visitor.post(page.one("form", action="/settings/account/deletion/cancel")["action"])
    visitor.post("/auth/logout")
    assert visitor.log_in("bob").location == "/"


@pytest.mark.sqlite_only
def test_the_login_offers_an_account_only_where_one_can_be_had(
    visitor: Visitor, db: Database
) -> None:
    assert "/auth/register" in visitor.page("/auth/login").links
    make.server_mode(db, "closed")
    assert "/auth/register" not in visitor.page("/auth/login").links


def change(db: Database, person: Viewer, **values: Any) -> None:
    """Change somebody's rows behind everybody's back."""

    def act(session: Session) -> None:
        rows = (session.get_one(Account, person.id), session.get_one(User, person.id))
        for name, value in values.items():
            setattr(next(row for row in rows if hasattr(row, name)), name, value)

    db.write(act)


def _password_hash(db: Database, cast: Cast) -> str:
    with db.read() as session:
        return session.scalars(
            select(User.password_hash).where(User.account_id == cast.alice.id)
        ).one()
