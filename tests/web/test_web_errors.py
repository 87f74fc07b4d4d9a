"""What is said when something went wrong: as a page in the design, or as JSON."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.typing import ResponseReturnValue

from microblog.db import Database
from tests.beside import application_beside
from tests.cast import Cast
from tests.logfile import log_file
from tests.page import Page
from tests.visitor import Visitor

pytestmark = pytest.mark.sqlite_only

JSON = {"Accept": "application/json"}
HEADINGS = {
    400: "This request makes no sense",
    401: "You are not logged in",
    403: "You may not do this",
    404: "There is nothing here",
    405: "This page cannot be used that way",
    409: "Something has changed in the meantime",
    410: "This request makes no sense",
    413: "This is too large",
    415: "This kind of data is not understood here",
    422: "Something in this is not right",
    429: "That was too often",
    500: "Something went wrong on our side",
    502: "Something went wrong on our side",
    503: "The server needs a moment",
}
SECRET = "correct horse battery staple"


@pytest.fixture
def broken(app: Flask, cast: Cast, tmp_path: Path) -> Iterator[Flask]:
    """Return an application with addresses where things go wrong."""
    with application_beside(app, tmp_path) as beside:

        @beside.get("/broken/<int:code>")
        def fail(code: int) -> ResponseReturnValue:
            abort(code)

        @beside.get("/broken/unforeseen")
        def fail_unforeseen() -> ResponseReturnValue:
            raise RuntimeError(f"{SECRET} in /srv/{__file__}")

        yield beside


@pytest.mark.parametrize("code", HEADINGS)
def test_each_error_has_a_page_that_says_what_to_do_next(
    broken: Flask, cast: Cast, code: int
) -> None:
    for visitor in (Visitor(broken), Visitor.signed_in(broken, cast.alice)):
        response = visitor.get(f"/broken/{code}")
        assert response.status_code == code
        assert response.mimetype == "text/html"
        page = Page(response.text)
        assert page.title == f"{HEADINGS[code]} · Testville"
        assert page.one("h1").text == HEADINGS[code]
        assert page.one("p", "error-advice").text
        assert page.one("p", "error-acts").one("a")["href"] == "/"
        assert page.one("p", "error-id").one("code").text == response.headers["X-Request-Id"]
        assert page.one("nav", "nav-main")


@pytest.mark.parametrize("code", HEADINGS)
def test_each_error_is_told_as_json_to_who_asks_for_that(broken: Flask, code: int) -> None:
    response = Visitor(broken).get(f"/broken/{code}", headers=JSON)
    assert response.status_code == code
    assert response.mimetype == "application/json"
    answer = response.json
    assert answer is not None
    assert set(answer) == {"error", "advice", "request_id"}
    assert answer["error"] == HEADINGS[code]
    assert answer["request_id"] == response.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        ("application/json", "application/json"),
        ("application/json, text/html;q=0.5", "application/json"),
        ("text/html, application/json;q=0.9", "text/html"),
        ("*/*", "text/html"),
        ("", "text/html"),
        ("image/png", "text/html"),
        ("\xff;q=x,,/", "text/html"),
    ],
)
def test_a_page_is_sent_unless_json_is_wanted_more(
    visitor: Visitor, accept: str, mimetype: str
) -> None:
    response = visitor.get("/nothing", headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (404, mimetype)


@pytest.mark.parametrize("headers", [{}, JSON])
def test_an_unforeseen_error_tells_the_reader_its_number_and_the_log_the_rest(
    broken: Flask, tmp_path: Path, headers: dict[str, str]
) -> None:
    with log_file(tmp_path) as log:
        response = Visitor(broken).get("/broken/unforeseen", headers=headers)
    assert response.status_code == 500
    request_id = response.headers["X-Request-Id"]
    assert request_id in response.text
    for secret in (SECRET, "Traceback", "RuntimeError", "/srv/", ".py", "SELECT"):
        assert secret not in response.text
    failure = [line for line in log.read_text().splitlines() if "failed" in line]
    assert len(failure) == 1
    assert request_id in failure[0]
    assert "RuntimeError" in failure[0]


def test_a_failing_database_tells_nothing_of_itself(
    visitor: Visitor, cast: Cast, db: Database, tmp_path: Path
) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE accounts RENAME TO hidden")  # A thing that breaks.
    try:
        with log_file(tmp_path) as log:
            response = visitor.log_in("alice@ex.com", SECRET)
    finally:
        with db.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE hidden RENAME TO accounts")  # And is mended.
    assert response.status_code in (500, 503)
    for secret in ("accounts", "SELECT", "alice@ex.com", SECRET, "sqlite", "Traceback"):
        assert secret not in response.text
    text = log.read_text()
    assert response.headers["X-Request-Id"] in text
    assert SECRET not in text
    assert "alice@ex.com" not in text


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/auth/logout", {"POST", "OPTIONS"}),
        ("POST", "/explore", {"GET", "HEAD", "OPTIONS"}),
        ("DELETE", "/posts", {"POST", "OPTIONS"}),
        ("PUT", "/settings/profile", {"GET", "HEAD", "POST", "OPTIONS"}),
        ("PATCH", "/@alice", {"GET", "HEAD", "OPTIONS"}),
        ("TRACE", "/", {"GET", "HEAD", "OPTIONS"}),
        ("NONSENSE", "/", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_a_method_that_does_not_fit_is_refused_with_those_that_do(
    app: Flask, cast: Cast, method: str, path: str, allowed: set[str]
) -> None:
    visitor = Visitor.signed_in(app, cast.alice)
    response = visitor.open(path, method=method, headers={"X-Echo": SECRET})
    assert response.status_code == 405
    assert {name.strip() for name in response.headers["Allow"].split(",")} == allowed
    assert SECRET not in response.text
    assert Page(response.text).one("h1").text == HEADINGS[405]


def test_too_much_is_refused(app: Flask, cast: Cast) -> None:
    visitor = Visitor.signed_in(app, cast.alice)
    response = visitor.post("/posts", {"text": "x" * 10_000_000})
    assert response.status_code == 413
    assert Page(response.text).one("h1").text == HEADINGS[413]
    as_json = visitor.post("/posts", {"text": "x" * 600_000}, headers=JSON)
    assert as_json.status_code == 413
    assert as_json.json


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain", "application/xml", "", "nonsense", "\xff"]
)
def test_what_is_no_form_is_refused(app: Flask, cast: Cast, content_type: str) -> None:
    visitor = Visitor.signed_in(app, cast.alice)
    response = visitor.post_raw("/posts", data=b"text=x", content_type=content_type)
    assert response.status_code == 415
    assert Page(response.text).one("h1").text == HEADINGS[415]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://somebody:hidden-password@127.0.0.1:1/nothing",
        "mysql://somebody:hidden-password@127.0.0.1:1/nothing",
        "sqlite:////nonexistent/folder/microblog.db",
    ],
)
def test_while_the_database_is_away_pages_ask_to_try_again(
    app: Flask, tmp_path: Path, url: str
) -> None:
    with application_beside(app, tmp_path, DATABASE_URL=url) as away, log_file(tmp_path) as log:
        visitor = Visitor(away)
        for path in ("/", "/explore", "/@alice", "/auth/login", "/nothing", "/setup"):
            response = visitor.get(path)
            assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
            page = Page(response.text)
            assert page.one("h1").text == HEADINGS[503]
            for secret in ("127.0.0.1", "hidden-password", "nonexistent", "Traceback"):
                assert secret not in response.text
        as_json = visitor.get("/", headers=JSON)
        assert (as_json.status_code, as_json.mimetype) == (503, "application/json")
        # What the page needs to look right is there all the same.
        for path in (page.one("link", rel="stylesheet")["href"], "/favicon.ico"):
            assert visitor.get(path).status_code == 200
        assert "hidden-password" not in log.read_text()
