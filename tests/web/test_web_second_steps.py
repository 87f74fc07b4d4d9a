"""The second step of logging in: a code, for those who have a second factor."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from werkzeug.test import TestResponse

from microblog import clock
from microblog.db import Database
from microblog.domain import second_factor, security_log
from microblog.models import Account, LoginSession, User
from tests.authenticator import Authenticator
from tests.cast import PASSWORD, Cast
from tests.page import Page
from tests.snapshot import count, snapshot
from tests.visitor import Visitor

CODE = "/auth/login/code"
NOT_RIGHT = "This code is not right, or was used before. Type the next one."
TOO_LATE = "Log in again: that took too long, or your password has changed."


@pytest.fixture
def phone(db: Database, cast: Cast) -> Authenticator:
    """Return Bob's authenticator."""
    return Authenticator.of(db, cast.bob)


@pytest.fixture
def halfway(visitor: Visitor, phone: Authenticator) -> Visitor:
    """Return the browser of somebody who has given Bob's password."""
    assert visitor.log_in("bob").location == CODE
    return visitor


def send(visitor: Visitor, code: str, path: str = CODE) -> TestResponse:
    return visitor.post(path, {"code": code})


def rewrite(app: Flask, visitor: Visitor, change: Callable[[dict[str, Any]], None]) -> None:
    """Change what the server itself has put into a browser's signed cookie."""
    interface = app.session_interface
    assert isinstance(interface, SecureCookieSessionInterface)
    signer = interface.get_signing_serializer(app)
    assert signer is not None
    kept = dict(signer.loads(visitor.cookie("session") or ""))
    change(kept)
    signed = signer.dumps(kept)
    visitor.set_cookie("session", signed if isinstance(signed, str) else signed.decode())


def test_who_has_no_second_factor_is_logged_in_by_the_password_alone(
    visitor: Visitor, phone: Authenticator
) -> None:
    assert visitor.log_in("alice").location == "/"
    assert visitor.is_logged_in


def test_a_password_alone_opens_nothing(
    halfway: Visitor, app: Flask, cast: Cast, db: Database
) -> None:
    assert halfway.cookie("login") is None
    assert count(db, LoginSession) == 0
    before = snapshot(db)
    for path in (
        "/settings/profile",
        "/settings/second-factor/new",
        "/settings/second-factor/delete",
    ):
        assert halfway.get(path).location.startswith("/auth/login")
        form = {"current_password": PASSWORD, "code": "1", "display_name": "x"}
        assert halfway.post(path, form).location.startswith("/auth/login")
    assert halfway.get("/").location == "/explore"
    assert halfway.post("/posts", {"text": "x"}).location.startswith("/auth/login")
    assert snapshot(db) == before


def test_a_code_logs_in_and_leads_on(
    visitor: Visitor, phone: Authenticator, cast: Cast, db: Database
) -> None:
    form = {"identifier": "bob", "password": PASSWORD}
    asked = visitor.post("/auth/login?next=/settings/preferences", form).location
    page = visitor.page(asked)
    assert page.one("h1").text == "One more step"
    target = page.one("form", "form")["action"]
    response = send(visitor, phone.code(later=1), target)
    assert (response.status_code, response.location) == (303, "/settings/preferences")
    assert "/@bob" in visitor.page("/").links
    with db.read() as session:
        assert security_log.list_for(session, cast.bob.id)[0].kind == "signed_in"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil", "x", ""])
def test_the_code_leads_to_no_other_server(
    visitor: Visitor, phone: Authenticator, target: str
) -> None:
    visitor.post("/auth/login", {"identifier": "bob", "password": PASSWORD})
    response = visitor.post(
        CODE, {"code": phone.code(later=1)}, query_string={"next": target, "recovery": "1"}
    )
    assert (response.status_code, response.location) == (303, "/")


def test_whoever_wants_to_stay_logged_in_does(visitor: Visitor, phone: Authenticator) -> None:
    for remember, code in (({}, phone.code(later=1)), ({"remember_me": "y"}, "recovery")):
        visitor.log_in("bob", **remember)
        response = send(visitor, phone.recovery_codes[0] if code == "recovery" else code)
        (cookie,) = (c for c in response.headers.getlist("Set-Cookie") if c.startswith("login="))
        assert ("Max-Age" in cookie) == bool(remember)
        visitor.post("/auth/logout")


def test_a_wrong_code_stays_outside_and_is_said_at_the_field(
    halfway: Visitor, phone: Authenticator, cast: Cast, db: Database
) -> None:
    response = send(halfway, phone.code(later=-5))
    assert response.status_code == 401
    page = Page(response.text)
    assert page.field_errors == {"code": NOT_RIGHT}
    assert not halfway.is_logged_in
    with db.read() as session:
        assert security_log.list_for(session, cast.bob.id)[0].kind == "sign_in_failed"
    assert send(halfway, phone.code(later=1)).status_code == 303
    assert halfway.is_logged_in


def test_a_field_left_empty_is_said_at_the_field(halfway: Visitor) -> None:
    response = send(halfway, "")
    assert response.status_code == 422
    assert Page(response.text).field_errors == {"code": "Fill this in."}


@pytest.mark.parametrize(
    "typed", ["0", "\0", "123456\0", "%", "' OR 1=1 --", "x" * 100_000, "٣" * 6, "<b>", "😀" * 999]
)
def test_odd_codes_are_refused(halfway: Visitor, typed: str) -> None:
    response = send(halfway, typed)
    assert response.status_code == 401
    assert Page(response.text).field_errors == {"code": NOT_RIGHT}


def test_one_code_logs_in_once(app: Flask, phone: Authenticator) -> None:
    first, second = Visitor(app), Visitor(app)
    for visitor in (first, second):
        visitor.log_in("bob")
    assert send(first, phone.code(later=1)).status_code == 303
    assert send(second, phone.code(later=1)).status_code == 401
    assert (first.is_logged_in, second.is_logged_in) == (True, False)


def test_of_several_browsers_that_send_one_code_at_once_one_is_logged_in(
    app: Flask, cast: Cast, phone: Authenticator, db: Database
) -> None:
    visitors = [Visitor(app) for _ in range(4)]
    for visitor in visitors:
        visitor.log_in("bob")
    tokens = [visitor.token() for visitor in visitors]
    start = Barrier(len(visitors))

    def enter(number: int) -> int:
        form = {"csrf_token": tokens[number], "code": phone.code(later=1)}
        start.wait()
        return visitors[number].post_raw(CODE, data=form).status_code

    with ThreadPoolExecutor(len(visitors)) as pool:
        answers = list(pool.map(enter, range(len(visitors))))
    assert sorted(answers) == [303, 401, 401, 401]
    assert count(db, LoginSession) == 1


def test_a_recovery_code_logs_in_once_and_one_learns_how_many_are_left(
    halfway: Visitor, phone: Authenticator
) -> None:
    page = halfway.page(CODE)
    (other,) = (link for link in page.links if "recovery" in link)
    assert "recovery codes" in halfway.page(other).one("p", "field-hint").text
    code = phone.recovery_codes[0].upper().replace("-", " ")
    assert send(halfway, code, other).status_code == 303
    assert halfway.page("/").flashes == ["That recovery code is used up. 9 are left."]
    halfway.post("/auth/logout")
    halfway.log_in("bob")
    assert send(halfway, code).status_code == 401


def test_after_five_wrong_codes_one_begins_with_the_password(
    halfway: Visitor, phone: Authenticator
) -> None:
    older_cookie = halfway.cookie("session") or ""
    answers = [send(halfway, "000000") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [401] * 4 + [303]
    assert answers[-1].location == "/auth/login"
    assert halfway.page("/auth/login").flashes == ["That was not right too often. Log in again."]
    for _ in range(2):
        assert send(halfway, phone.code(later=1)).location == "/auth/login"
        assert not halfway.is_logged_in
        # Nor does it help to send the cookie of before.
        halfway.set_cookie("session", older_cookie)
    halfway.log_in("bob")
    assert send(halfway, phone.code(later=1)).location == "/"


def test_whoever_goes_on_guessing_is_asked_to_wait(visitor: Visitor, phone: Authenticator) -> None:
    answers = []
    for _ in range(3):
        visitor.log_in("bob")
        answers += [send(visitor, "000000") for _ in range(5)]
    late = answers[-1]
    assert late.status_code == 429
    assert 0 < int(late.headers["Retry-After"]) <= 900
    assert send(visitor, phone.code(later=1)).status_code == 429
    assert not visitor.is_logged_in


def test_after_five_minutes_one_begins_with_the_password(
    app: Flask, halfway: Visitor, phone: Authenticator
) -> None:
    def grow_old(kept: dict[str, Any]) -> None:
        account_id, remember, began_at, *rest = kept["second_step"]
        kept["second_step"] = [account_id, remember, began_at - 301, *rest]

    rewrite(app, halfway, grow_old)
    assert send(halfway, phone.code(later=1)).location == "/auth/login"
    assert halfway.page("/auth/login").flashes == [TOO_LATE]
    assert not halfway.is_logged_in


@pytest.mark.parametrize("change", ["password", "switched off", "set up anew", "suspended", "gone"])
def test_what_changes_in_between_sends_back_to_the_password(
    halfway: Visitor, phone: Authenticator, cast: Cast, db: Database, change: str
) -> None:
    code = phone.code(later=1)

    def act(session: Any) -> None:
        user = session.get_one(User, cast.bob.id)
        if change == "password":
            user.password_hash = user.password_hash[:-1] + "x"
        elif change == "suspended":
            session.get_one(Account, cast.bob.id).suspended_at = clock.now()
        elif change == "gone":
            session.delete(session.get_one(Account, cast.bob.id))
        else:
            second_factor.switch_off(session, cast.bob.id)

    db.write(act)
    if change == "set up anew":
        code = Authenticator.of(db, cast.bob).code(later=1)
    for answer in (halfway.get(CODE), send(halfway, code)):
        assert (answer.status_code, answer.location) == (303, "/auth/login")
    assert count(db, LoginSession) == 0


def test_the_step_belongs_to_one_browser(
    app: Flask, halfway: Visitor, phone: Authenticator
) -> None:
    other = Visitor(app)
    assert other.get(CODE).location == "/auth/login"
    assert send(other, phone.code(later=1)).location == "/auth/login"
    assert other.page("/auth/login").flashes == []
    assert not other.is_logged_in
    assert send(halfway, phone.code(later=1)).location == "/"


def test_a_forged_cookie_opens_no_step(visitor: Visitor, phone: Authenticator) -> None:
    visitor.log_in("bob")
    name, timestamp, signature = (visitor.cookie("session") or "").split(".")[-3:]
    visitor.set_cookie("session", f"{name}.{timestamp}.{signature[::-1]}")
    assert visitor.get(CODE).location == "/auth/login"


def test_the_cookie_tells_nobody_a_secret(
    app: Flask, halfway: Visitor, cast: Cast, db: Database
) -> None:
    seen: list[str] = []
    rewrite(app, halfway, lambda kept: seen.append(str(kept)))
    with db.read() as session:
        user = session.get_one(User, cast.bob.id)
    assert user.totp_secret
    assert user.totp_secret not in seen[0]
    assert not any(part in seen[0] for part in user.password_hash.split("$")[-2:])


def test_opening_the_page_uses_nothing_up(halfway: Visitor, db: Database) -> None:
    before = snapshot(db)
    for _ in range(10):
        assert halfway.page(CODE).one("input", name="code")["autocomplete"] == "one-time-code"
    assert snapshot(db) == before


def test_whoever_was_logged_in_before_is_so_no_more(
    app: Flask, cast: Cast, phone: Authenticator, db: Database
) -> None:
    visitor = Visitor.signed_in(app, cast.alice)
    visitor.log_in("bob")
    assert send(visitor, phone.code(later=1)).status_code == 303
    assert "/@bob" in visitor.page("/").links
    assert count(db, LoginSession) == 1
