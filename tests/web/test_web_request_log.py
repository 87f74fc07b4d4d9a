"""One line in the log for each request, and nothing in it that is somebody's own."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests import make
from tests.cast import PASSWORD, Cast
from tests.files import samples
from tests.logfile import log_file
from tests.multipart import Upload
from tests.visitor import Visitor

pytestmark = pytest.mark.sqlite_only

LINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO microblog\.web\.request_log "
    r"(?P<id>[0-9a-f]{8,}) (?P<method>\S+) (?P<path>.*) (?P<status>\d{3}) "
    r"(?P<time>\d+\.\d)ms (?P<statements>\d+) statements"
)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """Return the log file of this test."""
    with log_file(tmp_path) as path:
        yield path


def test_each_request_has_one_line_with_its_id_time_and_statements(
    app: Flask, cast: Cast, log: Path
) -> None:
    visitor = Visitor.signed_in(app, cast.alice)
    answers = [
        visitor.get("/explore?token=in-the-query"),
        visitor.get("/nothing"),
        visitor.post_raw("/posts"),
        visitor.get("/favicon.ico"),
        visitor.get("/", headers={"Host": "evil.example"}),
        visitor.open("/", method="TRACE"),
    ]
    lines = requests_in(log)
    for line, answer in zip(lines, answers, strict=True):
        assert line["id"] == answer.headers["X-Request-Id"]
        assert (line["method"], line["path"]) == (answer.request.method, answer.request.path)
        assert int(line["status"]) == answer.status_code
    assert len({answer.headers["X-Request-Id"] for answer in answers}) == len(answers)
    explored, *_, icon, _, _ = lines
    assert int(explored["statements"]) > 0
    assert icon["statements"] == "0"
    assert float(explored["time"]) > 0


@pytest.mark.parametrize(
    "path",
    [
        "/x%0d%0a127.0.0.1%20-%20admin%20logged%20in",
        "/x%0a2026-11-22 10:00:00,000 INFO forged",
        "/x%00%1b%5B2J%7f",
        "/x%E2%80%A8forged%E2%80%A9line%C2%85end",
        "/x%E2%80%AEdesrever",
        "/x%FF%FE%ED%A0%80",
        "/%0d/x" + "a" * 20_000,
    ],
)
def test_no_path_can_forge_a_line(visitor: Visitor, cast: Cast, log: Path, path: str) -> None:
    visitor.get(path, headers={"User-Agent": "a\x1b[2J", "Referer": "http://localhost/\u2028x"})
    text = log.read_bytes().decode("utf-8")
    assert text.endswith("\n")
    assert len(text.splitlines()) == text.count("\n") == 1
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", text
    )
    assert len(text) < 10_000


def test_what_people_type_is_not_in_the_log(
    app: Flask, visitor: Visitor, cast: Cast, log: Path
) -> None:
    secrets = [PASSWORD, "wrong-password", "dave@ex.com", "a private thought", "about-me-words"]
    visitor.log_in("alice", "wrong-password")
    visitor.log_in("alice")
    visitor.post("/posts", {"text": "a private thought"})
    visitor.post("/posts", {"text": "a private thought" * 100})
    visitor.upload("/settings/profile", {"about": "about-me-words"}, avatar=Upload(samples.html()))
    visitor.get("/?next=a private thought")
    kept = [visitor.cookie("login"), visitor.cookie("session"), visitor.token()]
    visitor.post("/auth/logout")
    form = {"username": "dave", "email": "dave@ex.com", "password": PASSWORD}
    visitor.post("/auth/register", form | {"password_again": PASSWORD})
    kept += [visitor.cookie("login"), visitor.cookie("session")]
    text = log.read_text()
    assert len(text.splitlines()) > 10
    for secret in [*secrets, *kept]:
        assert secret
        assert secret not in text


def test_a_password_is_not_in_the_log_when_the_database_fails(
    app: Flask, visitor: Visitor, cast: Cast, log: Path
) -> None:
    db = app.extensions["microblog"].db
    with db.engine.begin() as connection:
        # The database itself fails, with the new row in its message.
        connection.exec_driver_sql(
            "CREATE TRIGGER refuse BEFORE INSERT ON users"
            " BEGIN SELECT RAISE(ABORT, 'no such user'); END"
        )
    try:
        form = {"username": "dave", "email": "dave@ex.com", "password": PASSWORD}
        response = visitor.post("/auth/register", form | {"password_again": PASSWORD})
    finally:
        with db.engine.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER refuse")  # As it was.
    assert response.status_code == 500
    text = log.read_text()
    assert "no such user" in text
    for secret in (PASSWORD, "dave@ex.com", "$argon2id$"):
        assert secret not in text


def test_a_long_list_of_posts_takes_no_more_statements(app: Flask, cast: Cast, log: Path) -> None:
    db = app.extensions["microblog"].db
    visitor = Visitor.signed_in(app, cast.alice)
    make.posts_of(db, cast.alice, 3)
    visitor.get("/")
    visitor.get("/")
    make.posts_of(db, cast.alice, 17)
    visitor.get("/")
    visitor.get("/")
    counted = [int(line["statements"]) for line in requests_in(log)]
    assert counted[1] == counted[3] == 2


def requests_in(log: Path) -> list[re.Match[str]]:
    lines = log.read_text().splitlines()
    assert len(lines) == log.read_bytes().count(b"\n")
    return [found for found in map(LINE.fullmatch, lines) if found]
