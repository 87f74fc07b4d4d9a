"""Which pages are for members only, and which hosts the server answers to."""

from pathlib import Path

import pytest
from flask import Flask

from microblog.db import Database
from tests import make
from tests.beside import HTTPS, application_beside
from tests.cast import Cast
from tests.routes import Route, routes
from tests.snapshot import snapshot
from tests.visitor import Visitor

pytestmark = pytest.mark.sqlite_only

# What a visitor may see and do; everything else leads to the login.
OPEN = {
    *("assets.show", "assets.favicon", "media.show", "media.show_identicon"),
    *("explore.show", "tags.show", "profiles.show", "profiles.show_by_old_address"),
    *("people.followers", "people.following", "posts.show", "setup.new", "setup.create"),
    *("registrations.new", "registrations.create", "sessions.new", "sessions.create"),
    *("sessions.delete", "home.index"),
    *("second_steps.new", "second_steps.create"),
    *("resets.new", "resets.create", "resets.sent", "resets.edit", "resets.update"),
    *("confirmations.new", "confirmations.create", "confirmations.show", "confirmations.confirm"),
    *("profiles.replies", "profiles.media", "relationships.card", "history.show"),
    *("messages.send_by_old_address", "reactions.boosts", "reactions.favourites"),
    *("registrations.waiting", "about.show", "language.show", "language.choose", "keys.show"),
}
PRIVATE = (b"@ex.com", b"$argon2", b'form="act"', b"/auth/logout", b"Edit profile")


@pytest.fixture
def everything(app: Flask, cast: Cast, db: Database) -> list[Route]:
    """Return every address there is, each for a thing that is there."""
    post_id = make.post(db, cast.alice, "#tea")
    values = {"username": "alice", "post_id": post_id, "name": "tea", "id_": str(cast.alice.id)}
    values["draft_id"] = make.draft(db, cast.alice)
    values["conversation_id"] = make.message(db, cast.alice, cast.bob, cast.carol).conversation_id
    return list(routes(app, folder="ab", token="x", account_id=cast.bob.id, job_id=1, **values))


def test_a_visitor_is_led_to_the_login_from_whatever_is_for_members(
    visitor: Visitor, everything: list[Route], db: Database
) -> None:
    before = snapshot(db)
    # What is for admins is not there for anybody else: test_web_admin tries it.
    here = [route for route in everything if not route.path.startswith("/admin")]
    closed = [route for route in here if route.endpoint not in OPEN]
    assert {route.endpoint for route in closed} == {
        *("home.show", "updates.show", "composer.create"),
        *("completion.show", "composer.new", "composer.reply", "drafts.index", "drafts.save"),
        *("drafts.ask_to_delete", "drafts.delete", "uploads.create"),
        *("bookmarks.show", "favourites.show"),
        *("posts.ask_to_delete", "posts.delete", "settings.profile", "settings.edit_profile"),
        *("acting.act", "acting.choose", "acting.menu", "acting.undo"),
        *("conversations.accept", "conversations.ask_to_delete", "conversations.ask_to_leave"),
        *("conversations.delete", "conversations.index", "conversations.leave"),
        *("conversations.read", "conversations.requests", "messages.begin", "messages.new"),
        *("messages.send", "messages.show"),
        *("notification_settings.choose", "notification_settings.show"),
        *("notifications.mentions", "notifications.read", "notifications.show"),
        *("people_settings.blocked", "people_settings.muted", "people_settings.requests"),
        *("relationships.ask_to_block", "relationships.change"),
        *("relationships.menu", "editing.edit", "editing.update"),
        *("editing.ask_to_redraft", "editing.redraft"),
        *("translations.show", "translations.create"),
        *("settings.preferences", "settings.edit_preferences"),
        *("account_settings.show", "account_settings.change_email"),
        *("account_settings.send_confirmation", "account_settings.change_password"),
        *("account_settings.begin_deletion", "account_settings.cancel_deletion"),
        *("security_settings.show", "security_settings.end", "security_settings.end_others"),
        *("second_factor.show", "second_factor.begin", "second_factor.new", "second_factor.create"),
        *("second_factor.ask_for_codes", "second_factor.create_codes"),
        *("second_factor.ask_to_delete", "second_factor.delete"),
    }
    form = {"csrf_token": visitor.token(), "text": "x", "theme": "dark", "display_name": "x"}
    for route in closed:
        data = form if route.method == "POST" else None
        for headers in ({}, {"HX-Request": "true"}):
            response = visitor.open(route.path, method=route.method, data=data, headers=headers)
            if route.endpoint == "home.show":
                assert (response.status_code, response.location) == (302, "/explore")
            elif headers or route.endpoint == "updates.show":
                assert response.status_code == 401, route
            else:
                assert response.status_code == 303, route
                assert response.location.startswith("/auth/login")
            assert "alice@ex.com" not in response.text
    assert snapshot(db) == before


def test_no_page_shows_a_visitor_what_is_a_members_own(
    visitor: Visitor, everything: list[Route], db: Database
) -> None:
    before = snapshot(db)
    for route in everything:
        if route.method == "GET":
            response = visitor.get(route.path)
            assert response.status_code < 500, route
            for private in PRIVATE:
                assert private not in response.data, route
    assert snapshot(db) == before


def test_every_page_answers_a_member(
    app: Flask, cast: Cast, everything: list[Route], db: Database
) -> None:
    alice = Visitor.signed_in(app, cast.alice)
    pages = [route for route in everything if route.method == "GET"]
    # Without a translator, there are no translations.
    missing = {"assets.show", "media.show", "admin.mail.show", "translations.show"}
    # Their token is no link's.
    dead = {"confirmations.show", "resets.edit"}
    for route in pages:
        with alice.get(route.path) as response:
            expected = (404,) if route.endpoint in missing else (200, 301, 302, 303)
            expected = (404,) if route.endpoint in dead else expected
            assert response.status_code in expected, route
            own = b"alice@ex.com" if route.endpoint == "account_settings.show" else b"none"
            is_admins = route.path.startswith("/admin")
            assert is_admins or b"@ex.com" not in response.data.replace(own, b"")


def test_every_address_answers_head_and_options_and_nothing_strange(
    app: Flask, cast: Cast, everything: list[Route], db: Database
) -> None:
    alice = Visitor.signed_in(app, cast.alice)
    before = snapshot(db)
    for path in {route.path for route in everything}:
        for method in ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "QUERY"):
            with alice.open(path, method=method) as response:
                assert response.status_code < 500, (method, path)
    assert snapshot(db) == before


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "evil.localhost",
        "localhost:80@evil.example",
        "localhost:x",
        "localhost:",
        "local host",
        "localhost/evil",
        "localhost\\",
        "[::1",
        "",
        "é.example",
        "x" * 5000,
    ],
)
def test_an_unknown_host_is_refused(visitor: Visitor, cast: Cast, db: Database, host: str) -> None:
    before = snapshot(db)
    for path in ("/explore", "/auth/login", "/favicon.ico", "/nothing"):
        response = visitor.get(path, headers={"Host": host})
        assert response.status_code == 400
        assert "evil" not in response.text
    token = visitor.token()
    form = {"identifier": "alice", "password": make.PASSWORD, "csrf_token": token}
    answer = visitor.post_raw("/auth/login", data=form, headers={"Host": host})
    assert answer.status_code == 400
    assert snapshot(db) == before


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:5000", "127.0.0.1:8080", "[::1]:5000"])
def test_the_machine_itself_answers_by_its_own_names(visitor: Visitor, host: str) -> None:
    assert visitor.get("/explore", headers={"Host": host}).status_code == 200


def test_a_public_server_answers_to_its_names_only(app: Flask, cast: Cast, tmp_path: Path) -> None:
    settings = {"PUBLIC_URL": HTTPS, "HOST": "0.0.0.0", "TRUSTED_HOSTS": ("other.example",)}
    with application_beside(app, tmp_path, **settings) as beside:
        visitor = Visitor(beside)
        for host, status in [
            ("microblog.example", 200),
            ("microblog.example:443", 200),
            ("other.example", 200),
            ("localhost", 400),
            ("127.0.0.1", 400),
            ("www.microblog.example", 400),
        ]:
            assert visitor.get("/explore", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    "header", ["X-Forwarded-Host", "X-Original-Host", "Forwarded", "X-Forwarded-Server", "X-Host"]
)
def test_no_other_header_names_the_host(visitor: Visitor, header: str) -> None:
    response = visitor.get("/settings/profile", headers={header: "host=evil.example"})
    assert response.status_code == 303
    assert response.location.startswith("/auth/login")
    assert "evil" not in visitor.get("/explore", headers={header: "evil.example"}).text
