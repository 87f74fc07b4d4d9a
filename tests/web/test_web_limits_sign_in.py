"""Passwords and codes may be guessed a few times, and nobody is locked out by that for long."""

from datetime import timedelta

import pytest
from flask import Flask

from microblog import capacity
from microblog.db import Database
from microblog.domain.errors import TooMany
from microblog.models import AttemptCounter
from microblog.web import limits
from tests import make
from tests.cast import PASSWORD, Cast
from tests.page import Page
from tests.snapshot import count
from tests.visitor import Visitor
from tests.web.tries import ELSEWHERE, HOME, WRONG, assert_too_soon, log_in

pytestmark = pytest.mark.sqlite_only


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
