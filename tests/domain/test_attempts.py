"""Counting what can be guessed: right under concurrency, and no weapon against the owner."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from microblog import clock
from microblog.db import Database
from microblog.domain import attempts, security_log, sessions
from microblog.domain.attempts import Rule, SignIn, Try
from microblog.domain.security_log import Origin
from microblog.domain.viewer import Viewer
from microblog.models import AttemptCounter
from tests import make
from tests.cast import Cast
from tests.parallel import at_once

RULE = Rule("knock", 3, timedelta(minutes=10))
HOME = "192.0.2.1"
ELSEWHERE = "198.51.100.7"
MINUTE = timedelta(minutes=1)


def hit(db: Database, attempt: Try) -> int:
    """Count one try."""
    return db.write(lambda session: attempts.hit(session, attempt))


def wait(db: Database, attempt: Try) -> int:
    """Return how long a try has to wait."""
    with db.read() as session:
        (seconds,) = attempts.wait_for(session, [attempt])
    return seconds


def identified(
    db: Database, identifier: str, network: str = ELSEWHERE, current: Viewer | None = None
) -> SignIn:
    """Return somebody at the door."""
    with db.read() as session:
        return attempts.identify(session, identifier, network, current.id if current else None)


def fail(db: Database, asked: SignIn, times: int = 1) -> None:
    """Type a wrong password so often."""

    def act(session: Session) -> None:
        for _ in range(times):
            attempts.count_failed_sign_in(session, asked)

    db.write(act)


def fail_from_everywhere(db: Database, identifier: str) -> None:
    """Guess from so many networks that the account has had its hundred."""
    for number in range(10):
        fail(db, identified(db, identifier, f"203.0.113.{number}"), 10)


def seconds_until_sign_in(db: Database, asked: SignIn) -> int:
    """Return how long somebody has to wait at the door."""
    with db.read() as session:
        return attempts.wait_for_sign_in(session, asked)


def signed_in_at(db: Database, person: Viewer, address: str) -> str:
    """Let a person sign in from an address; return the token."""

    def start(session: Session) -> str:
        security_log.record(
            session,
            security_log.SIGNED_IN,
            person.id,
            origin=Origin(address, ""),
        )
        return sessions.start(
            session,
            person.id,
            address=address,
            agent="",
            lifetime=timedelta(days=1),
        )

    return db.write(start)


def test_the_try_after_the_last_one_allowed_has_to_wait_to_the_end_of_the_window(
    db: Database,
) -> None:
    attempt = RULE.of("bob")
    assert [hit(db, attempt) for _ in range(3)] == [0, 0, 0]
    assert 590 <= wait(db, attempt) <= 600
    assert 590 <= hit(db, attempt) <= 600


def test_going_on_does_not_make_the_wait_longer(db: Database) -> None:
    attempt = RULE.of("bob")
    for _ in range(4):
        hit(db, attempt)
        make.attempts_older(db, 2 * MINUTE)
    assert 0 < hit(db, attempt) <= 120
    make.attempts_older(db, 2 * MINUTE)
    assert wait(db, attempt) == 0
    assert [hit(db, attempt) for _ in range(4)][:3] == [0, 0, 0]


def test_subjects_and_kinds_are_counted_apart(db: Database) -> None:
    for _ in range(3):
        hit(db, RULE.of("bob"))
    others = [RULE.of("carol"), Rule("ring", 3, MINUTE).of("bob")]
    assert [wait(db, attempt) for attempt in others] == [0, 0]
    assert [hit(db, attempt) for attempt in others] == [0, 0]


def test_who_counts_at_the_same_moment_is_counted(db: Database) -> None:
    attempt = Rule("knock", 10, timedelta(minutes=10)).of("bob")
    waits = at_once(*[partial(hit, db, attempt)] * 16)
    assert [seconds > 0 for seconds in waits].count(True) == 6
    with db.read() as session:
        assert session.scalars(select(AttemptCounter.count)).all() == [16]


def test_who_begins_a_new_window_at_the_same_moment_is_counted(db: Database) -> None:
    attempt = RULE.of("bob")
    for _ in range(4):
        hit(db, attempt)
    make.attempts_older(db, timedelta(hours=1))
    at_once(*[partial(hit, db, attempt)] * 8)
    with db.read() as session:
        counter = session.scalars(select(AttemptCounter)).one()
    assert counter.count == 8
    assert counter.expires_at > clock.now() + 9 * MINUTE


def test_the_table_tells_nobody_who_was_meant(db: Database, cast: Cast) -> None:
    fail(db, identified(db, "alice"))
    with db.read() as session:
        keys = session.scalars(select(AttemptCounter.key)).all()
    assert [len(key) for key in keys] == [32, 32, 32]
    assert not [key for key in keys if b"alice" in key or str(cast.alice.id).encode() in key]


def test_only_counters_whose_window_is_over_are_swept(db: Database) -> None:
    hit(db, RULE.of("bob"))
    make.attempts_older(db, timedelta(hours=1))
    hit(db, RULE.of("carol"))
    assert db.write(attempts.sweep) is False
    with db.read() as session:
        (left,) = session.scalars(select(AttemptCounter.key)).all()
    assert left == RULE.of("carol").key


@pytest.mark.parametrize("name", ["alice", "ALICE", " alice ", "alice@ex.com", "Alice@EX.com"])
def test_a_person_is_one_person_by_every_name(db: Database, cast: Cast, name: str) -> None:
    fail(db, identified(db, "Alice"), 10)
    assert 0 < seconds_until_sign_in(db, identified(db, name)) <= 900


@pytest.mark.parametrize("name", ["nobody", "nobody@ex.com", "no\x00body", "\ud800", "a@b@c", ""])
def test_somebody_unknown_is_counted_like_a_person(db: Database, cast: Cast, name: str) -> None:
    assert seconds_until_sign_in(db, identified(db, name)) == 0
    fail(db, identified(db, name.upper()), 10)
    assert 0 < seconds_until_sign_in(db, identified(db, name)) <= 900


def test_guessing_in_one_network_stops_nobody_in_another(db: Database, cast: Cast) -> None:
    fail(db, identified(db, "alice"), 10)
    assert seconds_until_sign_in(db, identified(db, "alice", HOME)) == 0
    assert seconds_until_sign_in(db, identified(db, "bob")) == 0


def test_a_hundred_guesses_from_everywhere_stop_the_next_stranger(db: Database, cast: Cast) -> None:
    fail_from_everywhere(db, "alice@ex.com")
    assert 900 < seconds_until_sign_in(db, identified(db, "alice", HOME)) <= 3600
    make.attempts_older(db, timedelta(hours=1))
    assert seconds_until_sign_in(db, identified(db, "alice", HOME)) == 0


def test_thirty_guesses_from_one_network_stop_it_for_everybody(db: Database, cast: Cast) -> None:
    for number in range(10):
        fail(db, identified(db, f"person{number}"), 3)
    assert 0 < seconds_until_sign_in(db, identified(db, "alice")) <= 900
    assert seconds_until_sign_in(db, identified(db, "alice", HOME)) == 0


def test_the_owner_may_sign_in_from_where_they_are_signed_in(db: Database, cast: Cast) -> None:
    signed_in_at(db, cast.alice, HOME)
    fail_from_everywhere(db, "alice")
    for number in range(30):
        fail(db, identified(db, f"person{number}", HOME))
    assert seconds_until_sign_in(db, identified(db, "alice", HOME)) == 0
    assert seconds_until_sign_in(db, identified(db, "alice", ELSEWHERE)) > 0
    assert seconds_until_sign_in(db, identified(db, "bob", HOME)) > 0


def test_the_owner_may_sign_in_from_where_they_once_were(db: Database, cast: Cast) -> None:
    token = signed_in_at(db, cast.alice, "2001:db8:1:2::3")
    db.write(lambda session: sessions.end(session, token))
    fail_from_everywhere(db, "alice")
    assert seconds_until_sign_in(db, identified(db, "alice", "2001:db8:1:99::/64")) == 0
    assert seconds_until_sign_in(db, identified(db, "alice", "2001:db8:2:2::/64")) > 0


def test_a_failed_sign_in_makes_no_home(db: Database, cast: Cast) -> None:
    db.write(
        lambda session: security_log.record(
            session, security_log.SIGN_IN_FAILED, cast.alice.id, origin=Origin(ELSEWHERE, "")
        )
    )
    fail_from_everywhere(db, "alice")
    assert seconds_until_sign_in(db, identified(db, "alice", ELSEWHERE)) > 0


def test_an_address_that_cannot_be_told_is_nobodys_home(db: Database, cast: Cast) -> None:
    signed_in_at(db, cast.alice, "")
    fail_from_everywhere(db, "alice")
    assert seconds_until_sign_in(db, identified(db, "alice", "")) > 0


def test_at_home_too_one_may_guess_no_more_than_ten_times(db: Database, cast: Cast) -> None:
    signed_in_at(db, cast.alice, HOME)
    fail(db, identified(db, "alice", HOME), 10)
    assert 0 < seconds_until_sign_in(db, identified(db, "alice", HOME)) <= 900


def test_a_browser_that_is_signed_in_is_stopped_by_its_own_tries_alone(
    db: Database, cast: Cast
) -> None:
    own = identified(db, "alice@ex.com", HOME, cast.alice)
    fail(db, identified(db, "alice", HOME), 10)
    fail_from_everywhere(db, "alice")
    assert seconds_until_sign_in(db, own) == 0
    fail(db, own, 10)
    assert 0 < seconds_until_sign_in(db, own) <= 900


def test_being_signed_in_as_somebody_else_helps_nobody(db: Database, cast: Cast) -> None:
    fail(db, identified(db, "alice"), 10)
    assert seconds_until_sign_in(db, identified(db, "alice", ELSEWHERE, cast.bob)) > 0


def test_a_right_password_forgets_the_wrong_ones_from_there_alone(db: Database, cast: Cast) -> None:
    fail_from_everywhere(db, "alice")
    asked = identified(db, "alice", "203.0.113.1")
    db.write(lambda session: attempts.forget_failed_sign_in(session, asked))
    with db.read() as session:
        assert not attempts.has_failed_sign_in(session, asked)
        assert attempts.has_failed_sign_in(session, identified(db, "alice", "203.0.113.2"))
    # Others may still be guessing.
    assert seconds_until_sign_in(db, asked) > 900


def test_a_right_password_of_ones_own_buys_no_guesses_for_others(db: Database, cast: Cast) -> None:
    for number in range(30):
        fail(db, identified(db, f"person{number}"))
    bob = identified(db, "bob")
    db.write(lambda session: attempts.forget_failed_sign_in(session, bob))
    assert seconds_until_sign_in(db, identified(db, "carol")) > 0


def test_a_new_password_lets_its_owner_in(db: Database, cast: Cast) -> None:
    fail_from_everywhere(db, "alice")
    fail(db, identified(db, "alice"), 10)
    db.write(lambda session: attempts.let_in_again(session, cast.alice.id, ELSEWHERE))
    assert seconds_until_sign_in(db, identified(db, "alice")) == 0
