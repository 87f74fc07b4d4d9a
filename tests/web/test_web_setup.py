"""The first minute of a server, as its first visitor has it."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from microblog.db import Database
from microblog.domain.viewer import ADMIN
from microblog.models import Account, Server, User
from microblog.services import Services
from microblog.web.setup import setup_code
from tests.beside import HTTPS, application_beside
from tests.make import PASSWORD
from tests.page import Page
from tests.snapshot import snapshot
from tests.visitor import Visitor

FORM = {
    "name": "Pine Street",
    "description": "The people of one street.",
    "username": "Ada",
    "email": "ada@ex.com",
    "password": PASSWORD,
    "password_again": PASSWORD,
}
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def first(app: Flask) -> Visitor:
    """Return the first visitor of an empty server."""
    return Visitor(app)


def test_the_first_visitor_is_led_to_the_setup_from_everywhere(first: Visitor) -> None:
    pages = ("/", "/explore", "/@alice", "/auth/login", "/auth/register", "/settings/profile")
    for path in (*pages, "/nothing"):
        response = first.get(path)
        assert (response.status_code, response.location) == (302, "/setup")


def test_nothing_can_be_sent_before_the_setup(first: Visitor, db: Database) -> None:
    response = first.post("/auth/register", FORM)
    assert response.status_code == 400
    assert all(not rows for rows in snapshot(db).values())


def test_the_setup_names_the_server_makes_its_admin_and_logs_them_in(
    first: Visitor, db: Database
) -> None:
    response = first.post("/setup", FORM)
    assert (response.status_code, response.location) == (303, "/")
    with db.read() as session:
        server = session.scalars(select(Server)).one()
        account, user = session.execute(select(Account, User).join(User.account)).one()
    assert (server.name, server.description) == ("Pine Street", "The people of one street.")
    assert (account.username, user.email, user.role) == ("Ada", "ada@ex.com", ADMIN)
    home = first.page("/")
    assert home.title == "Home · Pine Street"
    assert home.flashes == ["Your server is ready. Write the first post!"]


def test_the_setup_is_closed_once_it_is_done(first: Visitor, app: Flask, db: Database) -> None:
    first.post("/setup", FORM)
    before = snapshot(db)
    second = Visitor(app)
    page = second.get("/setup")
    assert (page.status_code, page.location) == (302, "/")
    again = second.post("/setup", FORM | {"username": "Eve", "email": "eve@ex.com"})
    assert (again.status_code, again.location) == (303, "/auth/login")
    assert second.page("/auth/login").flashes == [
        "Somebody has set up this server in the meantime: log in instead."
    ]
    assert snapshot(db) == before


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "\u200b \u2060"}, "name"),
        ({"name": "x" * 51}, "name"),
        ({"description": "x" * 301}, "description"),
        ({"name": "a\0b"}, "name"),
        ({"username": "admin"}, "username"),
        ({"email": "nowhere"}, "email"),
        ({"password": "short", "password_again": "short"}, "password"),
        ({"password_again": "something else"}, "password_again"),
    ],
)
@pytest.mark.sqlite_only
def test_a_mistake_is_said_at_its_field_and_nothing_is_set_up(
    first: Visitor, db: Database, change: dict[str, str], field: str
) -> None:
    response = first.post("/setup", FORM | change)
    assert response.status_code == 422
    page = Page(response.text)
    assert list(page.field_errors) == [field]
    assert page.one("input", name="username")["value"] == (FORM | change)["username"]
    assert all(not rows for rows in snapshot(db).values())


@pytest.mark.sqlite_only
def test_a_visitor_from_elsewhere_needs_the_code_that_was_printed(
    first: Visitor, services: Services
) -> None:
    code = setup_code(services.folder.secret_key)
    asked = first.page("/setup", environ_overrides=ELSEWHERE)
    assert asked.one("input", name="code")
    for wrong in ("", "0000000000", code[:-1], code + "0", "\xff"):
        response = first.post("/setup", FORM | {"code": wrong}, environ_overrides=ELSEWHERE)
        assert response.status_code == 422
        assert list(Page(response.text).field_errors) == ["code"]
    response = first.post("/setup", FORM | {"code": f" {code} "}, environ_overrides=ELSEWHERE)
    assert (response.status_code, response.location) == (303, "/")


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
@pytest.mark.sqlite_only
def test_behind_a_proxy_everybody_needs_the_code(first: Visitor, header: str) -> None:
    response = first.post("/setup", FORM, headers={header: "127.0.0.1"})
    assert response.status_code == 422
    assert list(Page(response.text).field_errors) == ["code"]


@pytest.mark.sqlite_only
def test_on_the_machine_itself_no_code_is_asked(first: Visitor) -> None:
    assert not first.page("/setup").all("input", name="code")
    assert first.post("/setup", FORM, environ_overrides={"REMOTE_ADDR": "::1"}).status_code == 303


@pytest.mark.sqlite_only
def test_the_admin_of_a_server_on_https_is_logged_in_too(app: Flask, tmp_path: Path) -> None:
    with application_beside(app, tmp_path, PUBLIC_URL=HTTPS) as beside:
        first = Visitor(beside)
        first.post("/setup", FORM)
        assert first.is_logged_in


@pytest.mark.parametrize(
    ("address", "mode"),
    [
        (None, "open"),
        ("http://localhost:8080", "open"),
        ("http://127.0.0.1:5000", "open"),
        ("http://[::1]:5000", "open"),
        ("http://blog.localhost", "open"),
        ("http://192.0.2.7:5000", "approval"),
        ("http://localhost.example", "approval"),
        (HTTPS, "approval"),
    ],
)
@pytest.mark.sqlite_only
def test_on_a_public_address_the_admin_lets_people_in(
    app: Flask, db: Database, tmp_path: Path, address: str | None, mode: str
) -> None:
    with application_beside(app, tmp_path, PUBLIC_URL=address) as beside:
        assert Visitor(beside).post("/setup", FORM).status_code == 303
    with db.read() as session:
        assert session.scalars(select(Server.registration_mode)).one() == mode


@pytest.mark.sqlite_only
def test_the_first_admin_needs_no_mail_to_come_back(app: Flask, tmp_path: Path) -> None:
    with application_beside(app, tmp_path, MAIL_SERVER="127.0.0.1", MAIL_PORT=1) as beside:
        first = Visitor(beside)
        first.post("/setup", FORM)
        first.post("/auth/logout")
        assert first.log_in("Ada").location == "/"


def test_a_wrong_host_is_refused_before_the_setup(first: Visitor) -> None:
    assert first.get("/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.sqlite_only
def test_pages_that_are_missing_say_so_before_the_setup(first: Visitor) -> None:
    response = first.get("/setup/nothing")
    assert response.status_code == 404
    assert Page(response.text).one("h1").text == "There is nothing here"
