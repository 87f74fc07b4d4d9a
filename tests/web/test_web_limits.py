"""What may be done how often, and what an answer says that comes too soon."""

import time
from contextlib import AbstractContextManager, ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from microblog import capacity
from microblog.db import Database
from microblog.domain.viewer import Viewer
from microblog.models import AttemptCounter, Follow, OutboxEvent
from microblog.web import limits
from tests import make
from tests.beside import application_beside
from tests.cast import PASSWORD, Cast
from tests.files import samples
from tests.multipart import Upload
from tests.page import Page
from tests.servers import redis
from tests.snapshot import count
from tests.visitor import Visitor
from tests.web.tries import ELSEWHERE, WRONG, assert_too_soon, limited, log_in

pytestmark = pytest.mark.sqlite_only

NEW = {"email": "new@ex.com", "password": PASSWORD, "password_again": PASSWORD}


def write() -> None:
    """Count a post, if there is room for one."""
    limits.check_posting()
    limits.count_posting()


@pytest.mark.parametrize("name", ["alice", "nobody"])
def test_the_fourth_mail_in_an_hour_is_not_sent_and_nobody_sees_that(
    visitor: Visitor, db: Database, name: str
) -> None:
    answers = []
    for identifier in (name, name.upper(), f" {name}", f"{name} ", name):
        before = count(db, OutboxEvent)
        response = visitor.post("/auth/reset", {"identifier": identifier})
        answers.append((response.status_code, response.location, response.data))
        assert count(db, OutboxEvent) == before + 1
    assert len(set(answers)) == 1
    with db.read() as session:
        payloads = session.scalars(select(OutboxEvent.payload).order_by(OutboxEvent.id)).all()
    assert [name in payload.lower() for payload in payloads[-5:]] == [True] * 3 + [False] * 2


def test_a_network_asks_for_ten_mails_in_an_hour(visitor: Visitor) -> None:
    answers = [visitor.post("/auth/reset", {"identifier": f"person{n}"}) for n in range(11)]
    assert [answer.status_code for answer in answers] == [303] * 10 + [429]
    assert_too_soon(answers[-1], 3600)
    elsewhere = {"REMOTE_ADDR": ELSEWHERE}
    again = visitor.post("/auth/reset", {"identifier": "x"}, environ_overrides=elsewhere)
    assert again.status_code == 303


def test_a_network_makes_ten_accounts_in_an_hour(visitor: Visitor, db: Database) -> None:
    for number in range(10):
        form = NEW | {"username": f"new{number}", "email": "alice@ex.com"}
        assert visitor.post("/auth/register", form).status_code in (303, 422)
    response = visitor.post("/auth/register", NEW | {"username": "new"})
    assert_too_soon(response, 3600)
    make.attempts_older(db, timedelta(hours=1))
    assert visitor.post("/auth/register", NEW | {"username": "new"}).status_code == 303


def test_what_is_mistyped_in_a_registration_counts_nothing(visitor: Visitor, db: Database) -> None:
    for _ in range(11):
        assert visitor.post("/auth/register", {"username": "new"}).status_code == 422
        form = NEW | {"username": "not a name"}
        assert visitor.post("/auth/register", form).status_code == 422
    with capacity.heavy_work():
        assert visitor.post("/auth/register", NEW | {"username": "new"}).status_code == 503
    assert count(db, AttemptCounter) == 0
    assert visitor.post("/auth/register", NEW | {"username": "new"}).status_code == 303


def test_who_writes_thirty_posts_in_five_minutes_keeps_the_next_one(app: Flask, cast: Cast) -> None:
    alice = Visitor.signed_in(app, cast.alice)
    for number in range(30):
        assert alice.post("/posts", {"text": f"Post {number}"}).status_code == 303
    response = alice.post("/posts", {"text": "One too many", "key": "a" * 32})
    assert_too_soon(response, 300)
    page = Page(response.text)
    assert page.one("textarea", name="text").text == "One too many"
    assert page.one("input", name="key")["value"] == "a" * 32
    assert "One too many" not in alice.get("/@alice").text
    assert Visitor.signed_in(app, cast.bob).post("/posts", {"text": "Me"}).status_code == 303


def test_what_is_sent_twice_counts_once(app: Flask, cast: Cast) -> None:
    alice = Visitor.signed_in(app, cast.alice)
    for _ in range(40):
        assert alice.post("/posts", {"text": "Once", "key": "a" * 32}).status_code == 303
        assert alice.post("/posts", {"text": ""}).status_code == 422
    answers = [limited(app, write, cast.alice) for _ in range(30)]
    assert answers == [False] * 29 + [True]


def test_three_hundred_posts_are_enough_for_a_day(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = time.time()
    for window in range(11):
        # The clock of the limits, which are kept in memory.
        monkeypatch.setattr(time, "time", lambda now=began + 301 * window: now)
        answers = [limited(app, write, cast.alice) for _ in range(30)]
        assert answers == [window == 10] * 30
    assert not limited(app, write, cast.bob)


def test_two_hundred_follows_are_enough_for_an_hour(app: Flask, cast: Cast, db: Database) -> None:
    answers = [limited(app, limits.count_following, cast.carol) for _ in range(200)]
    assert answers == [False] * 200
    before = count(db, Follow)
    carol = Visitor.signed_in(app, cast.carol)
    assert_too_soon(carol.post("/@alice/follow"), 3600)
    assert count(db, Follow) == before
    assert Visitor.signed_in(app, cast.alice).post("/@bob/follow").status_code == 303


def test_twenty_pictures_are_enough_for_an_hour(app: Flask, cast: Cast) -> None:
    answers = [limited(app, limits.count_uploading, cast.alice) for _ in range(20)]
    assert answers == [False] * 20
    alice = Visitor.signed_in(app, cast.alice)
    upload = Upload(samples.tiny_png())
    assert_too_soon(alice.upload("/settings/profile", {}, avatar=upload), 3600)
    assert_too_soon(alice.post("/settings/profile", {"use_gravatar": "1"}), 3600)
    assert alice.post("/settings/profile", {"display_name": "Al"}).status_code == 303


def test_the_people_of_a_network_together_may_do_ten_times_as_much(app: Flask, cast: Cast) -> None:
    people = [Viewer(number, f"person{number}") for number in range(1, 12)]
    answers = [
        limited(app, limits.count_uploading, person, f"2001:db8::{person.id}")
        for person in people
        for _ in range(20)
    ]
    assert answers == [False] * 200 + [True] * 20
    assert not limited(app, limits.count_uploading, cast.alice, "2001:db8:0:1::1")


def test_the_numbers_can_be_raised(app: Flask, cast: Cast, tmp_path: Path) -> None:
    with application_beside(app, tmp_path, LIMIT_FACTOR=2) as beside:
        answers = [limited(beside, limits.count_uploading, cast.alice) for _ in range(41)]
    assert answers == [False] * 40 + [True]


@pytest.fixture
def redis_server(tmp_path: Path) -> AbstractContextManager[str]:
    """Return a Redis of this test's own, to be started and ended."""
    if redis.find_programs() is None:
        pytest.skip("Redis is not installed.")
    return redis.running(tmp_path / "redis")


def test_redis_counts_for_all_processes(
    app: Flask, cast: Cast, tmp_path: Path, redis_server: AbstractContextManager[str]
) -> None:
    with (
        redis_server as url,
        application_beside(app, tmp_path / "one", REDIS_URL=url) as one,
        application_beside(app, tmp_path / "two", REDIS_URL=url) as two,
    ):
        for _ in range(10):
            assert not limited(one, limits.count_uploading, cast.alice)
            assert not limited(two, limits.count_uploading, cast.alice)
        assert limited(two, limits.count_uploading, cast.alice)
        alice = Visitor.signed_in(one, cast.alice)
        upload = Upload(samples.tiny_png())
        assert_too_soon(alice.upload("/settings/profile", {}, avatar=upload), 3600)


def test_when_redis_ends_requests_go_on_and_each_process_counts(
    app: Flask, cast: Cast, tmp_path: Path, redis_server: AbstractContextManager[str]
) -> None:
    with ExitStack() as stack:
        url = stack.enter_context(redis_server)
        with application_beside(app, tmp_path, REDIS_URL=url) as beside:
            alice = Visitor.signed_in(beside, cast.alice)
            assert alice.post("/posts", {"text": "Before"}).status_code == 303
            stack.close()
            assert alice.post("/posts", {"text": "After"}).status_code == 303
            answers = [limited(beside, write, cast.alice) for _ in range(30)]
    assert answers == [False] * 29 + [True]


def test_a_redis_that_is_not_there_delays_nobody(app: Flask, cast: Cast, tmp_path: Path) -> None:
    # Nobody ever answers at this address, which is kept for documents.
    with application_beside(app, tmp_path, REDIS_URL="redis://192.0.2.255:6379/0") as beside:
        alice = Visitor.signed_in(beside, cast.alice)
        began = time.monotonic()
        for number in range(3):
            assert alice.post("/posts", {"text": f"Post {number}"}).status_code == 303
        assert time.monotonic() - began < 5
        for _ in range(27):
            limited(beside, write, cast.alice)
        assert_too_soon(alice.post("/posts", {"text": "x"}), 300)
        wrong = [log_in(Visitor(beside), "alice", WRONG).status_code for _ in range(11)]
    assert wrong == [401] * 10 + [429]
