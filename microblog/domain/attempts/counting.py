"""Counting tries, in one statement that is right however many count at once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import case, delete, select
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.orm import Session

from microblog import clock
from microblog.models import AttemptCounter

SWEEP_LIMIT = 1000


@dataclass(frozen=True)
class Rule:
    """So many tries of one kind, for each subject, within a window."""

    kind: str
    limit: int
    window: timedelta

    def of(self, subject: object) -> "Try":
        """Return a try for that subject."""
        return Try(self, str(subject))


@dataclass(frozen=True)
class Try:
    """A try of one kind for one subject: an account, a network."""

    rule: Rule
    subject: str

    @property
    def key(self) -> bytes:
        """Return what it is counted by; it tells nobody who tried what."""
        return hashlib.sha256(f"{self.rule.kind} {self.subject}".encode()).digest()


def hit(session: Session, attempt: Try) -> int:
    """Count one try and return the seconds to wait when that is one too many, else 0."""
    now = clock.now()
    session.execute(_upsert(session, attempt, now))
    # Nobody else changes the row before this transaction ends, so this is what it made of it.
    count, expires_at = session.execute(
        select(AttemptCounter.count, AttemptCounter.expires_at).where(
            AttemptCounter.key == attempt.key
        )
    ).one()
    return _seconds(expires_at, now) if count > attempt.rule.limit else 0


def wait_for(session: Session, tries: Sequence[Try]) -> list[int]:
    """Return for each the seconds until it may be tried again; 0: now."""
    counts = _counts(session, tries)
    return [
        seconds if count >= attempt.rule.limit else 0
        for attempt, (count, seconds) in zip(tries, counts, strict=True)
    ]


def has_tried(session: Session, tries: Sequence[Try]) -> bool:
    """Tell whether one of these has been tried of late."""
    return any(count for count, _ in _counts(session, tries))


def forget(session: Session, tries: Sequence[Try]) -> None:
    """Begin to count anew."""
    keys = [attempt.key for attempt in tries]
    session.execute(delete(AttemptCounter).where(AttemptCounter.key.in_(keys)))


def sweep(session: Session) -> bool:
    """Clear away some counters whose window is over; tell whether there are more."""
    is_over = AttemptCounter.expires_at <= clock.now()
    keys = session.scalars(select(AttemptCounter.key).where(is_over).limit(SWEEP_LIMIT)).all()
    # Asked again, for a window may have begun anew in the meantime.
    session.execute(delete(AttemptCounter).where(AttemptCounter.key.in_(keys), is_over))
    return len(keys) == SWEEP_LIMIT


def _counts(session: Session, tries: Sequence[Try]) -> list[tuple[int, int]]:
    """Return for each how often it was tried, and in how many seconds that is forgotten."""
    keys, now = [attempt.key for attempt in tries], clock.now()
    rows = session.execute(
        select(AttemptCounter.key, AttemptCounter.count, AttemptCounter.expires_at).where(
            AttemptCounter.key.in_(keys), AttemptCounter.expires_at > now
        )
    )
    found = {key: (count, _seconds(expires_at, now)) for key, count, expires_at in rows}
    return [found.get(key, (0, 0)) for key in keys]


def _upsert(session: Session, attempt: Try, now: datetime) -> Any:
    """Return the statement that begins a window or counts one more in it."""
    until = now + attempt.rule.window
    is_over = AttemptCounter.expires_at <= now
    # In this order, for MariaDB sees what a column becomes in those that follow.
    changes = {
        "count": case((is_over, 1), else_=AttemptCounter.count + 1),
        "expires_at": case((is_over, until), else_=AttemptCounter.expires_at),
    }
    row = {"key": attempt.key, "count": 1, "expires_at": until}
    dialect_name = session.get_bind().dialect.name
    if dialect_name == "postgresql":
        begun = postgresql.insert(AttemptCounter).values(row)
        return begun.on_conflict_do_update(index_elements=["key"], set_=changes)
    if dialect_name == "sqlite":
        begun_here = sqlite.insert(AttemptCounter).values(row)
        return begun_here.on_conflict_do_update(index_elements=["key"], set_=changes)
    return mysql.insert(AttemptCounter).values(row).on_duplicate_key_update(list(changes.items()))


def _seconds(expires_at: datetime, now: datetime) -> int:
    return max(1, ceil((expires_at - now).total_seconds()))
