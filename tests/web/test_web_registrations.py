"""Making an account."""

import itertools
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from microblog import capacity
from microblog.db import Database
from microblog.domain.viewer import MEMBER
from microblog.models import Account, LoginSession, User
from microblog.models.user import WAITING
from tests import make
from tests.announced import last_mail, mails
from tests.beside import application_beside
from tests.cast import PASSWORD, Cast
from tests.links import link_of_mail
from tests.page import Page
from tests.parallel import at_once
from tests.snapshot import count, snapshot
from tests.visitor import Visitor

# Nothing listens there: that is for the worker to find out.
MAIL = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": 1}
COMMON = "Many people use this password, so it is tried first. Choose another."
PERSONAL = "This is little more than your name or address. Add some words."
JSON = "application/json"
FORM = {
    "username": "Dave_1",
    "email": "Dave@Ex.com",
    "password": PASSWORD,
    "password_again": PASSWORD,
}


def test_a_visitor_registers_and_is_logged_in(visitor: Visitor, db: Database) -> None:
    response = visitor.post("/auth/register", FORM)
    assert (response.status_code, response.location) == (303, "/")
    with db.read() as session:
        statement = select(Account, User).join(User.account).where(Account.handle == "dave_1")
        account, user = session.execute(statement).one()
    assert (account.username, user.email, user.role) == ("Dave_1", "dave@ex.com", MEMBER)
    assert user.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in user.password_hash
    home = visitor.page("/")
    assert home.flashes == ["Welcome, Dave_1!"]
    assert "/@Dave_1" in home.links


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"username": ""}, "username", "Fill this in."),
        ({"username": "ALICE"}, "username", "This name is taken. Choose another one."),
        (
            {"username": "Admin"},
            "username",
            "This name is kept for the server. Choose another one.",
        ),
        (
            {"username": "a-b"},
            "username",
            "Use only a to z, 0 to 9 and _, at most 30 of them.",
        ),
        (
            {"username": "x" * 31},
            "username",
            "Use only a to z, 0 to 9 and _, at most 30 of them.",
        ),
        (
            {"email": "nowhere"},
            "email",
            "This is not an e-mail address such as name@example.org.",
        ),
        (
            {"email": "ALICE@ex.com"},
            "email",
            "An account with this address exists: log in, or use another address.",
        ),
        (
            {"password": "1234567", "password_again": "1234567"},
            "password",
            "Use at least 8 characters.",
        ),
        (
            {"password": "Dave@ex.com", "password_again": "Dave@ex.com"},
            "password",
            PERSONAL,
        ),
        ({"password": "password123", "password_again": "password123"}, "password", COMMON),
        (
            {"password": "x" * 1025, "password_again": "x" * 1025},
            "password",
            "At most 1024 bytes, please.",
        ),
        ({"password_again": "x"}, "password_again", "The two passwords are not the same."),
    ],
)
@pytest.mark.sqlite_only
def test_a_mistake_is_said_at_its_field_and_nothing_is_written(
    visitor: Visitor, db: Database, change: dict[str, str], field: str, sentence: str
) -> None:
    before = people(db)
    response = visitor.post("/auth/register", FORM | change)
    assert response.status_code == 422
    page = Page(response.text)
    assert page.field_errors == {field: sentence}
    assert page.one("input", name=field)["aria-invalid"] == "true"
    kept = FORM | change
    assert page.one("input", name="username")["value"] == kept["username"]
    assert page.one("input", name="email")["value"] == kept["email"]
    assert not page.one("input", name="password").attributes.get("value")
    assert people(db) == before


@pytest.mark.sqlite_only
def test_whoever_is_logged_in_is_led_home_from_the_form(app: Flask, cast: Cast) -> None:
    response = Visitor.signed_in(app, cast.alice).get("/auth/register")
    assert (response.status_code, response.location) == (302, "/")


@pytest.mark.sqlite_only
def test_a_busy_server_asks_to_try_again_and_writes_nothing(visitor: Visitor, db: Database) -> None:
    before = snapshot(db)
    with capacity.heavy_work():
        response = visitor.post("/auth/register", FORM)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "2")
    assert Page(response.text).one("h1").text == "The server is busy"
    assert snapshot(db) == before


def test_of_twenty_who_want_one_name_at_once_one_gets_it(
    app: Flask, cast: Cast, db: Database
) -> None:
    addresses = itertools.count()

    def register(number: int) -> int:
        visitor = Visitor(app)
        form = FORM | {"email": f"dave{number}@ex.com", "csrf_token": visitor.token()}

        def send() -> TestResponse:
            # From another network each time: one that tries this often would have to wait.
            here, request = next(addresses), {"data": form, "headers": {"Accept": JSON}}
            address = {"REMOTE_ADDR": f"10.0.{here // 256}.{here % 256}"}
            return visitor.post_raw("/auth/register", environ_overrides=address, **request)

        # The server hashes one password at a time and asks everybody else to try again.
        while (response := send()).status_code == 503:
            assert response.headers["Retry-After"]
        if response.status_code == 422:
            assert list(Page(response.text).field_errors) == ["username"]
        return response.status_code

    answers = at_once(*(lambda number=number: register(number) for number in range(20)))
    assert sorted(answers) == [303] + [422] * 19
    assert (count(db, Account), count(db, User), count(db, LoginSession)) == (4, 4, 1)


def test_where_nobody_is_let_in_there_is_no_form(visitor: Visitor, db: Database) -> None:
    make.server_mode(db, "closed")
    before = people(db)
    page = visitor.page("/auth/register")
    assert page.one("h1").text == "No new accounts at the moment"
    assert not page.all("form")
    refused = visitor.post("/auth/register", FORM)
    assert refused.status_code == 403
    assert Page(refused.text).one("h1").text == "No new accounts at the moment"
    assert people(db) == before


def test_where_admins_let_people_in_they_are_asked_with_a_reason(
    visitor: Visitor, db: Database
) -> None:
    make.server_mode(db, "approval")
    form = visitor.page("/auth/register").one("form")
    assert form.one("textarea", name="reason")
    response = visitor.post(form["action"], FORM | {"reason": "I like pines."})
    assert (response.status_code, response.location) == (303, "/auth/register/waiting")
    page = visitor.page(response.location)
    assert page.one("h1").text == "Your request is on its way"
    assert visitor.cookie("login") is None
    assert count(db, LoginSession) == 0
    user = user_of(db, "dave@ex.com")
    assert (user.state, user.reason) == (WAITING, "I like pines.")
    assert mails(db) == [("registration_waiting", "alice@ex.com")]
    assert visitor.log_in("Dave_1").status_code == 403


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "Fill this in."),
        ("\u200b \u2060", "Fill this in."),
        ("x" * 501, "At most 500 characters, please."),
        ("a\0b", "There are characters in this that cannot be read. Type it anew."),
    ],
)
@pytest.mark.sqlite_only
def test_a_reason_that_says_nothing_is_refused_at_its_field(
    visitor: Visitor, db: Database, reason: str, sentence: str
) -> None:
    make.server_mode(db, "approval")
    before = people(db)
    response = visitor.post("/auth/register", FORM | {"reason": reason})
    assert response.status_code == 422
    assert Page(response.text).field_errors == {"reason": sentence}
    assert people(db) == before


@pytest.mark.sqlite_only
def test_where_everybody_may_come_a_reason_is_neither_asked_nor_kept(
    visitor: Visitor, db: Database
) -> None:
    assert not visitor.page("/auth/register").all("textarea")
    visitor.post("/auth/register", FORM | {"reason": "Let me in."})
    assert user_of(db, "dave@ex.com").reason == ""


@pytest.mark.sqlite_only
def test_the_rules_are_read_before_one_joins(visitor: Visitor, db: Database) -> None:
    assert not visitor.page("/auth/register").all("ol")
    make.server_mode(db, "open", "Be kind.\nNo <b>shouting</b>.")
    rules = visitor.page("/auth/register").one("ol", "house-rules-list").all("li")
    assert [rule.text for rule in rules] == ["Be kind.", "No <b>shouting</b>."]


@pytest.mark.parametrize("mode", ["open", "approval"])
def test_where_mail_works_a_known_address_is_answered_like_a_new_one(
    app: Flask, cast: Cast, db: Database, tmp_path: Path, mode: str
) -> None:
    make.server_mode(db, mode)
    with application_beside(app, tmp_path, **MAIL) as beside:
        before = people(db)
        known = register_and_read(beside, FORM | {"email": "BOB@ex.com"})
        assert people(db) == before
        assert mails(db) == [("address_in_use", "bob@ex.com")]
        new = register_and_read(beside, FORM)
    assert new == known
    assert new[:2] == (303, "/auth/confirm")
    assert "A mail is on its way" in new[3]
    assert mails(db)[1:] == [("confirm_email", "dave@ex.com")]
    assert user_of(db, "dave@ex.com").email_confirmed_at is None


def test_where_mail_works_nobody_is_logged_in_before_they_followed_its_link(
    app: Flask, cast: Cast, db: Database, tmp_path: Path
) -> None:
    with application_beside(app, tmp_path, **MAIL) as beside:
        visitor = Visitor(beside)
        visitor.post("/auth/register", FORM)
        assert not visitor.is_logged_in
        assert visitor.log_in("Dave_1").status_code == 403
        path = link_of_mail(beside.extensions["microblog"], last_mail(db))
        assert visitor.post(path).location == "/auth/login"
        assert visitor.log_in("Dave_1").location == "/"


@pytest.mark.sqlite_only
def test_where_mail_works_a_name_may_still_be_said_to_be_taken(
    app: Flask, cast: Cast, db: Database, tmp_path: Path
) -> None:
    with application_beside(app, tmp_path, **MAIL) as beside:
        for email in ("new@ex.com", "bob@ex.com"):
            form = FORM | {"username": "alice", "email": email}
            response = Visitor(beside).post("/auth/register", form)
            assert Page(response.text).field_errors == {
                "username": "This name is taken. Choose another one."
            }
    assert mails(db) == []


@pytest.mark.sqlite_only
def test_from_one_network_only_some_accounts_are_made(visitor: Visitor, db: Database) -> None:
    def register(number: int) -> int:
        form = FORM | {"username": f"dave{number}", "email": f"dave{number}@ex.com"}
        return visitor.post("/auth/register", form).status_code

    assert [register(number) for number in range(11)] == [303] * 10 + [429]


def people(db: Database) -> list[list[tuple[Any, ...]]]:
    """Return every account and how its owner signs in."""
    found = snapshot(db)
    return [found["accounts"], found["users"]]


def user_of(db: Database, email: str) -> User:
    with db.read() as session:
        return session.scalars(select(User).where(User.email == email)).one()


def register_and_read(app: Flask, form: dict[str, str]) -> tuple[Any, ...]:
    """Register; return all that the browser is told: answer, cookies, and the page it leads to."""
    visitor = Visitor(app)
    token = visitor.token()
    response = visitor.post_raw("/auth/register", data=form | {"reason": "x", "csrf_token": token})
    cookies = [value.split("=")[0] for value in response.headers.getlist("Set-Cookie")]
    page = visitor.page(response.location)
    return response.status_code, response.location, cookies, page.one("body").text
