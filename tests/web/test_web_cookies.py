"""The cookies a browser gets, over http and over https."""

from collections.abc import Iterator
from datetime import timedelta
from http.cookies import Morsel, SimpleCookie
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from microblog.db import Database
from microblog.models import LoginSession
from tests.beside import HTTPS, application_beside
from tests.cast import PASSWORD, Cast
from tests.visitor import Visitor

pytestmark = pytest.mark.sqlite_only
DAY_SECONDS = 24 * 3600


@pytest.fixture
def https(app: Flask, cast: Cast, tmp_path: Path) -> Iterator[Flask]:
    """Return an application that people reach by https."""
    with application_beside(app, tmp_path, PUBLIC_URL=HTTPS, REMEMBER_DAYS=30) as beside:
        yield beside


def test_over_https_cookies_belong_to_this_host_and_travel_encrypted_only(https: Flask) -> None:
    visitor = Visitor(https)
    response = visitor.log_in("alice")
    kept = cookies_of(response) | cookies_of(visitor.get("/"))
    assert set(kept) == {"__Host-login", "__Host-session"}
    for cookie in kept.values():
        assert cookie["secure"]
        assert cookie["httponly"]
        assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")


def test_over_http_cookies_have_plain_names(visitor: Visitor) -> None:
    response = visitor.log_in("alice")
    kept = cookies_of(response) | cookies_of(visitor.get("/"))
    assert set(kept) == {"login", "session"}
    for cookie in kept.values():
        assert not cookie["secure"]
        assert cookie["httponly"]
        assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")


def test_a_login_lasts_as_long_as_the_browser_runs_and_no_longer_than_a_day(
    visitor: Visitor, db: Database
) -> None:
    assert cookies_of(visitor.log_in("alice"))["login"]["max-age"] == ""
    assert lifetime_of_the_session(db) == timedelta(days=1)


def test_a_remembered_login_lasts_as_long_as_the_setting_says(https: Flask, db: Database) -> None:
    response = Visitor(https).log_in("alice", remember_me="y")
    assert cookies_of(response)["__Host-login"]["max-age"] == str(30 * DAY_SECONDS)
    assert lifetime_of_the_session(db) == timedelta(days=30)


def test_a_logout_takes_the_cookie_away(https: Flask) -> None:
    visitor = Visitor(https)
    visitor.log_in("alice")
    gone = cookies_of(visitor.post("/auth/logout"))["__Host-login"]
    assert (gone.value, gone["max-age"]) == ("", "0")
    assert gone["secure"]
    assert visitor.cookie("__Host-login") is None


def test_a_cookie_of_http_opens_nothing_over_https(https: Flask, visitor: Visitor) -> None:
    visitor.log_in("alice")
    token = visitor.cookie("login")
    assert token is not None
    secure = Visitor(https)
    secure.set_cookie("login", token)
    assert not secure.is_logged_in


@pytest.mark.parametrize(
    "cookie",
    [
        "={name}=bad; {name}={token}",
        "{name}={token}; zone=\x00",
        "{name}={token}; session=not-ours",
        "{name}={token}; session=.eJw.x.y",
        "; ;;{name}={token};=;",
    ],
)
def test_strange_cookies_beside_it_do_not_matter(https: Flask, cast: Cast, cookie: str) -> None:
    owner = Visitor.signed_in(https, cast.alice)
    token = owner.cookie("__Host-login")
    header = cookie.format(name="__Host-login", token=token)
    stranger = Visitor(https, keeps_cookies=False)
    response = stranger.get("/settings/profile", headers={"Cookie": header})
    assert response.status_code == 200


@pytest.mark.parametrize("value", ["", "x", "\xff\xfe", "%00", "x" * 5000, "é" * 100])
def test_a_forged_login_is_nobodys(app: Flask, cast: Cast, value: str) -> None:
    visitor = Visitor(app, keeps_cookies=False)
    response = visitor.get("/", headers={"Cookie": f"login={value}"})
    assert (response.status_code, response.location) == (302, "/explore")


def test_a_login_needs_the_password_of_the_person(https: Flask) -> None:
    response = Visitor(https).log_in("alice", PASSWORD + "!")
    assert "__Host-login" not in cookies_of(response)


def lifetime_of_the_session(db: Database) -> timedelta:
    with db.read() as session:
        kept = session.scalars(select(LoginSession)).one()
    return kept.expires_at - kept.created_at


def cookies_of(response: TestResponse) -> "dict[str, Morsel[str]]":
    found: SimpleCookie = SimpleCookie()
    for header in response.headers.getlist("Set-Cookie"):
        found.load(header)
    return dict(found)
