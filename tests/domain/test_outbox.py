"""The outbox: an event is there exactly when its cause is."""

from dataclasses import fields

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from microblog.db import Database
from microblog.domain import outbox
from microblog.domain.events import DATABASE_LANE, EVENTS, NETWORK_LANE, Event, PostPublished
from microblog.models import OutboxEvent
from microblog.worker.handlers import DATABASE_HANDLERS, NETWORK_HANDLERS


class SecondThoughts(Exception):
    """Somebody's mind changed in the middle of a write."""


def example(kind: type[Event]) -> Event:
    file = 'a "file".webp'
    values = {"int": 2**62, "str": file, "dict": {"reason": 'a "reason"'}}
    values |= {"bool": True, "list": [file, "another.webp"]}
    return kind(*(values[str(getattr(one.type, "__name__", one.type))] for one in fields(kind)))


every_event = pytest.mark.parametrize("kind", EVENTS.values(), ids=EVENTS)


@every_event
def test_an_event_comes_out_as_it_went_in(db: Database, kind: type[Event]) -> None:
    event = example(kind)
    db.write(lambda session: outbox.announce(session, event))
    with db.read() as session:
        row = session.scalars(select(OutboxEvent)).one()
    assert outbox.parse(row) == event
    assert (row.lane, row.attempts, row.step, row.cursor) == (kind.lane, 0, 0, None)
    assert row.created_at == row.due_at


@pytest.mark.sqlite_only
@every_event
def test_somebody_follows_up_every_event(kind: type[Event]) -> None:
    assert (kind in DATABASE_HANDLERS) is (kind.lane == DATABASE_LANE)
    assert (kind in NETWORK_HANDLERS) is (kind.lane == NETWORK_LANE)


def test_an_event_is_rolled_back_with_its_cause(db: Database) -> None:
    def announce_and_fail(session: Session) -> None:
        outbox.announce(session, PostPublished(1))
        session.flush()
        raise SecondThoughts

    with pytest.raises(SecondThoughts):
        db.write(announce_and_fail)
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(OutboxEvent)) == 0
