"""The headers that every answer carries."""

from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests import make
from tests.beside import HTTPS, application_beside
from tests.cast import Cast
from tests.visitor import Visitor

pytestmark = pytest.mark.sqlite_only

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
FOREVER = "public, max-age=31536000, immutable"


@pytest.fixture
def private_answers(app: Flask, alice: Visitor, cast: Cast) -> list[TestResponse]:
    """Return one answer of every kind that is for one person only."""
    post_id = make.post(app.extensions["microblog"].db, cast.alice)
    pages = [
        *("/", "/explore", "/@alice", "/@alice/followers", "/tags/tea", "/settings/profile"),
        *("/settings/preferences", f"/@alice/{post_id}", f"/posts/{post_id}/delete"),
        *("/updates?after=0", "/user/alice", "/index", "/nothing", "/media/ab/nothing.webp"),
        *("/assets/nothing.css", "/auth/login"),
    ]
    fragment = alice.get("/?before=5", headers={"HX-Request": "true"})
    return [
        *map(alice.get, pages),
        fragment,
        alice.get("/nothing", headers={"Accept": "application/json"}),
        alice.get("/", headers={"Host": "evil.example"}),
        alice.post_raw("/posts"),
        alice.post_raw("/posts", json={}),
        alice.post_raw("/posts", data={"text": "x" * 2_000_000}),
        alice.post("/posts", {"text": ""}),
        alice.post("/posts", {"text": "x"}),
        alice.open("/posts", method="DELETE"),
        Visitor(app).get("/"),
        alice.open("/", method="OPTIONS"),
        alice.open("/", method="HEAD"),
    ]


def test_every_answer_carries_the_policy_and_is_for_one_reader(
    private_answers: list[TestResponse],
) -> None:
    statuses = {answer.status_code for answer in private_answers}
    assert {200, 301, 302, 303, 400, 404, 405, 413, 415, 422} <= statuses
    for answer in private_answers:
        assert one(answer, "Content-Security-Policy") == POLICY
        assert one(answer, "Cache-Control") == "private, no-store"
        varies = {name.strip() for name in one(answer, "Vary").split(",")}
        assert {"Cookie", "Authorization", "Accept-Language"} <= varies
        assert "ETag" not in answer.headers
        assert_guarded(answer)


def test_what_everybody_gets_is_kept_and_sets_no_cookie(alice: Visitor, cast: Cast) -> None:
    page = alice.page("/")
    assets = [link["href"] for link in page.all("link", rel="stylesheet")]
    assets += [script["src"] for script in page.all("script")]
    pictures = [image["src"] for image in page.all("img")]
    assert assets
    assert pictures
    for path in [*assets, *pictures, "/favicon.ico"]:
        answer = alice.get(path)
        assert answer.status_code == 200
        assert one(answer, "Cache-Control").startswith("public, max-age=")
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert "Set-Cookie" not in answer.headers
        assert_guarded(answer)
    for path in assets:
        assert one(alice.get(path), "Cache-Control") == FOREVER
    for path in pictures:
        assert one(alice.get(path), "Content-Security-Policy") == SANDBOX


def test_only_over_https_browsers_are_told_to_stay_there(
    app: Flask, cast: Cast, visitor: Visitor, tmp_path: Path
) -> None:
    assert "Strict-Transport-Security" not in visitor.get("/explore").headers
    with application_beside(app, tmp_path, PUBLIC_URL=HTTPS) as beside:
        for path in ("/explore", "/nothing", "/favicon.ico", "/auth/login"):
            answer = Visitor(beside).get(path)
            assert one(answer, "Strict-Transport-Security") == "max-age=63072000"


def test_no_page_holds_script_style_or_handlers_of_its_own(alice: Visitor, cast: Cast) -> None:
    pages = ("/", "/explore", "/@alice", "/settings/profile", "/settings/preferences")
    for path in pages:
        for element in alice.page(path).all():
            assert element.tag != "style"
            assert not [name for name in element.attributes if name.startswith("on")]
            assert "style" not in element.attributes
            assert element.tag != "script" or (element["src"] and not element.text)


def test_no_page_makes_a_browser_ask_another_server(alice: Visitor, cast: Cast) -> None:
    for path in ("/", "/explore", "/@alice", "/settings/profile", "/nothing"):
        response = alice.get(path)
        for scheme in ('src="http', "src='http", "srcset=", "url(http", 'src="//'):
            assert scheme not in response.text


def assert_guarded(answer: TestResponse) -> None:
    assert one(answer, "X-Content-Type-Options") == "nosniff"
    assert one(answer, "Referrer-Policy") == "same-origin"
    assert one(answer, "Cross-Origin-Opener-Policy") == "same-origin"
    assert one(answer, "Cross-Origin-Resource-Policy") == "same-origin"


def one(answer: TestResponse, name: str) -> str:
    values: list[str] = answer.headers.getlist(name)
    assert len(values) == 1, (answer.request.path, name, values)
    return values[0]
