"""Confirming an address by the link that was mailed to it."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from microblog.db import Database
from microblog.domain import tokens
from microblog.domain.viewer import Viewer
from microblog.models import User
from microblog.models.user import WAITING
from microblog.services import Services
from microblog.worker import Worker
from tests.announced import mails
from tests.cast import Cast
from tests.links import link_of, link_of_next_mail
from tests.page import Page
from tests.snapshot import snapshot
from tests.visitor import Visitor

DEAD = "This link does not work any more"
SENT = "The mail is sent once more. Only its link works now, no earlier one."
ENOUGH = "We have sent you several mails already. Wait an hour, then try again."
TO_BOB = ("confirm_email", "bob@ex.com")


@pytest.fixture
def unconfirmed(db: Database, cast: Cast) -> Viewer:
    """Return Bob, who has not confirmed his address."""
    change(db, cast.bob, email_confirmed_at=None)
    return cast.bob


@pytest.fixture
def link(services: Services, unconfirmed: Viewer) -> str:
    """Return the link that confirms Bob's address."""
    return link_of(services, unconfirmed, tokens.CONFIRM)


def change(db: Database, person: Viewer, **values: Any) -> None:
    statement = update(User).where(User.account_id == person.id).values(**values)
    db.write(lambda session: session.execute(statement))


def address_of(db: Database, person: Viewer) -> tuple[str, datetime | None]:
    with db.read() as session:
        user = session.scalars(select(User).where(User.account_id == person.id)).one()
    return user.email, user.email_confirmed_at


def assert_dead(response: TestResponse) -> None:
    assert response.status_code == 404
    assert Page(response.text).one("h1").text == DEAD


def test_a_person_confirms_their_address_and_logs_in(
    visitor: Visitor, link: str, unconfirmed: Viewer, db: Database
) -> None:
    assert visitor.log_in("bob").status_code == 403
    page = visitor.page(link)
    assert page.one("bdi", "address").text == "bob@ex.com"
    response = visitor.post(page.one("form")["action"])
    assert (response.status_code, response.location) == (303, "/auth/login")
    assert visitor.page("/auth/login").flashes == ["Your address is confirmed. Now log in."]
    assert address_of(db, unconfirmed)[1] is not None
    assert visitor.log_in("bob").location == "/"


def test_a_person_changes_their_address(
    visitor: Visitor, app: Flask, cast: Cast, services: Services, db: Database
) -> None:
    path = link_of(services, cast.bob, tokens.CHANGE_EMAIL, "robert@ex.com")
    page = visitor.page(path)
    assert page.one("bdi", "address").text == "robert@ex.com"
    assert address_of(db, cast.bob)[0] == "bob@ex.com"
    bob = Visitor.signed_in(app, cast.bob)
    response = bob.post(path)
    led_on = bob.get(response.location)
    assert (response.status_code, led_on.location) == (303, "/")
    assert bob.page("/").flashes == ["From now on, mail for you goes to robert@ex.com."]
    assert address_of(db, cast.bob)[0] == "robert@ex.com"
    assert mails(db) == [("email_changed", "bob@ex.com")]


def test_an_address_that_somebody_took_meanwhile_is_not_taken_over(
    visitor: Visitor, cast: Cast, services: Services, db: Database
) -> None:
    path = link_of(services, cast.bob, tokens.CHANGE_EMAIL, "carol@ex.com")
    assert_dead(visitor.post(path))
    assert address_of(db, cast.bob)[0] == "bob@ex.com"


def test_who_asked_to_be_let_in_is_told_to_wait(
    visitor: Visitor, link: str, unconfirmed: Viewer, db: Database
) -> None:
    change(db, unconfirmed, state=WAITING)
    response = visitor.post(link)
    assert (response.status_code, response.location) == (303, "/auth/register/waiting")
    page = visitor.page(response.location)
    assert page.flashes == ["Your address is confirmed."]
    assert page.one("h1").text == "Your request is on its way"
    assert visitor.log_in("bob").status_code == 403


def test_opening_the_link_changes_nothing(visitor: Visitor, link: str, db: Database) -> None:
    before = snapshot(db)
    for _ in range(3):
        visitor.page(link)
    assert visitor.open(link, method="HEAD").status_code == 200
    assert visitor.post_raw(link).status_code == 400
    assert snapshot(db) == before
    assert visitor.post(link).status_code == 303


def test_a_link_works_once_and_only_for_its_purpose(
    visitor: Visitor, link: str, services: Services, cast: Cast
) -> None:
    reset = link_of(services, cast.carol, tokens.RESET).rpartition("/")[2]
    for wrong in (f"/auth/confirm/{reset}", f"{link}x", "/auth/confirm/x"):
        assert_dead(visitor.get(wrong))
        assert_dead(visitor.post(wrong))
    assert visitor.post(link).status_code == 303
    assert_dead(visitor.get(link))
    assert_dead(visitor.post(link))


@pytest.mark.sqlite_only
def test_no_page_tells_the_next_one_where_the_link_led(visitor: Visitor, link: str) -> None:
    answers = [visitor.get(link), visitor.post_raw(link), visitor.post(link), visitor.get(link)]
    assert [answer.status_code for answer in answers] == [200, 400, 303, 404]
    for answer in answers:
        assert answer.headers.getlist("Referrer-Policy") == ["no-referrer"]


def test_whoever_knows_the_password_can_have_the_mail_sent_again(
    visitor: Visitor,
    unconfirmed: Viewer,
    services: Services,
    worker: Worker,
    db: Database,
) -> None:
    held = visitor.log_in("bob")
    assert held.status_code == 403
    page = Page(held.text)
    assert page.one("h1").text == "First confirm your address"
    response = visitor.post(page.one("form")["action"])
    assert (response.status_code, response.location) == (303, "/auth/confirm")
    page = visitor.page("/auth/confirm")
    assert page.flashes == [SENT]
    assert page.one("form")["action"] == "/auth/confirm"
    assert mails(db) == [TO_BOB]
    assert visitor.post(link_of_next_mail(services, worker)).status_code == 303
    assert address_of(db, unconfirmed)[1] is not None
    # From here on there is nothing to ask for.
    assert not visitor.page("/auth/confirm").all("form")
    assert visitor.post("/auth/confirm").location == "/auth/login"
    assert mails(db) == []


def test_nobody_else_can_have_it_sent(visitor: Visitor, unconfirmed: Viewer, db: Database) -> None:
    assert not visitor.page("/auth/confirm").all("form")
    assert visitor.log_in("bob", "not the password").status_code == 401
    response = visitor.post("/auth/confirm", {"identifier": "bob", "account_id": unconfirmed.id})
    assert (response.status_code, response.location) == (303, "/auth/login")
    assert visitor.page("/auth/login").flashes == ["Log in, and we send you the mail again."]
    assert mails(db) == []


def test_a_person_who_is_logged_in_can_have_it_sent(
    app: Flask, unconfirmed: Viewer, cast: Cast, db: Database
) -> None:
    assert Visitor.signed_in(app, unconfirmed).post("/auth/confirm").location == "/auth/confirm"
    Visitor.signed_in(app, cast.carol).post("/auth/confirm")
    assert mails(db) == [TO_BOB]


def test_nobody_gets_more_than_some_mails(
    visitor: Visitor, unconfirmed: Viewer, db: Database
) -> None:
    visitor.log_in("bob")
    said = []
    for _ in range(4):
        visitor.post("/auth/confirm")
        said += visitor.page("/auth/confirm").flashes
    assert said == [SENT, SENT, SENT, ENOUGH]
    assert mails(db) == [TO_BOB] * 3


@pytest.mark.sqlite_only
def test_whose_account_is_gone_is_led_to_the_login(
    visitor: Visitor, unconfirmed: Viewer, db: Database
) -> None:
    visitor.log_in("bob")
    db.write(lambda session: session.delete(session.get_one(User, unconfirmed.id)))
    assert not visitor.page("/auth/confirm").all("form")
    assert visitor.post("/auth/confirm").location == "/auth/login"
