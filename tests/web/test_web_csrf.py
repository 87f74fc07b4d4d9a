"""Forms that another site's page sends, or that carry no token, change nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from microblog.db import Database
from tests import make
from tests.beside import HTTPS, application_beside
from tests.cast import PASSWORD, Cast
from tests.page import Page
from tests.routes import Route, routes
from tests.snapshot import snapshot
from tests.visitor import Visitor

pytestmark = pytest.mark.sqlite_only

CHANGING = ("POST", "PUT", "PATCH", "DELETE")
FORM = {
    "text": "x",
    "identifier": "bob",
    "username": "dave",
    "email": "dave@ex.com",
    "password": PASSWORD,
    "password_again": PASSWORD,
    "display_name": "x",
    "about": "x",
    "theme": "dark",
    "name": "x",
    "use_gravatar": "1",
    "language": "de",
}
FORGED = [
    {"Origin": "https://evil.example"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://evil.example@localhost:80"},
    {"Origin": "http://localhost:81"},
    {"Origin": "http://["},
    {"Origin": ""},
    {"Origin": "localhost"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
]


@pytest.fixture
def forms(app: Flask, cast: Cast, db: Database) -> list[Route]:
    """Return every address that changes something, each for a thing that is Alice's."""
    post_id = make.post(db, cast.alice)
    values = {"username": "bob", "post_id": post_id, "name": "x", "folder": "ab", "id_": "1"}
    values |= {"token": "x", "account_id": str(cast.bob.id), "job_id": "1"}
    values |= {"draft_id": "1", "conversation_id": "1"}
    return [route for route in routes(app, **values) if route.method in CHANGING]


def test_everything_that_changes_something_is_sent_by_post(forms: list[Route]) -> None:
    assert {route.method for route in forms} == {"POST"}
    assert {route.endpoint for route in forms} == {
        "acting.act",
        "acting.choose",
        "acting.undo",
        "account_settings.begin_deletion",
        "account_settings.cancel_deletion",
        "account_settings.change_email",
        "account_settings.change_password",
        "account_settings.send_confirmation",
        "admin.accounts.demote",
        "admin.accounts.promote",
        "admin.accounts.reset_second_factor",
        "admin.accounts.restore",
        "admin.accounts.suspend",
        "admin.jobs.drop",
        "admin.jobs.retry",
        "admin.registrations.accept",
        "admin.registrations.refuse",
        "admin.settings.edit",
        "confirmations.confirm",
        "confirmations.create",
        "language.choose",
        "composer.create",
        "conversations.accept",
        "conversations.delete",
        "conversations.leave",
        "conversations.read",
        "drafts.delete",
        "drafts.save",
        "editing.redraft",
        "editing.update",
        "messages.begin",
        "messages.send",
        "notification_settings.choose",
        "notifications.read",
        "relationships.change",
        "posts.delete",
        "registrations.create",
        "resets.create",
        "resets.update",
        "second_factor.begin",
        "second_factor.create",
        "second_factor.create_codes",
        "second_factor.delete",
        "second_steps.create",
        "security_settings.end",
        "security_settings.end_others",
        "sessions.create",
        "sessions.delete",
        "settings.edit_preferences",
        "settings.edit_profile",
        "setup.create",
        "translations.create",
        "uploads.create",
    }


@pytest.mark.parametrize("token", [None, "", "x", "IjEyMyI.aaaa.bbbb", "é\0"])
def test_without_a_true_token_nothing_is_written(
    alice: Visitor, forms: list[Route], db: Database, token: str | None
) -> None:
    alice.get("/")
    before = snapshot(db)
    for route in forms:
        form = FORM | ({} if token is None else {"csrf_token": token})
        response = alice.post_raw(route.path, data=form)
        assert response.status_code == 400, route
        assert Page(response.text).one("h1").text == "This form has expired"
        assert "login" not in [name for name, _ in response.headers.items() if name == "Set-Cookie"]
    assert snapshot(db) == before
    assert alice.is_logged_in


def test_another_browsers_token_is_none(
    app: Flask, cast: Cast, forms: list[Route], alice: Visitor, db: Database
) -> None:
    token = Visitor.signed_in(app, cast.carol).token()
    alice.get("/")
    before = snapshot(db)
    for route in forms:
        response = alice.post_raw(route.path, data=FORM | {"csrf_token": token})
        assert response.status_code == 400, route
    assert snapshot(db) == before


@pytest.mark.parametrize("headers", FORGED)
def test_another_sites_page_changes_nothing_even_with_a_token(
    alice: Visitor, forms: list[Route], db: Database, headers: dict[str, str]
) -> None:
    form = FORM | {"csrf_token": alice.token()}
    before = snapshot(db)
    for route in forms:
        response = alice.post_raw(route.path, data=form, headers=headers)
        assert response.status_code == 403, route
        assert Page(response.text).one("h1").text == "You may not do this"
    assert snapshot(db) == before
    assert alice.is_logged_in


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Referer": "http://localhost/"},
        {"Referer": "https://evil.example/"},
    ],
)
def test_our_own_pages_forms_are_taken(alice: Visitor, headers: dict[str, str]) -> None:
    assert alice.post("/posts", {"text": "x"}, headers=headers).status_code == 303


def test_the_token_may_come_in_a_header(alice: Visitor, cast: Cast) -> None:
    headers = {"X-CSRFToken": alice.token(), "HX-Request": "true"}
    assert alice.post_raw("/@carol/follow", headers=headers).status_code == 200


@pytest.fixture
def https(app: Flask, cast: Cast, tmp_path: Path) -> Iterator[Flask]:
    """Return an application that people reach by https."""
    with application_beside(app, tmp_path, PUBLIC_URL=HTTPS) as beside:
        yield beside


def test_over_https_forms_are_taken_with_and_without_a_referrer(https: Flask, cast: Cast) -> None:
    alice = Visitor.signed_in(https, cast.alice)
    for headers in ({}, {"Origin": HTTPS}, {"Referer": f"{HTTPS}/"}):
        assert alice.post("/posts", {"text": "x"}, headers=headers).status_code == 303
    for origin in ("http://microblog.example:8000", "https://evil.example", f"{HTTPS}.evil"):
        response = alice.post("/posts", {"text": "x"}, headers={"Origin": origin})
        assert response.status_code == 403


def test_a_form_that_was_open_for_long_is_still_good(alice: Visitor, db: Database) -> None:
    form = {"csrf_token": alice.token(), "text": "x"}
    for _ in range(3):
        alice.get("/explore")
        assert alice.post_raw("/posts", data=form).status_code == 303
