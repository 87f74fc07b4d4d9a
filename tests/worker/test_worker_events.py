"""Events are followed up once, in chunks, whatever goes wrong on the way."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from microblog import clock, ids
from microblog.db import Database
from microblog.domain import outbox
from microblog.domain.events import DATABASE_LANE, EVENTS, NETWORK_LANE, Event
from microblog.models import Account, OutboxEvent
from microblog.services import Services
from microblog.worker import Worker, queue
from microblog.worker.handlers import DATABASE_HANDLERS
from tests import make
from tests.cast import Cast
from tests.parallel import at_once
from tests.reader import Reader

CHUNKS = 5


class Stumbled(Exception):
    """A handler met what it cannot deal with."""


@dataclass(frozen=True)
class Counted(Event):
    """Something whose every follow-up can be counted."""

    account_id: int


class Handlers:
    """Two handlers that count every chunk they do; the second one may stumble."""

    def __init__(self) -> None:
        self.stumbles_at: int | None = None

    def count_posts(self, session: Session, event: Counted, cursor: int | None) -> int | None:
        """Count one chunk, then the next."""
        done = (cursor or 0) + 1
        add_one(session, event.account_id, "posts_count")
        return done if done < CHUNKS else None

    def count_followers(self, session: Session, event: Counted, cursor: int | None) -> int | None:
        """Count one chunk, then the next; stumble after one of them was counted."""
        done = (cursor or 0) + 1
        add_one(session, event.account_id, "followers_count")
        if done == self.stumbles_at:
            raise Stumbled
        return done if done < CHUNKS else None


def add_one(session: Session, account_id: int, counter: str) -> None:
    column = getattr(Account, counter)
    session.execute(update(Account).where(Account.id == account_id).values({counter: column + 1}))


@pytest.fixture
def handlers(monkeypatch: pytest.MonkeyPatch) -> Handlers:
    """Return the handlers of an event that only these tests have."""
    made = Handlers()
    monkeypatch.setitem(EVENTS, "Counted", Counted)
    monkeypatch.setitem(DATABASE_HANDLERS, Counted, (made.count_posts, made.count_followers))
    return made


def announce(db: Database, *events: Event) -> None:
    for event in events:
        db.write(partial(outbox.announce, event=event))


def counted(db: Database, account_id: int) -> tuple[int, int]:
    with db.read() as session:
        account = session.get_one(Account, account_id)
        return account.posts_count, account.followers_count


def waiting(db: Database) -> list[OutboxEvent]:
    with db.read() as session:
        return list(session.scalars(select(OutboxEvent).order_by(OutboxEvent.id)))


def make_due(db: Database, lane: str = DATABASE_LANE) -> None:
    make.events_due(db, lane)


@pytest.fixture
def carol(db: Database, cast: Cast, worker: Worker) -> int:
    """Return Carol's account, with no event waiting."""
    worker.run_due()
    return cast.carol.id


def test_every_handler_does_every_chunk_once(
    db: Database, worker: Worker, carol: int, handlers: Handlers
) -> None:
    announce(db, Counted(carol))
    worker.run_due()
    assert counted(db, carol) == (CHUNKS, CHUNKS)
    assert waiting(db) == []


def test_events_are_followed_up_in_the_order_they_happened(
    db: Database, worker: Worker, cast: Cast
) -> None:
    first, second = make.post(db, cast.alice), make.post(db, cast.alice)
    worker.run_due()
    assert Reader(db, cast.bob).posts() == [second, first]


def test_a_chunk_that_fails_is_rolled_back_and_the_rest_is_done_later(
    db: Database, worker: Worker, carol: int, handlers: Handlers
) -> None:
    announce(db, Counted(carol))
    handlers.stumbles_at = 3
    worker.run_due()
    assert counted(db, carol) == (CHUNKS, 2)
    (event,) = waiting(db)
    assert (event.step, event.cursor, event.attempts) == (1, 2, 1)
    assert event.error is not None
    assert event.error.endswith("Stumbled\n")
    worker.run_due()
    assert counted(db, carol) == (CHUNKS, 2)
    handlers.stumbles_at = None
    make_due(db)
    worker.run_due()
    assert counted(db, carol) == (CHUNKS, CHUNKS)
    assert waiting(db) == []


def test_a_failing_event_does_not_hold_up_those_behind_it(
    db: Database, worker: Worker, cast: Cast, carol: int, handlers: Handlers
) -> None:
    handlers.stumbles_at = 1
    announce(db, Counted(carol))
    post_id = make.post(db, cast.alice)
    worker.run_due()
    assert Reader(db, cast.bob).posts() == [post_id]
    assert len(waiting(db)) == 1


def test_an_event_is_tried_again_after_growing_pauses_and_then_parked(
    db: Database, worker: Worker, carol: int, handlers: Handlers
) -> None:
    handlers.stumbles_at = 1
    announce(db, Counted(carol))
    pauses = []
    for attempt in range(1, queue.MAX_ATTEMPTS + 1):
        began = clock.now()
        worker.run_due()
        (event,) = waiting(db)
        assert event.attempts == attempt
        pauses.append(event.due_at - began)
        make_due(db)
    growing = [pause for pause in pauses if pause < timedelta(minutes=40)]
    assert all(shorter < longer for shorter, longer in pairwise(growing))
    assert timedelta(seconds=1) < pauses[0] < timedelta(seconds=10)
    assert all(timedelta(minutes=40) < pause < timedelta(minutes=73) for pause in pauses[-4:])
    assert sum(pauses, timedelta()) > timedelta(hours=5)
    handlers.stumbles_at = None
    worker.run_due()
    assert counted(db, carol) == (CHUNKS, 0)
    assert [event.kind for event in waiting(db) if event.parked_at is not None] == ["Counted"]


@pytest.mark.parametrize("lane", [DATABASE_LANE, NETWORK_LANE])
def test_an_event_of_another_version_is_kept_and_blocks_nobody(
    db: Database, worker: Worker, cast: Cast, lane: str
) -> None:
    now = clock.now()
    unknown = OutboxEvent(
        id=ids.new(), kind="FromTheFuture", lane=lane, payload="{}", created_at=now, due_at=now
    )
    db.write(lambda session: session.add(unknown))
    post_id = make.post(db, cast.alice)
    for _ in range(queue.MAX_ATTEMPTS):
        worker.run_due()
        make_due(db, lane)
    assert Reader(db, cast.bob).posts() == [post_id]
    (event,) = waiting(db)
    assert event.parked_at is not None
    assert event.error is not None
    assert "FromTheFuture" in event.error


@pytest.mark.parametrize("payload", ["", "[]", '{"post_id": 1, "more": 2}', "not json"])
def test_an_event_that_cannot_be_read_is_kept_and_blocks_nobody(
    db: Database, worker: Worker, cast: Cast, payload: str
) -> None:
    now = clock.now()
    broken = OutboxEvent(
        id=ids.new(),
        kind="PostPublished",
        lane=DATABASE_LANE,
        payload=payload,
        created_at=now,
        due_at=now,
    )
    db.write(lambda session: session.add(broken))
    post_id = make.post(db, cast.alice)
    worker.run_due()
    assert Reader(db, cast.bob).posts() == [post_id]
    assert [event.attempts for event in waiting(db)] == [1]


def test_two_workers_do_every_chunk_of_every_event_once(
    db: Database, services: Services, carol: int, handlers: Handlers
) -> None:
    announce(db, *[Counted(carol)] * 8)

    def work_until_nothing_waits() -> None:
        worker = Worker(services)
        while waiting(db):
            worker.run_due()

    at_once(work_until_nothing_waits, work_until_nothing_waits, work_until_nothing_waits)
    assert counted(db, carol) == (8 * CHUNKS, 8 * CHUNKS)


def test_two_workers_deliver_every_post_once(
    db: Database, services: Services, worker: Worker, cast: Cast
) -> None:
    worker.run_due()
    written = [make.post(db, cast.alice, f"Number {number}") for number in range(12)]

    def work_until_nothing_waits() -> None:
        mine = Worker(services)
        while waiting(db):
            mine.run_due()

    at_once(work_until_nothing_waits, work_until_nothing_waits)
    assert sorted(Reader(db, cast.bob).posts()) == written
