"""Setting a new password when the old one is forgotten."""

import base64
import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from microblog import capacity, clock
from microblog.db import Database
from microblog.domain import security_log, tokens
from microblog.domain.events import PasswordResetRequested
from microblog.models import Account, AccountToken, LoginSession
from microblog.services import Services
from microblog.worker import Worker
from tests.announced import announced
from tests.beside import HTTPS, application_beside
from tests.cast import PASSWORD, Cast
from tests.links import link_of, link_of_next_mail
from tests.logfile import log_file
from tests.page import Page
from tests.snapshot import count, snapshot
from tests.visitor import Visitor

NEW = "seven lazy otters"
FORM = {"password": NEW, "password_again": NEW}
PROMISE = "If there is such an account, a mail is on its way."
DEAD = "This link does not work any more"


@pytest.fixture
def link(services: Services, cast: Cast) -> str:
    """Return a link that sets Bob's password."""
    return link_of(services, cast.bob, tokens.RESET)


def ask(visitor: Visitor, identifier: str, address: str = "192.0.2.1") -> TestResponse:
    form = {"identifier": identifier}
    return visitor.post("/auth/reset", form, environ_overrides={"REMOTE_ADDR": address})


def assert_dead(response: TestResponse) -> None:
    assert response.status_code == 404
    page = Page(response.text)
    assert page.one("h1").text == DEAD
    assert "/auth/reset" in page.links
    assert not page.all("input", name="password")


def test_whoever_forgot_their_password_sets_a_new_one_by_the_link_of_a_mail(
    visitor: Visitor, app: Flask, cast: Cast, services: Services, worker: Worker, db: Database
) -> None:
    elsewhere = Visitor.signed_in(app, cast.bob)
    assert "/auth/reset" in visitor.page("/auth/login").links
    form = visitor.page("/auth/reset").one("form")
    response = visitor.post(form["action"], {"identifier": "Bob@EX.com"})
    assert (response.status_code, response.location) == (303, "/auth/reset/sent")

    path = link_of_next_mail(services, worker)
    form = visitor.page(path).one("form")
    response = visitor.post(form["action"], FORM)
    assert (response.status_code, response.location) == (303, "/auth/login")
    assert visitor.page("/auth/login").flashes == ["Your new password is set. Log in with it."]
    assert not visitor.is_logged_in
    assert not elsewhere.is_logged_in
    assert visitor.log_in("bob").status_code == 401
    assert visitor.log_in("bob", NEW).location == "/"

    worker.run_due()
    newest = services.mailer.kept()[0]
    assert (newest.to, "password" in newest.subject) == ("bob@ex.com", True)
    with db.read() as session:
        kinds = {entry.kind for entry in security_log.list_for(session, cast.bob.id)}
    assert {security_log.RESET_REQUESTED, security_log.PASSWORD_RESET} <= kinds


@pytest.mark.parametrize(
    "identifier",
    ["bob", " BOB ", "bob@ex.com", "nobody", "nobody@ex.com", "%", "a\0b", "😀" * 3000, "\u202e"],
)
def test_everybody_gets_the_same_answer(visitor: Visitor, db: Database, identifier: str) -> None:
    response = ask(visitor, identifier)
    assert (response.status_code, response.location) == (303, "/auth/reset/sent")
    page = visitor.page("/auth/reset/sent")
    assert PROMISE in page.one("main").text
    assert "10 minutes" in page.one("main").text
    assert identifier not in page.one("main").text
    assert len(announced(db, PasswordResetRequested)) == 1


def test_asking_writes_as_much_for_nobody_as_for_somebody(visitor: Visitor, db: Database) -> None:
    def rows_written(identifier: str) -> dict[str, int]:
        before = snapshot(db)
        ask(visitor, identifier)
        after = snapshot(db)
        return {table: len(after[table]) - len(before[table]) for table in after}

    rows_written("somebody before")
    assert rows_written("bob") == rows_written("nobody") == rows_written("nobody@ex.com")


def test_what_follows_does_nothing_for_whom_nobody_knows(
    visitor: Visitor, services: Services, worker: Worker, db: Database
) -> None:
    known = len(services.mailer.kept())
    for identifier in ("nobody", "nobody@ex.com", "a\0b", "x" * 5000):
        ask(visitor, identifier)
    worker.run_due()
    assert announced(db, PasswordResetRequested) == []
    assert len(services.mailer.kept()) == known


@pytest.mark.sqlite_only
def test_a_name_left_empty_is_said_at_its_field(visitor: Visitor, db: Database) -> None:
    response = ask(visitor, "")
    assert response.status_code == 422
    assert Page(response.text).field_errors == {"identifier": "Fill this in."}
    assert announced(db, PasswordResetRequested) == []


def test_after_some_mails_nobody_can_have_a_person_sent_more(
    visitor: Visitor, db: Database
) -> None:
    for number in range(6):
        response = ask(visitor, "bob" if number % 2 else "bob@ex.com", f"192.0.2.{number}")
        assert (response.status_code, response.location) == (303, "/auth/reset/sent")
    asked = [event.identifier for event in announced(db, PasswordResetRequested)]
    assert asked == ["bob@ex.com", "bob", "bob@ex.com", "", "", ""]


@pytest.mark.sqlite_only
def test_from_one_network_not_everybody_can_be_asked_about(visitor: Visitor, db: Database) -> None:
    answers = [ask(visitor, f"name{number}").status_code for number in range(11)]
    assert answers == [303] * 10 + [429]
    assert len(announced(db, PasswordResetRequested)) == 10


def test_opening_the_link_changes_nothing(visitor: Visitor, link: str, db: Database) -> None:
    before = snapshot(db)
    for _ in range(3):
        page = visitor.page(link)
        assert page.one("input", name="username")["value"] == "bob"
    assert visitor.open(link, method="HEAD").status_code == 200
    assert snapshot(db) == before
    assert visitor.post(link, FORM).status_code == 303


def test_the_link_works_once(visitor: Visitor, link: str) -> None:
    assert visitor.post(link, FORM).status_code == 303
    assert_dead(visitor.get(link))
    assert_dead(visitor.post(link, {"password": "x" * 20, "password_again": "x" * 20}))
    assert visitor.log_in("bob", NEW).status_code == 303


def test_a_newer_link_voids_the_one_before(
    visitor: Visitor, link: str, services: Services, cast: Cast
) -> None:
    newer = link_of(services, cast.bob, tokens.RESET)
    assert_dead(visitor.post(link, FORM))
    assert visitor.post(newer, FORM).status_code == 303


def test_a_link_whose_time_is_over_is_dead(visitor: Visitor, link: str, db: Database) -> None:
    over = update(AccountToken).values(expires_at=clock.now())
    db.write(lambda session: session.execute(over))
    assert_dead(visitor.get(link))
    assert_dead(visitor.post(link, FORM))


def test_a_link_of_another_purpose_sets_no_password(
    visitor: Visitor, services: Services, cast: Cast
) -> None:
    for purpose in (tokens.CONFIRM, tokens.CHANGE_EMAIL):
        token = link_of(services, cast.bob, purpose).rpartition("/")[2]
        assert_dead(visitor.get(f"/auth/reset/{token}"))
        assert_dead(visitor.post(f"/auth/reset/{token}", FORM))
    assert visitor.log_in("bob").status_code == 303


@pytest.mark.sqlite_only
def test_whatever_is_no_token_of_ours_is_a_dead_link(visitor: Visitor, link: str) -> None:
    token = link.rpartition("/")[2]
    header, claims, signature = token.split(".")
    unsigned = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).decode().rstrip("=")
    for wrong in (
        *("x", "0", "null", "a.b.c", "é", "%2e%2e", "x" * 5000, token[:-1], token + "x"),
        *(f"{unsigned}.{claims}.", f"{unsigned}.{claims}.{signature}", f"{header}.{claims}."),
        f"{header}.{claims[:-2]}AA.{signature}",
    ):
        assert_dead(visitor.get(f"/auth/reset/{wrong}"))
        assert_dead(visitor.post(f"/auth/reset/{wrong}", FORM))
    assert visitor.log_in("bob").status_code == 303


def test_the_link_of_somebody_suspended_is_dead(
    visitor: Visitor, link: str, cast: Cast, db: Database
) -> None:
    suspended = update(Account).where(Account.id == cast.bob.id)
    db.write(lambda session: session.execute(suspended.values(suspended_at=clock.now())))
    assert_dead(visitor.post(link, FORM))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"password": ""}, "password"),
        ({"password_again": "something else"}, "password_again"),
        ({"password": "short", "password_again": "short"}, "password"),
        ({"password": "x" * 1025, "password_again": "x" * 1025}, "password"),
        ({"password": "password123", "password_again": "password123"}, "password"),
        ({"password": "bob@ex.com", "password_again": "bob@ex.com"}, "password"),
    ],
)
@pytest.mark.sqlite_only
def test_a_password_that_cannot_be_set_is_said_at_its_field_and_the_link_still_works(
    visitor: Visitor, link: str, change: dict[str, str], field: str
) -> None:
    response = visitor.post(link, FORM | change)
    assert response.status_code == 422
    page = Page(response.text)
    assert field in page.field_errors
    assert not page.one("input", name="password").attributes.get("value")
    assert visitor.log_in("bob").status_code == 303
    assert Visitor.post(visitor, page.one("form")["action"], FORM).status_code == 303


@pytest.mark.sqlite_only
def test_while_a_password_is_hashed_the_link_waits(visitor: Visitor, link: str) -> None:
    with capacity.heavy_work():
        assert visitor.post(link, FORM).status_code == 503
    assert visitor.post(link, FORM).status_code == 303


@pytest.mark.sqlite_only
def test_setting_the_password_needs_a_form_of_ours(
    visitor: Visitor, link: str, db: Database
) -> None:
    before = snapshot(db)
    assert visitor.post_raw(link, data=FORM).status_code == 400
    assert visitor.post(link, FORM, headers={"Origin": "https://evil.example"}).status_code == 403
    assert snapshot(db) == before


@pytest.mark.sqlite_only
def test_a_browser_that_tells_no_referrer_can_send_the_form(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    with application_beside(app, tmp_path, PUBLIC_URL=HTTPS) as beside:
        path = link_of(beside.extensions["microblog"], cast.bob, tokens.RESET)
        visitor = Visitor(beside)
        visitor.page(path)
        # What browsers send from a page that lets no referrer out.
        headers = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
        assert visitor.post(path, FORM, headers=headers).status_code == 303


def test_whoever_was_kept_out_by_guesses_at_their_password_is_let_in_with_a_new_one(
    visitor: Visitor, link: str
) -> None:
    answers = [visitor.log_in("bob", "a wrong guess").status_code for _ in range(11)]
    assert answers[-1] == 429
    visitor.post(link, FORM)
    assert visitor.log_in("bob", NEW).status_code == 303


@pytest.mark.sqlite_only
def test_who_is_logged_in_as_somebody_else_stays_so(
    app: Flask, cast: Cast, link: str, db: Database
) -> None:
    carol = Visitor.signed_in(app, cast.carol)
    response = carol.post(link, FORM)
    assert (response.status_code, response.location) == (303, "/auth/login")
    assert carol.is_logged_in
    with db.read() as session:
        assert session.scalars(select(LoginSession.account_id)).all() == [cast.carol.id]


@pytest.mark.sqlite_only
def test_no_page_tells_the_next_one_where_the_link_led(visitor: Visitor, link: str) -> None:
    answers = [
        visitor.get(link),
        visitor.post_raw(link, data=FORM),
        visitor.post(link, FORM | {"password_again": "x"}),
        visitor.post(link, FORM),
        visitor.get(link),
        visitor.post(link, FORM),
    ]
    assert [answer.status_code for answer in answers] == [200, 400, 422, 303, 404, 404]
    for answer in answers:
        assert answer.headers.getlist("Referrer-Policy") == ["no-referrer"]
        assert answer.headers["Cache-Control"] == "private, no-store"
    for path in ("/auth/reset", "/auth/reset/sent", "/auth/login"):
        assert visitor.get(path).headers.getlist("Referrer-Policy") == ["same-origin"]


@pytest.mark.sqlite_only
def test_the_log_does_not_tell_what_the_link_is(
    visitor: Visitor, link: str, tmp_path: Path
) -> None:
    token = link.rpartition("/")[2]
    with log_file(tmp_path) as log:
        visitor.get(link)
        visitor.post(link, FORM | {"password": "x"})
        visitor.open(link, method="PUT")
        visitor.get(f"{link}/")
        visitor.get(f"/reset//{token}")
        visitor.get(link[:-20])
        visitor.get(link, headers={"Host": "evil.example"})
        visitor.post(link, FORM)
    lines = log.read_text().splitlines()
    assert any(" GET /auth/reset/<token> 200 " in line for line in lines)
    for part in token.split("."):
        assert not [line for line in lines if part in line]


@pytest.mark.sqlite_only
def test_resetting_makes_no_session(visitor: Visitor, link: str, db: Database) -> None:
    visitor.post(link, FORM)
    assert visitor.cookie("login") is None
    assert count(db, LoginSession) == 0
    assert visitor.log_in("bob", PASSWORD).status_code == 401
