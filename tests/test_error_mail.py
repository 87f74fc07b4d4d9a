"""Errors reach the people who run the server: once for a burst, and with nothing people typed."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from microblog import error_mail
from microblog.db import Database, DatabaseError
from microblog.domain.events import MailRequested
from microblog.error_mail import MAX_PLACES, ErrorCounter, ErrorMailHandler
from microblog.mail import Mailer, MailError
from microblog.models import AttemptCounter, OutboxEvent
from microblog.services import Services
from microblog.worker import Worker, queue
from tests import make
from tests.cast import Cast
from tests.mail_server import reached_at
from tests.parallel import at_once
from tests.processes import free_port, wait_for
from tests.visitor import Visitor

ADMIN = "admin@ex.com"
HOUR = timedelta(hours=1)
logger = logging.getLogger("microblog.test")


@dataclass
class Clock:
    """Seconds that pass when a test says so."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def timer() -> Clock:
    """Return the clock of the counter."""
    return Clock()


@pytest.fixture
def counter(db: Database, cast: Cast, worker: Worker, timer: Clock) -> Iterator[ErrorCounter]:
    """Return a counter that everything logged as an error is counted by."""
    worker.run_due()
    made = ErrorCounter(db, [ADMIN], timer)
    with logged_to(Counting(made)):
        yield made


class Counting(logging.Handler):
    """Counts, and leaves it to the test when to report."""

    def __init__(self, counter: ErrorCounter) -> None:
        super().__init__(logging.ERROR)
        self._counter = counter

    def emit(self, record: logging.LogRecord) -> None:
        """Count."""
        self._counter.count(record)


@contextmanager
def logged_to(handler: logging.Handler) -> Iterator[None]:
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)


def fail(words: str = "", kind: type[Exception] = ValueError) -> None:
    """Log an error whose place is always the same."""
    try:
        raise kind(words)
    except kind:
        logger.exception("It failed: %s", words)


def fail_elsewhere() -> None:
    """Log an error of another place."""
    try:
        int("no number")
    except ValueError:
        logger.exception("It failed.")


def mails(db: Database) -> list[dict[str, str]]:
    """Return what the announced mails say, the oldest first."""
    with db.read() as session:
        rows = session.scalars(
            select(OutboxEvent)
            .where(OutboxEvent.kind == MailRequested.__name__)
            .order_by(OutboxEvent.id)
        ).all()
    events = [json.loads(row.payload) for row in rows]
    assert all(event["kind"] == "error_report" for event in events)
    return [{"to": event["to"], **event["values"]} for event in events]


def let_an_hour_pass(db: Database, timer: Clock) -> None:
    def move(session: Session) -> None:
        for kept in session.scalars(select(AttemptCounter)):
            kept.expires_at -= HOUR

    db.write(move)
    timer.seconds += HOUR.total_seconds() + 1


def test_a_burst_of_the_same_error_is_one_mail(db: Database, counter: ErrorCounter) -> None:
    for _ in range(50):
        fail()
    counter.report()
    for _ in range(50):
        fail()
        counter.report()
    (mail,) = mails(db)
    assert (mail["to"], mail["count"]) == (ADMIN, "50")


def test_after_an_hour_the_next_error_tells_of_all_since(
    db: Database, counter: ErrorCounter, timer: Clock
) -> None:
    for _ in range(10):
        fail()
        counter.report()
    let_an_hour_pass(db, timer)
    counter.report()
    assert len(mails(db)) == 1
    fail()
    counter.report()
    assert [mail["count"] for mail in mails(db)] == ["1", "10"]


def test_errors_of_two_places_are_two_mails(db: Database, counter: ErrorCounter) -> None:
    fail()
    fail(kind=KeyError)
    fail_elsewhere()
    logger.error("Without an exception: %s", 1)
    logger.error("Without an exception: %s", 2)
    counter.report()
    assert sorted(mail["count"] for mail in mails(db)) == ["1", "1", "1", "2"]


def test_what_is_no_error_is_no_mail(db: Database, counter: ErrorCounter) -> None:
    logger.warning("Nothing much.")
    counter.report()
    assert mails(db) == []


def test_everybody_who_runs_the_server_gets_a_mail(db: Database, cast: Cast) -> None:
    counter = ErrorCounter(db, [ADMIN, "other@ex.com"])
    with logged_to(Counting(counter)):
        fail()
    counter.report()
    assert {mail["to"] for mail in mails(db)} == {ADMIN, "other@ex.com"}


def test_several_processes_send_one_mail(db: Database, cast: Cast) -> None:
    counters = [ErrorCounter(db, [ADMIN]) for _ in range(4)]
    with suppress(ValueError):
        for counter in counters:
            with logged_to(Counting(counter)):
                fail()
    at_once(*[counter.report for counter in counters])
    assert len(mails(db)) == 1


def test_a_mail_says_where_in_the_code_it_was_and_nothing_that_was_typed(
    db: Database, counter: ErrorCounter
) -> None:
    typed = "my very private words"
    fail(typed)
    logger.error("They typed %s", typed)
    logging.getLogger("somebody.else").error(f"They typed {typed}")
    counter.report()
    said = [mail["summary"] for mail in mails(db)]
    assert len(said) == 3
    assert not [summary for summary in said if typed in summary]
    assert any(
        one.startswith("builtins.ValueError\n") and "test_error_mail.py" in one for one in said
    )
    assert "microblog.test: They typed %s" in said
    assert "somebody.else" in said


def test_more_places_than_fit_are_not_remembered(
    db: Database, counter: ErrorCounter, timer: Clock
) -> None:
    for number in range(MAX_PLACES + 20):
        logging.getLogger(f"place.{number}").error("It failed.")
    counter.report()
    assert len(mails(db)) == MAX_PLACES
    # Who has been told of makes room.
    logging.getLogger("place.of.tomorrow").error("It failed.")
    counter.report()
    assert len(mails(db)) == MAX_PLACES + 1


def test_while_the_database_is_away_errors_are_counted_on(
    db: Database, counter: ErrorCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_act: object) -> None:
        raise DatabaseError("", {}, Exception("The database is away."))

    with monkeypatch.context() as patch:
        patch.setattr(db, "write", refuse)
        fail()
        for _ in range(2):
            with pytest.raises(DatabaseError):
                counter.report()
    fail()
    counter.report()
    assert [mail["count"] for mail in mails(db)] == ["2"]


def test_a_mail_about_an_error_that_fails_is_no_error_to_mail(
    db: Database, services: Services, counter: ErrorCounter
) -> None:
    away = Mailer(sender="us@ex.org", folder=Path(), server=reached_at(free_port()))
    fail()
    counter.report()
    for _ in range(queue.MAX_ATTEMPTS):
        make.events_due(db, MailRequested.lane)
        Worker(replace(services, mailer=away)).run_due()
    counter.report()
    assert len(mails(db)) == 1


def test_a_mail_about_an_error_that_cannot_be_written_is_no_error_to_mail(
    db: Database, services: Services, counter: ErrorCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail()
    counter.report()
    broken = MailRequested("error_report", ADMIN, values={"count": "no number"})
    with db.read() as session:
        (row,) = session.scalars(select(OutboxEvent))
    row.payload = json.dumps(vars(broken))
    db.write(lambda session: session.merge(row))
    Worker(services).run_due()
    counter.report()
    (event,) = list_events(db)
    assert event.attempts == 1


def list_events(db: Database) -> list[OutboxEvent]:
    with db.read() as session:
        return list(session.scalars(select(OutboxEvent)))


@contextmanager
def at_work(db: Database, **pauses: float) -> Iterator[ErrorMailHandler]:
    handler = ErrorMailHandler(ErrorCounter(db, [ADMIN]), **pauses)
    with logged_to(handler):
        yield handler


def test_who_logs_waits_for_nothing_and_the_mail_is_announced_soon(
    db: Database, cast: Cast
) -> None:
    with at_work(db, gather_seconds=0.05):

        def act(session: Session) -> None:
            session.scalar(select(OutboxEvent.id))
            # Within a transaction that holds what the report needs, too.
            fail()

        db.write(act)
        wait_for(lambda: mails(db), "the mail")


def test_when_the_database_is_back_the_mail_is_announced(
    db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[object] = []
    write = db.write

    def refuse_twice(act: Callable[[Session], object]) -> object:
        if len(refused) < 2:
            refused.append(act)
            logger.error("The pool of connections stumbled.")
            raise DatabaseError("", {}, Exception("The database is away."))
        return write(act)

    monkeypatch.setattr(db, "write", refuse_twice)
    with at_work(db, gather_seconds=0.01, retry_seconds=0.01):
        fail()
        (mail,) = wait_for(lambda: mails(db), "the mail")
        assert "ValueError" in mail["summary"]


def test_a_record_that_cannot_be_counted_harms_nobody(db: Database, cast: Cast) -> None:
    record = logging.LogRecord("microblog.x", logging.ERROR, "", 0, "It failed.", (), None)
    record.exc_info = ("broken",)  # type: ignore[assignment]  # That is what is wrong with it.
    with at_work(db, gather_seconds=0.01) as handler:
        handler.handle(record)
        fail_elsewhere()
        wait_for(lambda: mails(db), "the mail of the other")


def test_an_error_of_a_page_is_mailed_with_the_number_that_the_page_shows(
    app: Flask, db: Database, counter: ErrorCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object) -> None:
        raise RuntimeError("typed words")

    monkeypatch.setitem(app.view_functions, "explore.show", stumble)
    response = Visitor(app).get("/explore?q=typed")
    assert response.status_code == 500
    counter.report()
    (mail,) = mails(db)
    assert mail["request_id"] == response.headers["X-Request-Id"]
    assert mail["request_id"] in response.text
    assert "typed" not in mail["summary"]


def test_a_mail_that_failed_for_its_server_is_not_reported(counter: ErrorCounter) -> None:
    error = RuntimeError()
    error.__cause__ = MailError("The mail server is away.")
    record = logging.LogRecord(
        "microblog.x", logging.ERROR, "", 0, "", (), (type(error), error, None)
    )
    assert not counter.count(record)


def test_errors_are_mailed_only_where_somebody_is_named(db: Database) -> None:
    root = logging.getLogger()
    before = list(root.handlers)
    try:
        error_mail.install(db, ())
        assert root.handlers == before
        error_mail.install(db, (ADMIN,))
        assert len(root.handlers) == len(before) + 1
        root.handlers[:] = []
        error_mail.install(db, (ADMIN,))
        # What Python shows of errors where nobody handles them is still shown.
        assert logging.lastResort in root.handlers
    finally:
        root.handlers[:] = before
