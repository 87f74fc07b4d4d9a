"""The database: engines, portable column types, and the only two ways in, read() and write().

It knows SQLite, PostgreSQL and MySQL/MariaDB, and nothing of what the tables mean.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from sqlalchemy import CursorResult, Engine, Table, UpdateBase, event, make_url
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import Insert

from microblog.db.engines import make_engine
from microblog.db.prepared import AnySelect, DirectReader, Prepared, at_most
from microblog.db.types import TABLE_OPTIONS, Base, Id, LongText, Sha256, UtcDateTime

__all__ = [
    "TABLE_OPTIONS",
    "AnySelect",
    "Base",
    "CommitWatch",
    "Database",
    "DatabaseError",
    "Id",
    "LongText",
    "NestedWrite",
    "Prepared",
    "Sha256",
    "UtcDateTime",
    "affected_rows",
    "at_most",
    "insert_ignoring_duplicates",
    "is_unavailable",
]

T = TypeVar("T")

# What a driver raises, for those who make no query and still have to know.
DatabaseError = DBAPIError

WRITE_TRIES = 3

# PostgreSQL's serialisation failure and deadlock; MySQL's deadlock and lock timeout, and that a
# savepoint is not there: a deadlock has taken it with the whole transaction, which is seen first
# when SQLAlchemy goes back to it.
_RETRIABLE_CODES = {"40001", "40P01", 1213, 1205, 1305}


class NestedWrite(RuntimeError):
    """A write was begun inside a write of the same thread; it would wait for itself."""


class Database:
    """One database, with an engine for reading and one for writing."""

    metadata = Base.metadata

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.engine = make_engine(self.url, writing=True)
        self._reader = make_engine(self.url, writing=False)
        self._direct = DirectReader(make_engine(self.url, writing=False, autocommit=True))
        self._writing = threading.local()
        self._counts = threading.local()
        for engine in (self.engine, self._reader):
            event.listen(engine, "before_cursor_execute", self._count)

    @property
    def dialect_name(self) -> str:
        """Return "sqlite", "postgresql" or "mysql"."""
        return "mysql" if self.url.get_backend_name() == "mariadb" else self.url.get_backend_name()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session on one consistent view of the data, in which nothing can be written."""
        with Session(self._reader, expire_on_commit=False, autoflush=False) as session:
            yield session

    def fetch(self, prepared: Prepared, **values: Any) -> list[tuple[Any, ...]]:
        """Run one prepared statement by itself and return its rows."""
        self._counts.statements = self.statements + 1
        return self._direct.rows(prepared, values)

    def write(self, act: Callable[[Session], T]) -> T:
        """Run `act` in a transaction and commit it; run it again where the database asks for that.

        **Raises** NestedWrite inside another write; what `act` raises, after a rollback.
        """
        if getattr(self._writing, "active", False):
            raise NestedWrite("A write() inside a write() would wait for itself.")
        self._writing.active = True
        try:
            return self._write_retrying(act)
        finally:
            self._writing.active = False

    def _write_retrying(self, act: Callable[[Session], T]) -> T:
        for remaining in reversed(range(WRITE_TRIES)):
            is_committing = False
            try:
                with Session(self.engine, expire_on_commit=False) as session:
                    result = act(session)
                    session.flush()
                    is_committing = True
                    session.commit()
                    return result
            except DBAPIError as error:
                # Who is cut off while committing cannot know whether it was done, and must not do
                # it a second time.
                is_unknown = is_committing and error.connection_invalidated
                if not remaining or is_unknown or not _is_retriable(error):
                    raise
            time.sleep(random.uniform(0.005, 0.05))
        raise AssertionError("unreachable: the last try returns or raises")

    @property
    def statements(self) -> int:
        """Return how many statements this thread has run since reset_statements()."""
        return getattr(self._counts, "statements", 0)

    def reset_statements(self) -> None:
        """Begin to count this thread's statements anew."""
        self._counts.statements = 0

    def _count(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            self._counts.statements = self.statements + 1

    def watch(self) -> "CommitWatch":
        """Return something that tells whether others have committed."""
        return CommitWatch(self._reader)

    def optimize(self) -> None:
        """Let SQLite learn what its tables look like by now; the others do so by themselves."""
        if self.dialect_name == "sqlite":
            with self.engine.connect() as connection:
                # SQLAlchemy has no words for it.
                connection.exec_driver_sql("PRAGMA optimize")

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()
        self._reader.dispose()
        self._direct.dispose()


class CommitWatch:
    """Tells whether another connection has committed since it was asked last; on SQLite only."""

    def __init__(self, engine: Engine) -> None:
        self.can_tell = engine.dialect.name == "sqlite"
        # Outside any transaction: inside one, the version would stand still.
        self._connection = engine.raw_connection() if self.can_tell else None
        self._seen = self._version()

    def has_changed(self) -> bool:
        """Return True once for any number of commits of others."""
        seen, self._seen = self._seen, self._version()
        return seen != self._seen

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()

    def _version(self) -> int:
        if self._connection is None:
            return 0
        cursor = self._connection.cursor()
        version = int(cursor.execute("PRAGMA data_version").fetchone()[0])
        cursor.close()
        return version


def insert_ignoring_duplicates(table: Table | type[Base], dialect_name: str) -> Insert:
    """Return an INSERT that leaves alone the rows that are there already."""
    if dialect_name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    if dialect_name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return mysql.insert(table).prefix_with("IGNORE")


def affected_rows(session: Session, statement: UpdateBase) -> int:
    """Run an INSERT, UPDATE or DELETE and return how many rows it touched."""
    # Without being asked, PostgreSQL's driver does not count what an INSERT brings.
    result = session.execute(statement, execution_options={"preserve_rowcount": True})
    return cast("CursorResult[Any]", result).rowcount


def is_unavailable(error: BaseException) -> bool:
    """Tell whether an error says that the database cannot be reached or is locked, for now."""
    return isinstance(error, OperationalError)


def _is_retriable(error: DBAPIError) -> bool:
    if error.connection_invalidated:
        return True
    cause = error.orig
    # PyMySQL gives its own numbers beside the standard's codes, which say less.
    codes = {getattr(cause, "sqlstate", None), *(cause.args[:1] if cause else ())}
    return bool(codes & _RETRIABLE_CODES) or "database is locked" in str(cause)
