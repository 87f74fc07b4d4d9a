"""Every kind of answer has every point that Mozilla's Observatory gives for what it is."""

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from microblog import capacity
from microblog.domain.sessions import Visit
from microblog.web import assets, limits
from microblog.web.context import here
from tests import make
from tests.beside import application_beside
from tests.cast import PASSWORD, Cast
from tests.files import samples
from tests.multipart import Upload
from tests.observatory import score
from tests.routes import routes
from tests.visitor import Visitor

pytestmark = pytest.mark.sqlite_only

# Browsers know that whatever is below .dev speaks https.
ADDRESS = "https://microblog.dev"
MOST = 145
# What cannot be had: by an answer that sets no cookie, and by one that loads no script.
FOR_COOKIE, FOR_SCRIPTS = 5, 5
PUBLIC_ENDPOINTS = ("/assets/", "/media/", "/identicons/", "/favicon.ico")


@pytest.fixture
def server(app: Flask, cast: Cast, tmp_path: Path) -> Iterator[Flask]:
    """Return an application that is reached by https, and can fail."""
    with application_beside(app, tmp_path, PUBLIC_URL=ADDRESS) as beside:
        beside.testing = False

        @beside.get("/fails")
        def fail() -> str:
            raise RuntimeError("As it is meant to.")

        yield beside


def pages(server: Flask, cast: Cast, *, reader: Visitor) -> list[TestResponse]:
    """Return what a reader finds at every address there is."""
    db = server.extensions["microblog"].db
    post_id = make.post(db, cast.alice, "#tea")
    values = {"username": "alice", "post_id": post_id, "name": "tea", "id_": str(cast.alice.id)}
    values |= {"folder": "ab", "token": "x", "account_id": str(cast.bob.id), "job_id": "1"}
    values["draft_id"] = make.draft(db, cast.alice)
    values["conversation_id"] = make.message(db, cast.alice, cast.bob).conversation_id
    found = [route for route in routes(server, **values) if route.method == "GET"]
    assert len(found) > 25
    return [reader.get(route.path) for route in found]


def files(server: Flask, cast: Cast) -> list[TestResponse]:
    """Return what pages load: style, script, icons, pictures of all kinds."""
    alice = Visitor.signed_in(server, cast.alice)
    assert alice.upload("/settings/profile", {}, avatar=Upload(samples.tiny_png())).location
    make.follow(server.extensions["microblog"].db, cast.alice, cast.carol)
    make.post(server.extensions["microblog"].db, cast.alice)
    make.post(server.extensions["microblog"].db, cast.carol)
    page = alice.page("/")
    paths = [link["href"] for link in page.all("link")]
    paths += [element["src"] for name in ("script", "img") for element in page.all(name)]
    assert any(path.startswith("/media/") for path in paths)
    assert any(path.startswith("/identicons/") for path in paths)
    return [alice.get(path) for path in [*paths, "/favicon.ico"]]


def errors(server: Flask, cast: Cast) -> list[TestResponse]:
    """Return one page of every error, as a person and as a program get it."""
    alice, stranger = Visitor.signed_in(server, cast.alice), Visitor(server)
    with server.test_request_context("/"):
        here().visit = Visit(cast.bob, 1)
        for _ in range(200):
            limits.count_following()
    bob = Visitor.signed_in(server, cast.bob)
    with capacity.heavy_work():
        busy = stranger.log_in("alice")
    return [
        alice.post_raw("/posts"),
        alice.get("/explore", headers={"Host": "evil.example"}),
        alice.post_raw("/posts", headers={"Origin": "https://evil.example"}),
        alice.get("/nothing"),
        alice.get("/media/ab/nothing.webp"),
        alice.get("/assets/nothing.css"),
        alice.get("/nothing", headers={"Accept": "application/json"}),
        alice.open("/posts", method="DELETE"),
        alice.post_raw("/posts", data={"text": "x" * 2_000_000}),
        alice.post_raw("/posts", json={}),
        alice.post("/posts", {"text": ""}),
        stranger.log_in("alice", "wrong"),
        bob.post("/@carol/follow"),
        bob.post("/@carol/follow", headers={"Accept": "application/json"}),
        alice.get("/fails"),
        stranger.get("/fails", headers={"Accept": "application/json"}),
        busy,
    ]


def forms(server: Flask) -> list[TestResponse]:
    """Return what is answered to forms that are all right: redirects, with new cookies."""
    stranger = Visitor(server)
    new = {"username": "new", "email": "new@ex.com"}
    return [
        stranger.log_in("alice", remember_me="y"),
        stranger.post("/posts", {"text": "Hello"}),
        stranger.post("/auth/logout"),
        stranger.post("/auth/reset", {"identifier": "alice"}),
        stranger.post("/auth/register", new | {"password": PASSWORD, "password_again": PASSWORD}),
        stranger.get("/?before=5", headers={"HX-Request": "true"}),
        Visitor(server).get("/"),
    ]


def assert_scored(responses: list[TestResponse]) -> None:
    """Require every point, and that proxies keep only what is everybody's."""
    for response in responses:
        asked = (response.request.method, response.request.path, response.status_code)
        found = score(response, ADDRESS)
        most = MOST - FOR_COOKIE * (not found.has_cookie) - FOR_SCRIPTS * (not found.has_scripts)
        assert found.points == most, (asked, found)
        is_public = response.request.path.startswith(PUBLIC_ENDPOINTS)
        control = response.headers["Cache-Control"]
        if is_public and response.status_code == 200:
            assert control.startswith("public, max-age=")
            assert not found.has_cookie
        else:
            assert control == "private, no-store", asked
        response.close()


def test_every_page_of_a_visitor_has_every_point(server: Flask, cast: Cast) -> None:
    responses = pages(server, cast, reader=Visitor(server))
    assert_scored(responses)
    scores = [score(response, ADDRESS) for response in responses]
    # A form comes with a cookie, and with all that there is.
    assert max(found.points for found in scores) == MOST


def test_every_page_of_a_member_has_every_point(server: Flask, cast: Cast) -> None:
    assert_scored(pages(server, cast, reader=Visitor.signed_in(server, cast.bob)))


def test_every_page_of_an_admin_has_every_point(server: Flask, cast: Cast) -> None:
    assert_scored(pages(server, cast, reader=Visitor.signed_in(server, cast.alice)))


def test_every_answer_to_a_form_has_every_point(server: Flask) -> None:
    responses = forms(server)
    assert {response.status_code for response in responses} >= {302, 303}
    assert any(score(response, ADDRESS).has_cookie for response in responses)
    assert_scored(responses)


def test_every_error_has_every_point(server: Flask, cast: Cast) -> None:
    responses = errors(server, cast)
    statuses = {response.status_code for response in responses}
    assert statuses == {400, 401, 403, 404, 405, 413, 415, 422, 429, 500, 503}
    assert_scored(responses)


def test_every_file_has_every_point(server: Flask, cast: Cast) -> None:
    responses = files(server, cast)
    assert {response.status_code for response in responses} == {200}
    assert_scored(responses)


def test_scripts_are_checked_by_the_hash_of_what_is_sent(server: Flask, cast: Cast) -> None:
    page = Visitor(server).page("/explore")
    assert page.all("script")
    for script in page.all("script"):
        body = Visitor(server).get(script["src"]).data
        expected = base64.b64encode(hashlib.sha384(body).digest()).decode()
        assert script["integrity"] == f"sha384-{expected}"


@pytest.mark.parametrize(
    ("header", "value", "finding"),
    [
        ("Content-Security-Policy", None, "csp-missing"),
        ("Content-Security-Policy", "default-src 'self'", "csp-no-unsafe"),
        ("Content-Security-Policy", "default-src 'none'; script-src *", "csp-unsafe-inline"),
        ("Content-Security-Policy", "script-src 'unsafe-eval'", "csp-unsafe-inline"),
        ("Content-Security-Policy", "default-src 'unsafe-eval'", "csp-unsafe-eval"),
        ("Content-Security-Policy", "default-src http://a.example", "csp-insecure-scheme"),
        ("Set-Cookie", "login=x; HttpOnly; SameSite=Lax", "cookies-session-without-secure"),
        ("Set-Cookie", "login=x; Secure; SameSite=Lax", "cookies-session-without-http-only"),
        ("Set-Cookie", "zone=x", "cookies-without-secure"),
        ("Set-Cookie", "login=x; Secure; HttpOnly", "cookies-secure-http-only"),
        ("Location", "http://microblog.dev/", "redirection-not-to-https"),
        ("Location", "https://evil.example/", "redirection-off-host"),
        ("Referrer-Policy", "unsafe-url", "referrer-unsafe"),
        ("Strict-Transport-Security", None, "hsts-missing"),
        ("Strict-Transport-Security", "max-age=300", "hsts-short"),
        ("X-Content-Type-Options", None, "nosniff-missing"),
        ("Cross-Origin-Resource-Policy", None, "resource-policy-missing"),
        ("Content-Security-Policy", "default-src 'none'", "frames-allowed"),
    ],
)
def test_the_check_sees_what_is_wrong(
    server: Flask, header: str, value: str | None, finding: str
) -> None:
    visitor = Visitor(server)
    good = score(visitor.get("/auth/login"), ADDRESS)
    response = visitor.get("/auth/login")
    del response.headers[header]
    if value is not None:
        response.headers[header] = value
    found = score(response, ADDRESS)
    assert finding in found.findings
    assert found.points < good.points


def test_in_development_a_page_may_run_a_script_that_has_changed() -> None:
    folder = Path(assets.__file__).with_name("static")
    assert assets.Assets(folder, is_live=True).integrity("app.js") == ""
    assert assets.Assets(folder).integrity("app.js").startswith("sha384-")
