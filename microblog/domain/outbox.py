"""The outbox: events are committed with what caused them, and the worker follows them up."""

import json
from dataclasses import asdict

from sqlalchemy.orm import Session

from microblog import clock, ids
from microblog.domain.events import EVENTS, Event
from microblog.models import OutboxEvent


def announce(session: Session, event: Event) -> None:
    """Put an event into the outbox, in the caller's transaction."""
    moment = clock.now()
    session.add(
        OutboxEvent(
            id=ids.new(),
            kind=type(event).__name__,
            lane=event.lane,
            payload=json.dumps(asdict(event)),
            created_at=moment,
            due_at=moment,
        )
    )


def parse(row: OutboxEvent) -> Event:
    """Return the event that a row holds. **Raises** KeyError for a kind of another version."""
    return EVENTS[row.kind](**json.loads(row.payload))
