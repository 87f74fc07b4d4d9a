"""A worker that is killed in the middle of its work leaves nothing half done."""

import multiprocessing
import os
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from microblog import create_app
from microblog.config import Config
from microblog.db import Database
from microblog.domain import outbox
from microblog.domain.events import EVENTS, Event
from microblog.models import Account, OutboxEvent
from microblog.worker import Worker
from microblog.worker.handlers import DATABASE_HANDLERS
from tests.cast import Cast

CHUNKS = 6


@dataclass(frozen=True)
class Counted(Event):
    """Something whose every follow-up can be counted."""

    account_id: int


def count(session: Session, event: Counted, cursor: int | None) -> int | None:
    """Count one chunk, then the next."""
    done = (cursor or 0) + 1
    session.execute(
        update(Account)
        .where(Account.id == event.account_id)
        .values(posts_count=Account.posts_count + 1)
    )
    return done if done < CHUNKS else None


def count_and_die(session: Session, event: Counted, cursor: int | None) -> int | None:
    """Count, and have this process killed before the third chunk is committed."""
    following = count(session, event, cursor)
    if cursor == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return following


def work_until_killed(url: str, folder: Path) -> None:
    """Be a worker process that is killed at its work."""
    EVENTS["Counted"] = Counted
    DATABASE_HANDLERS[Counted] = (count_and_die,)
    app = create_app(Config(DATA_DIR=folder, DATABASE_URL=url))
    Worker(app.extensions["microblog"]).run_due()


def test_a_killed_worker_repeats_no_chunk_and_forgets_none(
    db: Database,
    cast: Cast,
    worker: Worker,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(EVENTS, "Counted", Counted)
    monkeypatch.setitem(DATABASE_HANDLERS, Counted, (count,))
    worker.run_due()
    db.write(lambda session: outbox.announce(session, Counted(cast.carol.id)))
    url = db.url.render_as_string(hide_password=False)
    other = multiprocessing.get_context("spawn").Process(
        target=work_until_killed, args=(url, tmp_path)
    )
    other.start()
    other.join()
    assert other.exitcode == -signal.SIGKILL
    assert counted(db, cast.carol.id) == 2
    worker.run_due()
    assert counted(db, cast.carol.id) == CHUNKS
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(OutboxEvent)) == 0


def counted(db: Database, account_id: int) -> int:
    with db.read() as session:
        return session.get_one(Account, account_id).posts_count
