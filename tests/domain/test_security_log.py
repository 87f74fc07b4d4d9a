"""The security log: what it keeps, of whom, and for how long."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from microblog import clock, ids
from microblog.db import Database
from microblog.domain import security_log
from microblog.domain.security_log import (
    JOB_DROPPED,
    SIGN_IN_FAILED,
    SIGNED_IN,
    SUSPENDED,
    LogEntry,
    Origin,
)
from microblog.models import SecurityEvent
from tests.cast import Cast

AT_HOME = Origin("192.0.2.77", "Browser/1.0")


def record(
    db: Database,
    kind: str,
    account_id: int | None,
    *,
    actor_id: int | None = None,
    detail: str = "",
    origin: Origin | None = None,
) -> None:
    db.write(
        lambda session: security_log.record(
            session, kind, account_id, actor_id=actor_id, detail=detail, origin=origin
        )
    )


def entries_of(db: Database, account_id: int, limit: int = 50) -> list[LogEntry]:
    with db.read() as session:
        return list(security_log.list_for(session, account_id, limit))


def kinds_of(db: Database, account_id: int) -> list[str]:
    return [entry.kind for entry in entries_of(db, account_id)]


def test_a_person_reads_what_happened_to_their_account(db: Database, cast: Cast) -> None:
    before = clock.now() - timedelta(milliseconds=1)
    record(db, SIGNED_IN, cast.bob.id, origin=AT_HOME)
    (entry,) = entries_of(db, cast.bob.id)
    assert (entry.kind, entry.account_id, entry.actor_id) == (SIGNED_IN, cast.bob.id, None)
    assert (entry.address_prefix, entry.agent) == ("192.0.2.0/24", "Browser/1.0")
    assert before <= entry.created_at <= clock.now()


def test_the_newest_comes_first_and_nothing_of_others(db: Database, cast: Cast) -> None:
    for kind in (SIGN_IN_FAILED, SIGNED_IN, SUSPENDED):
        record(db, kind, cast.bob.id)
    record(db, SIGNED_IN, cast.carol.id)
    record(db, JOB_DROPPED, None, actor_id=cast.alice.id, detail="MailRequested")
    assert kinds_of(db, cast.bob.id) == [SUSPENDED, SIGNED_IN, SIGN_IN_FAILED]
    assert [entry.kind for entry in entries_of(db, cast.bob.id, limit=1)] == [SUSPENDED]
    assert kinds_of(db, cast.alice.id) == []


def test_an_admin_is_named_who_did_it(db: Database, cast: Cast) -> None:
    record(db, SUSPENDED, cast.bob.id, actor_id=cast.alice.id, detail="spam")
    (entry,) = entries_of(db, cast.bob.id)
    assert (entry.actor_id, entry.detail, entry.address_prefix) == (cast.alice.id, "spam", "")


@pytest.mark.parametrize(
    ("text", "kept"),
    [("a\x00b\r\nc\u202e\ud800", "abc"), ("x" * 100_000, "x" * 200), ("é😀" * 100, "é😀" * 100)],
)
def test_what_a_browser_says_is_kept_readable_and_short(
    db: Database, cast: Cast, text: str, kept: str
) -> None:
    record(db, SIGNED_IN, cast.bob.id, detail=text, origin=Origin(text, text))
    (entry,) = entries_of(db, cast.bob.id)
    assert (entry.agent, entry.detail, entry.address_prefix) == (kept, kept, "")


def test_what_is_old_is_forgotten(db: Database, cast: Cast) -> None:
    for days in (91, 89):
        record(db, SIGNED_IN, cast.bob.id)
        make_older(db, days)
    record(db, SIGN_IN_FAILED, cast.bob.id)
    before = clock.now() - timedelta(days=90)
    assert db.write(lambda session: security_log.sweep(session, before)) is False
    assert len(entries_of(db, cast.bob.id)) == 2


def test_much_is_forgotten_a_part_at_a_time(
    db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(security_log, "SWEEP_LIMIT", 2)
    for _ in range(3):
        record(db, SIGNED_IN, cast.bob.id)
    now = clock.now() + timedelta(seconds=1)
    rounds = [db.write(lambda session: security_log.sweep(session, now)) for _ in range(2)]
    assert rounds == [True, False]
    assert kinds_of(db, cast.bob.id) == []


def test_what_somebody_did_is_forgotten_but_not_what_admins_did(db: Database, cast: Cast) -> None:
    record(db, SIGNED_IN, cast.bob.id)
    record(db, SUSPENDED, cast.bob.id, actor_id=cast.alice.id)
    record(db, SIGNED_IN, cast.carol.id)
    assert db.write(lambda session: security_log.forget_own(session, cast.bob.id)) is False
    assert kinds_of(db, cast.bob.id) == [SUSPENDED]
    assert kinds_of(db, cast.carol.id) == [SIGNED_IN]


def make_older(db: Database, days: int) -> None:
    """Make the newest entry older, as if those days had passed."""
    moment = clock.now() - timedelta(days=days)
    with db.read() as session:
        newest = session.scalar(select(func.max(SecurityEvent.id)))
    older = update(SecurityEvent).where(SecurityEvent.id == newest)
    db.write(
        lambda session: session.execute(older.values(id=ids.at(moment, days), created_at=moment))
    )
