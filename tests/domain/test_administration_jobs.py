"""Jobs that were given up, and mails that wait: tried again, or dropped."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from microblog import clock
from microblog.db import Database
from microblog.domain import administration
from microblog.domain.administration import Job
from microblog.domain.errors import NotAllowed, NotFound
from microblog.domain.events import DATABASE_LANE, Event, MailRequested, PostPublished
from microblog.domain.outbox import announce
from microblog.domain.pages import Page
from microblog.domain.viewer import Viewer
from microblog.models import OutboxEvent, SecurityEvent
from microblog.worker import queue
from tests import make
from tests.cast import Cast

MAIL = MailRequested("reset_password", "bob@ex.com", values={"minutes": "10"})


@pytest.fixture(autouse=True)
def nothing_else(db: Database, cast: Cast) -> None:
    """Have no job at the beginning."""

    def clear(session: Any) -> None:
        for row in session.scalars(select(OutboxEvent)):
            session.delete(row)

    db.write(clear)


def given_up(db: Database, event: Event = MAIL) -> int:
    """Have the worker fail with an event as often as it tries."""
    job_id = waiting(db, event)
    for _ in range(queue.MAX_ATTEMPTS):
        db.write(lambda session: queue.postpone(session, job_id, "Traceback:\nOSError: refused\n"))
    return job_id


def waiting(db: Database, event: Event = MAIL) -> int:
    db.write(lambda session: announce(session, event))
    with db.read() as session:
        return session.scalars(select(OutboxEvent.id).order_by(OutboxEvent.id.desc())).first() or 0


def parked(db: Database, cast: Cast, page: Page | None = None) -> list[Job]:
    with db.read() as session:
        found = administration.list_parked(session, by=cast.alice, page=page or Page(20))
    return list(found.items)


def mails(db: Database, cast: Cast) -> list[Job]:
    with db.read() as session:
        found = administration.list_waiting_mails(session, by=cast.alice, page=Page(20))
    return list(found.items)


def do(db: Database, act: Callable[..., None], by: Viewer, job_id: int) -> None:
    db.write(partial(act, by=by, job_id=job_id))


def logged(db: Database) -> list[tuple[str, str, int | None]]:
    with db.read() as session:
        rows = session.scalars(select(SecurityEvent).where(SecurityEvent.actor_id.is_not(None)))
        return [(row.kind, row.detail, row.account_id) for row in rows]


def test_what_was_given_up_is_listed_with_what_went_wrong(db: Database, cast: Cast) -> None:
    job_id = given_up(db)
    waiting(db)
    (job,) = parked(db, cast)
    assert (job.id, job.kind, job.attempts) == (job_id, "MailRequested", queue.MAX_ATTEMPTS)
    assert (job.mail_kind, job.mail_to) == ("reset_password", "bob@ex.com")
    assert job.error == "OSError: refused"
    assert job.parked_at is not None


def test_jobs_of_both_lanes_are_listed_by_key(db: Database, cast: Cast) -> None:
    first, second = given_up(db), given_up(db, PostPublished(1))
    assert [job.id for job in parked(db, cast)] == [second, first]
    assert [job.id for job in parked(db, cast, Page(1, before=second))] == [first]
    assert parked(db, cast)[0].mail_kind == ""


def test_mails_that_are_still_to_be_sent_are_listed(db: Database, cast: Cast) -> None:
    given_up(db)
    waiting(db, PostPublished(1))
    job_id = waiting(db)
    assert [job.id for job in mails(db, cast)] == [job_id]
    with db.read() as session:
        job = administration.get_job(session, by=cast.alice, job_id=job_id)
        assert (job.mail_to, job.parked_at, job.error) == ("bob@ex.com", None, "")
        with pytest.raises(NotFound):
            administration.get_job(session, by=cast.alice, job_id=1)


def test_a_job_that_is_tried_again_is_due_and_as_good_as_new(db: Database, cast: Cast) -> None:
    job_id = given_up(db, PostPublished(1))
    assert not queue.has_due(db, DATABASE_LANE)
    do(db, administration.retry_job, cast.alice, job_id)
    assert queue.has_due(db, DATABASE_LANE)
    assert parked(db, cast) == []
    with db.read() as session:
        assert session.get_one(OutboxEvent, job_id).attempts == 0
    assert logged(db) == [("job_retried", f"PostPublished {job_id}", None)]


def test_a_mail_that_waits_can_be_tried_at_once(db: Database, cast: Cast) -> None:
    job_id = waiting(db)
    db.write(lambda session: queue.postpone(session, job_id, "OSError"))
    assert mails(db, cast)[0].due_at > clock.now()
    do(db, administration.retry_job, cast.alice, job_id)
    assert mails(db, cast)[0].due_at <= clock.now() + timedelta(seconds=1)


@pytest.mark.parametrize("make_job", [given_up, waiting])
def test_a_job_that_is_dropped_is_gone(
    db: Database, cast: Cast, make_job: Callable[[Database], int]
) -> None:
    job_id = make_job(db)
    do(db, administration.drop_job, cast.alice, job_id)
    assert parked(db, cast) == mails(db, cast) == []
    assert logged(db) == [("job_dropped", f"MailRequested {job_id}", None)]


@pytest.mark.parametrize("act", [administration.retry_job, administration.drop_job])
def test_what_is_done_meanwhile_is_not_there(
    db: Database, cast: Cast, act: Callable[..., None]
) -> None:
    job_id = given_up(db)
    db.write(lambda session: queue.end(session, job_id))
    with pytest.raises(NotFound):
        do(db, act, cast.alice, job_id)
    assert logged(db) == []


@pytest.mark.parametrize("act", [administration.retry_job, administration.drop_job])
def test_a_member_touches_no_job(db: Database, cast: Cast, act: Callable[..., None]) -> None:
    job_id = given_up(db)
    with pytest.raises(NotAllowed):
        do(db, act, cast.bob, job_id)
    assert [job.id for job in parked(db, cast)] == [job_id]


def test_a_job_of_another_version_is_listed_too(db: Database, cast: Cast) -> None:
    make.post(db, cast.bob)
    job_id = given_up(db, PostPublished(1))

    def rename(session: Any) -> None:
        session.get_one(OutboxEvent, job_id).kind = "FromTheFuture"

    db.write(rename)
    assert [job.kind for job in parked(db, cast)] == ["FromTheFuture"]
