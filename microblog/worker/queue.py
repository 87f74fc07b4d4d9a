"""The outbox as a queue: claiming an event, moving it on, ending it, trying it again later."""

import random
from datetime import timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from microblog import clock
from microblog.db import Database, Prepared, at_most
from microblog.models import OutboxEvent

# The pauses between them come to about six hours: a mail server may be away for a night.
MAX_ATTEMPTS = 16
# How long a worker of the network lane may take before another one takes over.
LEASE = timedelta(minutes=5)
_FIRST_PAUSE_SECONDS = 2
_LONGEST_PAUSE_SECONDS = 3600
_ERROR_LENGTH = 2000

_DUE = Prepared(
    select(OutboxEvent.id)
    .where(
        OutboxEvent.lane == bindparam("lane"),
        OutboxEvent.parked_at.is_(None),
        OutboxEvent.due_at <= bindparam("now"),
    )
    .limit(at_most(1))
)


def has_due(db: Database, lane: str) -> bool:
    """Tell whether there is anything to do, without a lock."""
    return bool(db.fetch(_DUE, lane=lane, now=clock.now()))


def claim(session: Session, lane: str) -> OutboxEvent | None:
    """Return the oldest due event, locked for this transaction; None when there is none."""
    return session.scalar(
        select(OutboxEvent)
        .where(
            OutboxEvent.lane == lane,
            OutboxEvent.parked_at.is_(None),
            OutboxEvent.due_at <= clock.now(),
        )
        .order_by(OutboxEvent.due_at, OutboxEvent.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def lease(event: OutboxEvent) -> None:
    """Keep an event from other workers while its slow part runs outside a transaction."""
    event.due_at = clock.now() + LEASE


def advance(session: Session, event: OutboxEvent, cursor: int | None, steps: int) -> None:
    """Record how far an event's handlers came; end it after the last step."""
    event.attempts = 0
    event.cursor = cursor
    if cursor is None:
        event.step += 1
    if event.step >= steps:
        end(session, event.id)


def end(session: Session, event_id: int) -> None:
    """Take an event out of the queue: everything that follows from it is done."""
    session.execute(delete(OutboxEvent).where(OutboxEvent.id == event_id))


def postpone(session: Session, event_id: int, error: str) -> None:
    """Try an event again after a growing pause; park it after the last try."""
    # Another worker may have it by now, and end it.
    event = session.get(OutboxEvent, event_id, with_for_update=True)
    if event is None:
        return
    event.attempts += 1
    event.error = error[-_ERROR_LENGTH:]
    event.due_at = clock.now() + _pause(event.attempts)
    if event.attempts >= MAX_ATTEMPTS:
        event.parked_at = clock.now()


def _pause(attempts: int) -> timedelta:
    seconds = min(_FIRST_PAUSE_SECONDS * 2**attempts, _LONGEST_PAUSE_SECONDS)
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))
