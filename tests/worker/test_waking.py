"""The worker is at work within half a second of a commit, and stops when it is told to."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from microblog.db import Database
from microblog.services import Services
from microblog.worker import Worker
from microblog.worker.waking import Alarm
from tests import make
from tests.cast import Cast
from tests.processes import wait_for
from tests.reader import Reader

# Twice what is promised for an idle machine: this one is busy with other tests.
SOON_SECONDS = 1.0


@contextmanager
def at_work(services: Services) -> Iterator[threading.Event]:
    """Run a worker in a thread, and wait for its end."""
    stop = threading.Event()
    thread = threading.Thread(target=Worker(services).run, args=(stop,))
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join()


def test_a_post_is_on_the_followers_home_page_soon_after_it_was_written(
    db: Database, services: Services, cast: Cast
) -> None:
    bob = Reader(db, cast.bob)
    with at_work(services):
        wait_for(lambda: not bob.viewer().has_pending_follows, "the worker")
        waited = sorted(seconds_to_reach(bob, db, cast) for _ in range(5))
    assert waited[2] < SOON_SECONDS


def test_a_worker_that_waits_stops_at_once(services: Services, cast: Cast) -> None:
    with at_work(services) as stop:
        began = time.monotonic()
        stop.set()
    assert time.monotonic() - began < SOON_SECONDS


def test_another_connections_commit_ends_the_waiting(db: Database, cast: Cast) -> None:
    alarm = Alarm(db)
    never = threading.Event()
    make.post(db, cast.alice)
    began = time.monotonic()
    alarm.wait(never)
    assert time.monotonic() - began < SOON_SECONDS
    alarm.close()


def test_a_worker_goes_on_when_the_database_has_failed_it(
    db: Database, services: Services, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    bob = Reader(db, cast.bob)
    with at_work(services):
        wait_for(lambda: not bob.viewer().has_pending_follows, "the worker")
        with no_outbox(db):
            wait_for(lambda: "stumbled" in caplog.text, "the worker to find the outbox gone")
        post_id = make.post(db, cast.alice)
        wait_for(lambda: post_id in bob.posts(), "the post")


def seconds_to_reach(reader: Reader, db: Database, cast: Cast) -> float:
    post_id = make.post(db, cast.alice)
    began = time.monotonic()
    wait_for(lambda: post_id in reader.posts(), "the post")
    return time.monotonic() - began


@contextmanager
def no_outbox(db: Database) -> Iterator[None]:
    """Take the table of events away for a while."""
    rename(db, "outbox_events", "elsewhere")
    try:
        yield
    finally:
        rename(db, "elsewhere", "outbox_events")


def rename(db: Database, table: str, new_name: str) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {new_name}")
