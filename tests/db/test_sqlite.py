"""SQLite, opened as several processes need it."""

from typing import Any

import pytest
from sqlalchemy import ColumnElement, insert, literal_column, select, text
from sqlalchemy.exc import IntegrityError

from microblog import clock
from microblog.db import Database, Prepared, engines
from microblog.models import Post

pytestmark = pytest.mark.sqlite_only

SETTINGS = {
    "busy_timeout": 5000,
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "temp_store": 2,
    "journal_size_limit": 67108864,
}


@pytest.mark.parametrize("name", SETTINGS)
def test_every_connection_is_set_up(db: Database, name: str) -> None:
    assert [setting(db, name, way) for way in ("write", "read", "fetch")] == [SETTINGS[name]] * 3


def test_what_pages_are_read_and_written_by_remembers_more(db: Database) -> None:
    kept = [setting(db, "cache_size", way) for way in ("write", "read", "fetch")]
    assert kept == [-8_000, -1_000, -1_500]


def test_the_log_grows_before_it_is_copied(db: Database) -> None:
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar() == 8000


def test_only_writers_may_write(db: Database) -> None:
    assert [setting(db, "query_only", way) for way in ("write", "read", "fetch")] == [0, 1, 1]


def test_a_reference_to_nothing_is_refused(db: Database) -> None:
    orphan = insert(Post).values(id=1, account_id=1, text="", html="", created_at=clock.now())
    with pytest.raises(IntegrityError):
        db.write(lambda session: session.execute(orphan))


def test_a_sqlite_that_can_corrupt_databases_is_refused(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "OLDEST_SQLITE", (99, 1, 2))
    with pytest.raises(RuntimeError, match=r"99\.1\.2 or newer is needed"):
        Database(str(db.url))


def test_sqlite_may_be_told_to_learn_about_its_tables(db: Database) -> None:
    db.optimize()
    assert setting(db, "journal_mode", "write") == "wal"


def setting(db: Database, name: str, way: str) -> object:
    """Return a setting of a connection that serves one of the three ways in."""
    # Each pragma can be read as a table with a column of its name, but for one.
    value: ColumnElement[Any] = literal_column("timeout" if name == "busy_timeout" else name)
    statement = select(value).select_from(text(f"pragma_{name}"))
    if way == "fetch":
        return db.fetch(Prepared(statement))[0][0]
    if way == "read":
        with db.read() as session:
            return session.scalar(statement)
    return db.write(lambda session: session.scalar(statement))
