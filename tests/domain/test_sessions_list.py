"""Where a person is signed in: the list, and ending what is on it."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import update

from microblog import clock
from microblog.db import Database
from microblog.domain import security_log, sessions
from microblog.domain.security_log import Origin
from microblog.domain.sessions import SessionView
from microblog.domain.viewer import Viewer
from microblog.models import LoginSession
from microblog.text.agents import Device
from tests.cast import Cast

DAY = timedelta(days=1)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
ORIGIN = Origin("198.51.100.9", PHONE)


def test_a_person_sees_where_they_are_signed_in(db: Database, cast: Cast) -> None:
    began = clock.now()
    start(db, cast.alice, agent=PHONE, address="2001:db8:1:2::3")
    current = start(db, cast.alice, agent=FIREFOX)
    start(db, cast.bob)
    here, there = seen(db, cast.alice, current)
    assert (here.device, here.address_prefix) == (Device("Firefox", "Linux"), "192.0.2.0/24")
    assert (here.id, here.is_current) == (current, True)
    assert began <= here.created_at == here.last_used_at <= clock.now()
    assert (there.device, there.address_prefix) == (Device("Firefox", "Android"), "2001:db8:1::/48")
    assert there.is_current is False


def test_the_session_that_asks_comes_first_then_by_last_use(db: Database, cast: Cast) -> None:
    ids = [start(db, cast.alice) for _ in range(4)]
    for session_id, minutes in zip(ids, (3, 40, 2, 30), strict=True):
        use(db, session_id, minutes_ago=minutes)
    listed = [view.id for view in seen(db, cast.alice, ids[1])]
    assert listed == [ids[1], ids[2], ids[0], ids[3]]


def test_what_is_over_or_idle_is_not_listed(db: Database, cast: Cast) -> None:
    start(db, cast.alice, lifetime=timedelta(0))
    idle, living = (start(db, cast.alice, lifetime=90 * DAY) for _ in range(2))
    use(db, idle, minutes_ago=30 * 24 * 60)
    assert [view.id for view in seen(db, cast.alice, 0)] == [living]


def test_a_person_may_end_one_session_once(db: Database, cast: Cast) -> None:
    other, current = start(db, cast.alice, agent=FIREFOX), start(db, cast.alice)
    assert end_one(db, cast.alice, other) is True
    assert end_one(db, cast.alice, other) is False
    assert [view.id for view in seen(db, cast.alice, current)] == [current]
    with db.read() as session:
        (entry,) = security_log.list_for(session, cast.alice.id)
    assert (entry.kind, entry.detail, entry.agent) == ("signed_out_others", FIREFOX, PHONE)
    assert entry.address_prefix == "198.51.100.0/24"


@pytest.mark.parametrize("session_id", [0, 1, 2**63 - 1])
def test_a_session_that_is_not_there_ends_nothing(
    db: Database, cast: Cast, session_id: int
) -> None:
    current = start(db, cast.alice)
    assert end_one(db, cast.alice, session_id) is False
    assert len(seen(db, cast.alice, current)) == 1


def test_a_stranger_cannot_end_a_session(db: Database, cast: Cast) -> None:
    session_id = start(db, cast.alice)
    assert end_one(db, cast.bob, session_id) is False
    assert [view.id for view in seen(db, cast.alice, session_id)] == [session_id]
    with db.read() as session:
        assert security_log.list_for(session, cast.alice.id) == []
        assert security_log.list_for(session, cast.bob.id) == []


def test_a_person_may_end_all_sessions_but_the_one_that_asks(db: Database, cast: Cast) -> None:
    for _ in range(3):
        start(db, cast.alice)
    current, bobs = start(db, cast.alice), start(db, cast.bob)
    assert end_others(db, cast.alice, current) == 3
    assert end_others(db, cast.alice, current) == 0
    assert [view.id for view in seen(db, cast.alice, current)] == [current]
    assert [view.id for view in seen(db, cast.bob, bobs)] == [bobs]
    with db.read() as session:
        entries = security_log.list_for(session, cast.alice.id)
    assert [(entry.kind, entry.detail) for entry in entries] == [("signed_out_others", "")]


def start(
    db: Database,
    person: Viewer,
    *,
    address: str = "192.0.2.77",
    agent: str = "",
    lifetime: timedelta = DAY,
) -> int:
    """Sign a person in; return the id of the session."""
    token = db.write(
        lambda session: sessions.start(
            session, person.id, address=address, agent=agent, lifetime=lifetime
        )
    )
    return sessions.visit(db, token).session_id


def use(db: Database, session_id: int, *, minutes_ago: int) -> None:
    at = clock.now() - timedelta(minutes=minutes_ago)
    used = update(LoginSession).where(LoginSession.id == session_id).values(last_used_at=at)
    db.write(lambda session: session.execute(used))


def seen(db: Database, person: Viewer, current_id: int) -> Sequence[SessionView]:
    with db.read() as session:
        return sessions.list_sessions(session, person.id, current_id, idle_life=30 * DAY)


def end_one(db: Database, by: Viewer, session_id: int) -> bool:
    return db.write(lambda session: sessions.end_one(session, by, session_id, ORIGIN))


def end_others(db: Database, by: Viewer, keep_id: int) -> int:
    return db.write(lambda session: sessions.end_others(session, by, keep_id, ORIGIN))
