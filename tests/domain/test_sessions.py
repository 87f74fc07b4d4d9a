"""Signing in and out, and finding out who a browser belongs to."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from microblog import clock, ids
from microblog.db import Database
from microblog.domain import accounts, sessions
from microblog.domain.security_log import address_prefix
from microblog.domain.sessions import MAX_SESSIONS, Credentials, ending
from microblog.domain.viewer import ADMIN, Viewer
from microblog.models import Account, LoginSession
from tests import make
from tests.cast import PASSWORD, Cast

DAY = timedelta(days=1)
IDLE_LIFE = timedelta(days=30)


def start(
    db: Database, person: Viewer, *, lifetime: timedelta = DAY, agent: str = "Browser/1.0"
) -> str:
    return db.write(
        lambda session: sessions.start(
            session, person.id, address="192.0.2.77", agent=agent, lifetime=lifetime
        )
    )


def test_a_token_tells_who_somebody_is(db: Database, cast: Cast) -> None:
    visit = sessions.visit(db, start(db, cast.alice))
    assert visit.viewer is not None
    assert (visit.viewer.id, visit.viewer.username) == (cast.alice.id, "alice")
    assert (visit.viewer.role, visit.viewer.name, visit.viewer.theme) == (ADMIN, "alice", "auto")
    assert (visit.server_version, visit.needs_touch) == (1, False)


def test_a_visit_brings_along_what_the_home_page_needs(db: Database, cast: Cast) -> None:
    token = start(db, cast.carol)
    make.follow(db, cast.carol, cast.alice)
    viewer = sessions.visit(db, token).viewer
    assert viewer is not None
    assert (viewer.following_count, viewer.has_pending_follows) == (1, True)
    assert viewer.timeline_floor == 0


@pytest.mark.parametrize("token", [None, "", "unknown", "ümlaut", "a\x00b", "x" * 100_000])
def test_an_unknown_token_is_nobodys(db: Database, cast: Cast, token: str | None) -> None:
    visit = sessions.visit(db, token)
    assert (visit.viewer, visit.server_version) == (None, 1)


def test_a_server_without_setup_has_no_version(db: Database) -> None:
    assert sessions.visit(db, None).server_version is None


def test_an_expired_token_is_nobodys(db: Database, cast: Cast) -> None:
    token = start(db, cast.alice, lifetime=timedelta(0))
    assert sessions.visit(db, token).viewer is None


def test_a_session_that_was_not_used_for_long_is_nobodys(db: Database, cast: Cast) -> None:
    token = start(db, cast.alice, lifetime=timedelta(days=365))
    not_used_for(db, IDLE_LIFE - timedelta(minutes=1))
    visit = sessions.visit(db, token, idle_life=IDLE_LIFE)
    assert visit.viewer is not None
    assert visit.needs_touch
    not_used_for(db, IDLE_LIFE)
    visit = sessions.visit(db, token, idle_life=IDLE_LIFE)
    assert (visit.viewer, visit.server_version, visit.needs_touch) == (None, 1, False)


def test_a_visit_within_the_idle_life_begins_it_anew(db: Database, cast: Cast) -> None:
    token = start(db, cast.alice, lifetime=timedelta(days=365))
    not_used_for(db, timedelta(days=29))
    visit = sessions.visit(db, token, idle_life=IDLE_LIFE)
    now = clock.now()
    db.write(lambda session: sessions.touch(session, visit.session_id, cast.alice.id, now))
    later = sessions.visit(db, token, idle_life=timedelta(days=1))
    assert later.viewer is not None


def test_being_used_does_not_prolong_the_absolute_life(db: Database, cast: Cast) -> None:
    token = start(db, cast.alice, lifetime=DAY)
    make.sessions_older(db, DAY)
    with db.read() as session:
        session_id = session.scalars(select(LoginSession.id)).one()
    db.write(lambda session: sessions.touch(session, session_id, cast.alice.id, clock.now()))
    assert sessions.visit(db, token, idle_life=IDLE_LIFE).viewer is None


def test_who_is_suspended_is_nobody(db: Database, cast: Cast) -> None:
    token, others = start(db, cast.bob), start(db, cast.carol)
    db.write(lambda session: suspend(session, cast.bob))
    visit = sessions.visit(db, token)
    assert (visit.viewer, visit.server_version) == (None, 1)
    assert is_signed_in(db, others)


def test_every_sign_in_has_a_token_of_its_own(db: Database, cast: Cast) -> None:
    tokens = {start(db, cast.alice) for _ in range(5)}
    assert len(tokens) == 5
    assert all(len(token) >= 43 for token in tokens)


def test_the_database_holds_no_token(db: Database, cast: Cast) -> None:
    token = start(db, cast.alice)
    with db.read() as session:
        row = session.scalars(select(LoginSession)).one()
        stored = [getattr(row, column.name) for column in LoginSession.__table__.columns]
    assert len(row.token_hash) == 32
    assert not any(token in str(value) or token.encode() == value for value in stored)


def test_a_session_keeps_where_it_was_started_only_roughly(db: Database, cast: Cast) -> None:
    start(db, cast.alice, agent=f"Bro\x00w\nser{'x' * 500}")
    with db.read() as session:
        row = session.scalars(select(LoginSession)).one()
    assert row.address_prefix == "192.0.2.0/24"
    assert row.agent == f"Browser{'x' * 193}"


def test_who_signs_in_was_seen_then(db: Database, cast: Cast) -> None:
    start(db, cast.alice)
    with db.read() as session:
        began = session.scalars(select(LoginSession.created_at)).one()
        people = session.scalars(select(Account).order_by(Account.handle))
        seen = [person.last_seen_at for person in people]
    assert seen == [began, None, None]


def test_of_too_many_sessions_the_least_used_ends(db: Database, cast: Cast) -> None:
    others = start(db, cast.bob)
    tokens = [start(db, cast.alice) for _ in range(MAX_SESSIONS)]
    not_used_for(db, timedelta(days=2))
    now = clock.now()
    oldest = sessions.visit(db, tokens[0])
    db.write(lambda session: sessions.touch(session, oldest.session_id, cast.alice.id, now))
    tokens.append(start(db, cast.alice))
    signed_in = [is_signed_in(db, token) for token in tokens]
    assert signed_in == [True, False, *[True] * (MAX_SESSIONS - 1)]
    assert is_signed_in(db, others)


def test_a_session_ends_for_one_browser_or_for_all(db: Database, cast: Cast) -> None:
    first, second, others = start(db, cast.alice), start(db, cast.alice), start(db, cast.bob)
    db.write(lambda session: sessions.end(session, first))
    assert [is_signed_in(db, token) for token in (first, second, others)] == [False, True, True]
    db.write(lambda session: sessions.end(session, first))
    db.write(lambda session: sessions.end_all(session, cast.alice.id))
    assert [is_signed_in(db, token) for token in (first, second, others)] == [False, False, True]


def test_last_seen_is_written_after_five_minutes_and_not_before(db: Database, cast: Cast) -> None:
    token = start(db, cast.alice)
    assert touched(db, token, minutes_ago=4) is False
    assert touched(db, token, minutes_ago=5) is True
    now = clock.now()
    visit = sessions.visit(db, token)
    db.write(lambda session: sessions.touch(session, visit.session_id, cast.alice.id, now))
    assert sessions.visit(db, token).needs_touch is False
    with db.read() as session:
        assert accounts.get_by_username(session, "alice").last_seen_at == now


def test_expired_sessions_are_swept_in_chunks(
    db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ending, "_SWEEP_LIMIT", 2)
    living = start(db, cast.alice)
    for _ in range(3):
        start(db, cast.bob, lifetime=timedelta(0))
    swept = [db.write(partial(sessions.sweep, idle_life=IDLE_LIFE)) for _ in range(3)]
    assert swept == [True, False, False]
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(LoginSession)) == 1
    assert is_signed_in(db, living)


def test_sessions_that_nobody_uses_are_swept_too(db: Database, cast: Cast) -> None:
    idle, used = (start(db, cast.alice, lifetime=timedelta(days=365)) for _ in range(2))
    make.sessions_older(db, IDLE_LIFE)
    make_ids_older(db, IDLE_LIFE)
    visit = sessions.visit(db, used)
    now = clock.now()
    db.write(lambda session: sessions.touch(session, visit.session_id, cast.alice.id, now))
    young = start(db, cast.bob)
    assert db.write(partial(sessions.sweep, idle_life=IDLE_LIFE)) is False
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(LoginSession)) == 2
    assert [is_signed_in(db, token) for token in (idle, used, young)] == [False, True, True]


@pytest.mark.parametrize("identifier", ["alice", " Alice ", "ALICE@EX.COM", "alice@ex.com"])
def test_a_person_is_found_by_name_or_address_in_any_case(
    db: Database, cast: Cast, identifier: str
) -> None:
    with db.read() as session:
        found = sessions.find_credentials(session, identifier)
    assert found.account_id == cast.alice.id
    assert found.password_hash is not None
    assert PASSWORD not in found.password_hash


@pytest.mark.parametrize(
    "identifier",
    ["", "@", "nobody", "nobody@ex.com", "%", "a\x00b", "a\x00@b", "\ud800", "a" * 100_000],
)
def test_an_unknown_person_has_no_credentials(db: Database, cast: Cast, identifier: str) -> None:
    with db.read() as session:
        assert sessions.find_credentials(session, identifier) == Credentials(0, None)


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("::1", "::/48"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", ""),
        ("unix:", ""),
        ("192.0.2", ""),
        ("192.0.2.77, 10.0.0.1", ""),
        ("1" * 5000, ""),
        ("fe80::1%" + "z" * 500, "fe80::/48"),
    ],
)
def test_only_the_network_of_an_address_is_kept(address: str, prefix: str) -> None:
    assert address_prefix(address) == prefix


def is_signed_in(db: Database, token: str) -> bool:
    return sessions.visit(db, token).viewer is not None


def touched(db: Database, token: str, *, minutes_ago: int) -> bool:
    """Say whether a session that was used last so long ago is to be recorded as in use."""
    not_used_for(db, timedelta(minutes=minutes_ago))
    return sessions.visit(db, token).needs_touch


def not_used_for(db: Database, duration: timedelta) -> None:
    last_used = clock.now() - duration
    db.write(lambda session: session.execute(update(LoginSession).values(last_used_at=last_used)))


def make_ids_older(db: Database, duration: timedelta) -> None:
    """Give sessions the ids that they would have if they had begun so long ago."""

    def move(session: Session) -> None:
        session.execute(update(LoginSession).values(id=LoginSession.id - ids.distance(duration)))

    db.write(move)


def suspend(session: Session, person: Viewer) -> None:
    session.execute(update(Account).where(Account.id == person.id).values(suspended_at=clock.now()))
