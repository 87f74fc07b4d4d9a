"""Periodic work is done when it is due, by one worker of all."""

import os
import time
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from microblog import clock, ids
from microblog.db import Base, Database
from microblog.domain import avatars, sessions, tokens
from microblog.domain.viewer import Viewer
from microblog.models import (
    AccountToken,
    Attachment,
    LoginSession,
    PeriodicRun,
    Post,
    SecurityEvent,
)
from microblog.services import Services
from microblog.worker import Worker, schedule
from microblog.worker.schedule import SCHEDULE, Periodic, Scheduler
from tests import make
from tests.cast import Cast
from tests.parallel import at_once
from tests.plans import steps_of

TABLES = set(Base.metadata.tables)


@pytest.fixture
def worker(db: Database, services: Services, cast: Cast) -> Worker:
    """Return a worker for whom everything on the schedule is due."""
    make.periodic_work_due(db)
    return Worker(services)


def test_everything_on_the_schedule_is_done_at_the_first_start_and_then_waits(
    db: Database, worker: Worker
) -> None:
    before = clock.now()
    worker.run_due()
    with db.read() as session:
        runs = {run.name: run.next_at for run in session.scalars(select(PeriodicRun))}
    assert runs.keys() == {periodic.name for periodic in SCHEDULE}
    for periodic in SCHEDULE:
        assert before + periodic.every <= runs[periodic.name] <= clock.now() + periodic.every


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "periodic",
    [each for each in SCHEDULE if each.name != "optimize"],
    ids=lambda periodic: periodic.name,
)
def test_what_is_due_is_found_without_reading_a_whole_table(
    db: Database, services: Services, cast: Cast, sent_to_sqlite: list[str], periodic: Periodic
) -> None:
    periodic.run(services)
    selects = [statement for statement in sent_to_sqlite if statement.startswith("SELECT")]
    steps = [step for statement in selects for step in steps_of(db, statement)]
    assert any(step.startswith("SEARCH") for step in steps)
    assert not steps_over_whole_tables(steps)


def test_of_several_workers_one_does_what_is_due(
    db: Database, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    names = [f"chore {number}" for number in range(5)]

    def do(_: Services, name: str) -> None:
        done.append(name)

    chores = [Periodic(name, timedelta(hours=1), partial(do, name=name)) for name in names]
    monkeypatch.setattr(schedule, "SCHEDULE", chores)
    at_once(*[lambda: Scheduler(services).run_due()] * 4)
    assert sorted(done) == names
    at_once(*[lambda: Scheduler(services).run_due()] * 4)
    assert sorted(done) == names
    past = clock.now() - timedelta(seconds=1)
    db.write(lambda session: session.execute(update(PeriodicRun).values(next_at=past)))
    at_once(*[lambda: Scheduler(services).run_due()] * 4)
    assert sorted(done) == sorted(names * 2)


def test_one_worker_looks_into_the_schedule_only_now_and_then(db: Database, worker: Worker) -> None:
    worker.run_due()
    db.reset_statements()
    worker.run_due()
    # Whether anything is due in either lane, and nothing else.
    assert db.statements == 2


def test_to_find_nothing_due_nothing_is_written(
    db: Database, services: Services, worker: Worker
) -> None:
    worker.run_due()
    db.reset_statements()
    Scheduler(services).run_due()
    assert db.statements == 1


def test_expired_sign_ins_are_swept(db: Database, cast: Cast, worker: Worker) -> None:
    for lifetime in (timedelta(0), timedelta(days=1)):
        start = partial(
            sessions.start, account_id=cast.bob.id, address="", agent="", lifetime=lifetime
        )
        db.write(start)
    worker.run_due()
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(LoginSession)) == 1


def test_keys_of_forms_are_forgotten_after_a_day(db: Database, cast: Cast, worker: Worker) -> None:
    old, young = (post_with_key(db, cast.bob, hours=hours) for hours in (25, 23))
    worker.run_due()
    with db.read() as session:
        assert session.get_one(Post, old).idempotency_key is None
        assert session.get_one(Post, young).idempotency_key is not None


def test_links_that_work_no_more_are_swept(db: Database, cast: Cast, worker: Worker) -> None:
    for person, lifetime in ((cast.bob, timedelta(0)), (cast.carol, timedelta(days=1))):
        issue = partial(tokens.issue, account_id=person.id, purpose=tokens.RESET, lifetime=lifetime)
        db.write(issue)
    worker.run_due()
    with db.read() as session:
        assert session.scalars(select(AccountToken.account_id)).all() == [cast.carol.id]


def test_what_happened_to_accounts_is_forgotten_after_a_while(
    db: Database, services: Services, cast: Cast, worker: Worker
) -> None:
    limit = services.config.SECURITY_LOG_DAYS
    old, young = (clock.now() - timedelta(days=limit, hours=hours) for hours in (1, -1))
    rows = [
        SecurityEvent(
            id=ids.at(moment), account_id=cast.bob.id, kind="signed_in", created_at=moment
        )
        for moment in (old, young)
    ]
    db.write(lambda session: session.add_all(rows))
    worker.run_due()
    with db.read() as session:
        assert session.scalars(select(SecurityEvent.created_at)).all() == [young]


def test_pictures_that_were_never_used_are_swept_with_their_files(
    db: Database, services: Services, cast: Cast, worker: Worker
) -> None:
    storage = services.storage
    used, left, header = (
        *(make.picture(db, cast.bob, storage=storage) for _ in range(2)),
        storage.put(b"wide", ".webp"),
    )
    make.picture_post(db, cast.bob, used)
    db.write(lambda session: avatars.replace_header(session, cast.bob.id, header))
    older = ids.at(clock.now() - timedelta(hours=25))
    files = {}
    for picture, moved in ((used, older), (left, older + 1)):
        with db.read() as session:
            row = session.get_one(Attachment, picture)
            files[picture] = [row.file, row.preview]
        change = update(Attachment).where(Attachment.id == picture).values(id=moved)
        db.write(partial(Session.execute, statement=change))
    yesterday = time.time() - 86_400
    for file in [header, *files[used], *files[left]]:
        os.utime(storage.path(file), (yesterday, yesterday))
    worker.run_due()
    worker.run_due()
    assert all(storage.path(file).exists() for file in [header, *files[used]])
    assert not any(storage.path(file).exists() for file in files[left])
    with db.read() as session:
        assert session.scalars(select(Attachment.id)).all() == [older]


def test_files_of_an_upload_that_was_killed_before_its_row_are_swept(
    db: Database, services: Services, cast: Cast, worker: Worker
) -> None:
    orphans = [services.storage.put(b"x", ".webp", is_gated=True) for _ in range(2)]
    yesterday = time.time() - 86_400
    for file in orphans:
        os.utime(services.storage.path(file), (yesterday, yesterday))
    worker.run_due()
    assert not any(services.storage.path(file).exists() for file in orphans)


def test_files_that_are_nobodys_are_swept_once_they_are_old(
    db: Database, services: Services, cast: Cast, worker: Worker
) -> None:
    kept, left, fresh = (services.storage.put(name.encode(), ".webp") for name in "abc")
    db.write(lambda session: avatars.replace(session, cast.bob.id, kept))
    yesterday = time.time() - 86_400
    for file in (kept, left):
        os.utime(services.storage.path(file), (yesterday, yesterday))
    worker.run_due()
    assert [services.storage.path(file).exists() for file in (kept, left, fresh)] == [
        True,
        False,
        True,
    ]


def post_with_key(db: Database, author: Viewer, *, hours: int) -> int:
    post_id = ids.at(clock.now() - timedelta(hours=hours))
    row = Post(
        id=post_id,
        account_id=author.id,
        text="Old",
        html="<p>Old</p>",
        idempotency_key=f"key-of-{hours}-hours",
        created_at=ids.time_of(post_id),
    )
    db.write(lambda session: session.add(row))
    return post_id


def steps_over_whole_tables(steps: list[str]) -> list[str]:
    return [step for step in steps if step.split()[0] == "SCAN" and step.split()[1] in TABLES]
