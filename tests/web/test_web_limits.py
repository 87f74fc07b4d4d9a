"""What may be tried how often, and what an answer says that comes too soon."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from microblog import capacity
from microblog.db import Database
from microblog.domain.errors import TooMany
from microblog.domain.sessions import Visit
from microblog.domain.viewer import Viewer
from microblog.models import AttemptCounter, Follow, OutboxEvent
from microblog.web import limits
from microblog.web.context import here
from tests import make
from tests.beside import application_beside
from tests.cast import PASSWORD, Cast
from tests.files import samples
from tests.multipart import Upload
from tests.page import Page
from tests.servers import redis
from tests.snapshot import count
from tests.visitor import Visitor

pytestmark = pytest.mark.sqlite_only

WRONG = "not my password"
HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"
NEW = {"email": "new@ex.com", "password": PASSWORD, "password_again": PASSWORD}


def log_in(visitor: Visitor, name: str, password: str, address: str = HOME) -> TestResponse:
    """Try to log in from an address."""
    form = {"identifier": name, "password": password}
    return visitor.post("/auth/login", form, environ_overrides={"REMOTE_ADDR": address})


def guess(app: Flask, name: str, times: int, address: str = HOME) -> list[int]:
    """Guess at somebody's password; return the answers."""
    stranger = Visitor(app)
    return [log_in(stranger, name, WRONG, address).status_code for _ in range(times)]


def fail(app: Flask, name: str, times: int, address: str = HOME) -> None:
    """Have so many wrong passwords counted, without the time that each takes."""
    with app.test_request_context("/auth/login", environ_overrides={"REMOTE_ADDR": address}):
        for _ in range(times):
            limits.count_failed_sign_in(name)


def fail_everywhere(app: Flask, name: str) -> None:
    """Have wrong passwords counted until the account has had its hundred."""
    for number in range(10):
        fail(app, name, 10, f"203.0.113.{number}")


def assert_too_soon(response: TestResponse, most_seconds: int) -> None:
    """Require a page that says how long to wait, also to programs."""
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= most_seconds
    assert "try again in" in response.text
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "RateLimit" not in str(response.headers)


def limited(app: Flask, check: Callable[[], Any], by: Viewer, address: str = HOME) -> bool:
    """Count an act of a person by itself; tell whether it was one too many."""
    with app.test_request_context("/", environ_overrides={"REMOTE_ADDR": address}):
        here().visit = Visit(by, 1)
        try:
            check()
        except TooMany:
            return True
    return False


def write() -> None:
    """Count a post, if there is room for one."""
    limits.check_posting()
    limits.count_posting()


def test_after_ten_wrong_passwords_the_right_one_has_to_wait_too(
    visitor: Visitor, app: Flask
) -> None:
    assert guess(app, "alice", 11) == [401] * 10 + [429]
    response = log_in(visitor, "alice", PASSWORD)
    assert_too_soon(response, 15 * 60)
    page = Page(response.text)
    assert page.one("h1").text == "That was too often"
    assert page.one("p", "error-advice").text == "You can try again in 15 minutes."
    assert not visitor.is_logged_in


def test_a_program_is_told_in_json(visitor: Visitor, app: Flask) -> None:
    fail(app, "alice", 10)
    form = {"csrf_token": visitor.token(), "identifier": "alice", "password": PASSWORD}
    response = visitor.post_raw(
        "/auth/login",
        data=form,
        headers={"Accept": "application/json"},
        environ_overrides={"REMOTE_ADDR": HOME},
    )
    assert_too_soon(response, 15 * 60)
    assert response.json is not None
    assert response.json["error"] == "That was too often"


def test_the_wait_is_over_when_it_is_over(visitor: Visitor, app: Flask, db: Database) -> None:
    fail(app, "alice", 10)
    make.attempts_older(db, timedelta(minutes=15))
    assert log_in(visitor, "alice", PASSWORD).status_code == 303


@pytest.mark.parametrize("name", ["ALICE", "alice@ex.com", "Alice@Ex.COM", " alice", "alice "])
def test_another_way_to_write_a_name_is_no_way_around(
    visitor: Visitor, app: Flask, name: str
) -> None:
    fail(app, "alice", 10)
    assert log_in(visitor, name, PASSWORD).status_code == 429


@pytest.mark.parametrize("path", ["/auth/login?x=1", "/auth/login?next=/explore", "/auth/login#x"])
def test_another_address_of_the_form_is_no_way_around(
    visitor: Visitor, app: Flask, path: str
) -> None:
    fail(app, "alice", 10, "127.0.0.1")
    form = {"identifier": "alice", "password": PASSWORD}
    assert visitor.post(path, form).status_code == 429
    for other in (
        "/auth/login/",
        "//auth/login",
        "/AUTH/LOGIN",
        "/auth/login.json",
        "/auth//login",
    ):
        assert visitor.post(other, form).status_code in (404, 405)


def test_other_people_and_other_networks_are_not_stopped(visitor: Visitor, app: Flask) -> None:
    fail(app, "alice", 10)
    assert log_in(Visitor(app), "bob", PASSWORD).status_code == 303
    assert log_in(visitor, "alice", PASSWORD, ELSEWHERE).status_code == 303


def test_a_household_of_ipv6_is_one_network(visitor: Visitor, app: Flask) -> None:
    for number in range(1, 11):
        fail(app, "alice", 1, f"2001:db8:1:2::{number:x}")
    assert guess(app, "alice", 1, "2001:db8:1:2:ffff::1") == [429]
    assert log_in(visitor, "alice", PASSWORD, "2001:db8:1:3::1").status_code == 303


def test_thirty_wrong_passwords_stop_a_network_whomever_they_were_for(
    visitor: Visitor, app: Flask
) -> None:
    for number in range(29):
        fail(app, f"person{number}", 1)
    assert guess(app, "nobody", 2) == [401, 429]
    assert log_in(visitor, "alice", PASSWORD).status_code == 429
    assert log_in(visitor, "alice", PASSWORD, ELSEWHERE).status_code == 303


def test_right_passwords_and_being_turned_away_count_nothing(
    app: Flask, visitor: Visitor, db: Database
) -> None:
    with capacity.heavy_work():
        assert log_in(visitor, "alice", WRONG).status_code == 503
    assert log_in(visitor, "alice", PASSWORD).status_code == 303
    assert log_in(Visitor(app), "alice", "").status_code == 422
    assert count(db, AttemptCounter) == 0


def test_a_right_password_forgives_the_wrong_ones(app: Flask, cast: Cast) -> None:
    for _ in range(2):
        fail(app, "alice", 9)
        assert log_in(Visitor(app), "alice", PASSWORD).status_code == 303


def test_the_owner_is_not_locked_out_where_they_have_been(app: Flask, cast: Cast) -> None:
    at_home = Visitor(app)
    assert log_in(at_home, "alice", PASSWORD).status_code == 303
    at_home.post("/auth/logout")
    fail_everywhere(app, "alice")
    assert log_in(Visitor(app), "alice", PASSWORD, ELSEWHERE).status_code == 429
    assert log_in(at_home, "alice", PASSWORD).status_code == 303


def test_nobody_waits_longer_than_an_hour(app: Flask, cast: Cast, db: Database) -> None:
    fail_everywhere(app, "alice")
    for _ in range(3):
        make.attempts_older(db, timedelta(minutes=19))
        assert guess(app, "alice", 1, ELSEWHERE) == [429]
    make.attempts_older(db, timedelta(minutes=3))
    assert log_in(Visitor(app), "alice", PASSWORD, ELSEWHERE).status_code == 303


def test_wrong_codes_are_counted_for_each_account(app: Flask, cast: Cast) -> None:
    with app.test_request_context("/"):
        for _ in range(10):
            limits.check_code(cast.alice.id)
            limits.count_failed_code(cast.alice.id)
        limits.check_code(cast.bob.id)
        with pytest.raises(TooMany) as refusal:
            limits.check_code(cast.alice.id)
    assert 0 < refusal.value.retry_after_seconds <= 15 * 60


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
