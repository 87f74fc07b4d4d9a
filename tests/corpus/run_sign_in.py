"""Cases about signing in, registering and sessions."""

import re
import statistics
import time
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

from sqlalchemy import select

from microblog.models import Account, LoginSession, User
from tests import make
from tests.browser import host_reached
from tests.cast import PASSWORD
from tests.corpus.badinputs import expand
from tests.corpus.scene import Scene
from tests.page import Page
from tests.parallel import at_once
from tests.snapshot import count, snapshot
from tests.visitor import Visitor

NEW = {
    "username": "dave",
    "email": "dave@ex.com",
    "password": PASSWORD,
    "password_again": PASSWORD,
}
MEDIAN_OF = 15
SAME_SECONDS = 0.005


def open_redirect(scene: Scene) -> None:
    """Follow the redirect of a sign-in as a browser does, on http and on https."""
    target = scene.case.input["query"]["next"].replace("OUR.HOST", "localhost")
    visitor = scene.visitor()
    if scene.case.input["path"] == "/auth/register":
        shown = visitor.get("/auth/register", query_string={"next": target})
        assert "evil" not in shown.text
        response = visitor.post("/auth/register", NEW, query_string={"next": target})
        scene.assert_answered(shown)
    else:
        form = {"identifier": "alice", "password": PASSWORD}
        response = visitor.post("/auth/login", form, query_string={"next": target})
    scene.assert_answered(response)
    assert visitor.is_logged_in
    again = visitor.get("/auth/login", query_string={"next": target})
    for answer in (response, again):
        for base in ("http://localhost/auth/login", "https://localhost/auth/login"):
            assert host_reached(answer.headers["Location"], base) == "localhost"
        assert "a=b" not in str(answer.headers)


def account_enumeration(scene: Scene) -> None:
    """Compare the answers, and the time they take, for a person and for nobody."""
    path = "/auth/reset" if "reset" in scene.case.surface else "/auth/login"
    known, unknown = (
        {**pair, "identifier": pair.get("username") or pair["email"]}
        for pair in scene.case.input["pair"]
    )
    visitor = scene.visitor()
    form = {"csrf_token": visitor.token()}
    answers: dict[str, Any] = {}
    seconds: dict[str, list[float]] = {}
    for person in (known, unknown) * MEDIAN_OF:
        make.attempts_forgotten(scene.db)
        name = person["identifier"]
        began = time.thread_time()
        response = visitor.post_raw(path, data=form | person)
        seconds.setdefault(name, []).append(time.thread_time() - began)
        scene.assert_answered(response)
        # The token of the form holds the second in which it was made.
        page = re.sub(r'name="csrf_token"[^>]*>', "", response.text).replace(name, "NAME")
        varying = ("X-Request-Id", "Content-Length")
        headers = [pair for pair in response.headers if pair[0] not in varying]
        answers[name] = (response.status_code, headers, page)
    assert answers[known["identifier"]] == answers[unknown["identifier"]]
    medians = [statistics.median(times) for times in seconds.values()]
    if scene.measures:
        assert abs(medians[0] - medians[1]) < SAME_SECONDS, medians


def session_fixation(scene: Scene) -> None:
    """Bring cookies to a sign-in, and find them dead after it."""
    visitor = scene.visitor()
    visitor.set_cookie("login", "known-to-an-attacker")
    visitor.get("/auth/login")
    before = {name: visitor.cookie(name) for name in ("login", "session")}
    response = visitor.log_in("alice")
    scene.assert_answered(response)
    visitor.get("/")
    after = {name: visitor.cookie(name) for name in ("login", "session")}
    thief = scene.visitor()
    for name, value in before.items():
        assert value
        assert after[name] not in (value, None)
        thief.set_cookie(name, value)
    assert not thief.is_logged_in


def session_replay(scene: Scene) -> None:
    """Copy every cookie, sign out, and bring them back."""
    visitor = scene.visitor()
    visitor.log_in("alice", remember_me="y")
    visitor.get("/")
    copies = {name: visitor.cookie(name) for name in ("login", "session")}
    visitor.post("/auth/logout")
    thief = scene.visitor()
    for name, value in copies.items():
        assert value
        thief.set_cookie(name, value)
    scene.assert_answered(thief.get("/settings/profile"))
    assert count(scene.db, LoginSession) == 0


def session_idle(scene: Scene) -> None:
    """Keep a session in use past its time, and leave another one alone until then."""
    for hours in (8, 24):
        visitor = scene.browser()
        for _ in range(24 // hours):
            assert visitor.is_logged_in
            visitor.get("/").close()
            make.sessions_older(scene.db, timedelta(hours=hours))
        scene.assert_answered(visitor.get("/settings/profile"))


def login_csrf(scene: Scene) -> None:
    """Have another site's page sign somebody in as the attacker."""
    visitor = scene.visitor()
    form = {"identifier": "bob", "password": PASSWORD}
    for token in ({}, {"csrf_token": visitor.token()}):
        headers = scene.case.input["headers"]
        response = visitor.post_raw("/auth/login", data=form | token, headers=headers)
        scene.assert_answered(response)
        assert not visitor.is_logged_in
    assert count(scene.db, LoginSession) == 0


def cookie_flags(scene: Scene) -> None:
    """Read the cookies of a sign-in over https."""
    with scene.https() as https:
        visitor = Visitor(https)
        responses = [visitor.log_in("alice", remember_me="y"), visitor.get("/")]
    scene.assert_answered(responses[0])
    for header in [h for r in responses for h in r.headers.getlist("Set-Cookie")]:
        cookie: SimpleCookie = SimpleCookie(header)
        for name, morsel in cookie.items():
            assert name.startswith("__Host-")
            assert morsel["secure"]
            assert morsel["httponly"]
            assert (morsel["samesite"], morsel["path"], morsel["domain"]) == ("Lax", "/", "")


def cookie_parse(scene: Scene) -> None:
    """Bring a cookie without a name before the true one."""
    with scene.https() as https:
        token = Visitor.signed_in(https, scene.cast.alice).cookie("__Host-login")
        assert token
        header = scene.case.input["headers"]["Cookie"].replace("session", "login")
        stranger = Visitor(https, keeps_cookies=False)
        cookie = header.replace("<valid>", token)
        response = stranger.get(scene.case.path, headers={"Cookie": cookie})
    scene.assert_answered(response)
    assert "/@alice" in Page(response.text).links


def username(scene: Scene) -> None:
    """Take the name at every place where a name can be taken."""
    name = expand(scene.case.input["username"])
    before = snapshot(scene.db)
    response = scene.visitor().post("/auth/register", NEW | {"username": name})
    scene.assert_answered(response)
    assert list(Page(response.text).field_errors) == ["username"]
    command = ["account", "create", name, "--email", "dave@ex.com", "--password", PASSWORD]
    assert scene.app.test_cli_runner().invoke(args=command).exit_code == 1
    assert snapshot(scene.db) == before
    first = scene.start_over()
    first.post("/setup", NEW | {"name": "Here", "username": "alice"})
    again = scene.visitor().post("/auth/register", NEW | {"username": name, "email": "e@ex.com"})
    scene.assert_answered(again)
    assert count(scene.db, Account) == 1


def email(scene: Scene) -> None:
    """Register with the address: refused, or kept as one plain address."""
    address = scene.case.input["email"]
    before = count(scene.db, User)
    response = scene.visitor().post("/auth/register", NEW | {"email": address})
    scene.assert_answered(response)
    command = ["account", "create", "eve", "--email", address, "--password", PASSWORD]
    made = scene.app.test_cli_runner().invoke(args=command)
    if response.status_code == 422:
        assert list(Page(response.text).field_errors) == ["email"]
        assert made.exit_code == 1
        assert count(scene.db, User) == before
    with scene.db.read() as session:
        addresses = session.scalars(select(User.email)).all()
    assert len(set(map(str.casefold, addresses))) == len(addresses)
    for kept in addresses:
        assert re.fullmatch(r"[^\s@<>,\x00-\x20]+@[a-z0-9.-]+", kept)


def register_race(scene: Scene) -> None:
    """Register many at once under one name; one gets it."""

    def register(number: int) -> int:
        visitor = scene.visitor()
        form = NEW | {"email": f"dave{number}@ex.com", "csrf_token": visitor.token()}
        request = {
            "data": form,
            "headers": {"Accept": "application/json"},
            # One network makes only so many accounts.
            "environ_overrides": {"REMOTE_ADDR": f"192.0.2.{number}"},
        }
        # While one password is hashed everybody else is asked to try again, which is no failure.
        while (answer := visitor.post_raw("/auth/register", **request)).status_code == 503:
            assert answer.headers["Retry-After"]
        scene.assert_answered(answer)
        return answer.status_code

    before = count(scene.db, Account)
    runners = [lambda number=n: register(number) for n in range(scene.case.input["parallel"])]
    answers = at_once(*runners)
    assert sorted(answers) == [303] + [422] * (len(runners) - 1)
    assert (count(scene.db, Account), count(scene.db, User)) == (before + 1, before + 1)


def password_length(scene: Scene) -> None:
    """Register with each password, and sign in with it and with less of it."""
    for number, given in enumerate(scene.case.input["passwords"]):
        password = expand(given)
        form = NEW | {"username": f"dave{number}", "email": f"dave{number}@ex.com"}
        visitor = scene.visitor()
        form |= {"password": password, "password_again": password}
        response = visitor.post("/auth/register", form)
        scene.assert_answered(response)
        size = len(password.encode())
        taken = 8 <= size <= 1024
        assert response.status_code == (303 if taken else 413 if size > 500_000 else 422)
        signed_in = scene.visitor()
        assert (signed_in.log_in(f"dave{number}", password).status_code == 303) is taken
        if taken:
            assert scene.visitor().log_in(f"dave{number}", password[:-1]).status_code == 401
    long = "a" * 1025
    refused = scene.visitor().post(
        "/auth/register", NEW | {"password": long, "password_again": long}
    )
    assert refused.status_code == 422
    assert list(Page(refused.text).field_errors) == ["password"]


RUNNERS = {
    "open-redirect": open_redirect,
    "account-enumeration": account_enumeration,
    "session-fixation": session_fixation,
    "session-replay": session_replay,
    "session-idle": session_idle,
    "login-csrf": login_csrf,
    "cookie-flags": cookie_flags,
    "cookie-parse": cookie_parse,
    "username": username,
    "email": email,
    "register-race": register_race,
    "password-length": password_length,
}
