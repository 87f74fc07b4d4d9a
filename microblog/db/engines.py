"""How to open each database so that it is safe and fast: what was measured stands in the ADRs."""

from typing import Any

import pysqlite3
from sqlalchemy import URL, Connection, Engine, create_engine, event

# SQLite 3.7.0 to 3.51.2 can corrupt a database when its write-ahead log is reset.
OLDEST_SQLITE = (3, 51, 3)
BUSY_TIMEOUT_SECONDS = 5
POOL_SIZE = 8
# A thread never waits for another's connection; how many threads there are is a setting.
NO_LIMIT = -1
# All engines hide the values of statements in their errors, which end up in logs: they are people's
# texts, addresses and hashes.

_SQLITE_PRAGMAS = (
    f"busy_timeout={BUSY_TIMEOUT_SECONDS * 1000}",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "journal_size_limit=67108864",
    # Pages of 4 KB. Deliveries write to the same ones again and again: so they are copied from the
    # log into the database once for many, and a third more rows are written in a second.
    "wal_autocheckpoint=8000",
)


# Of each connection; what is not in it is most often in the system's own cache, a call away. Hot
# pages are read by connections that are kept, deliveries write to many pages at once.
_CACHE_KB = {"direct": 1_500, "read": 1_000, "write": 8_000}


def make_engine(url: URL, *, writing: bool, autocommit: bool = False) -> Engine:
    """Make an engine whose connections may write or not; autocommit is for single statements."""
    backend = url.get_backend_name()
    if backend == "sqlite":
        cache_kb = _CACHE_KB["write" if writing else "direct" if autocommit else "read"]
        return _make_sqlite_engine(url, writing=writing, cache_kb=cache_kb)
    level = "READ COMMITTED" if writing else "REPEATABLE READ"
    options: dict[str, Any] = {"isolation_level": "AUTOCOMMIT"} if autocommit else {}
    engine = create_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=NO_LIMIT,
        pool_recycle=1800,
        hide_parameters=True,
        **options,
    )
    if backend == "postgresql":
        only = "off" if writing else "on"
        statements = [
            f"SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL {level}",
            f"SET default_transaction_read_only = {only}",
            "SET TIME ZONE 'UTC'",
        ]
    else:
        only = "READ WRITE" if writing else "READ ONLY"
        statements = [
            f"SET SESSION TRANSACTION ISOLATION LEVEL {level}",
            f"SET SESSION TRANSACTION {only}",
            "SET SESSION time_zone = '+00:00'",
            # Strict, so that a value that does not fit is refused rather than cut.
            "SET SESSION sql_mode = 'TRADITIONAL,NO_ENGINE_SUBSTITUTION'",
            # MySQL would cut off a page that is packed into a string.
            "SET SESSION group_concat_max_len = 1000000",
        ]

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _: Any) -> None:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        cursor.close()
        connection.commit()

    return engine


def _make_sqlite_engine(url: URL, *, writing: bool, cache_kb: int) -> Engine:
    if pysqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise RuntimeError(
            f"SQLite {pysqlite3.sqlite_version} has a bug that can corrupt a database; "
            f"{'.'.join(map(str, OLDEST_SQLITE))} or newer is needed."
        )
    # The driver leaves transactions to us: its own begin comes too late to prevent a busy error.
    engine = create_engine(
        url,
        module=pysqlite3,
        pool_size=POOL_SIZE,
        max_overflow=NO_LIMIT,
        hide_parameters=True,
        connect_args={"isolation_level": None, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _: Any) -> None:
        only = f"query_only={'OFF' if writing else 'ON'}"
        for pragma in (*_SQLITE_PRAGMAS, f"cache_size=-{cache_kb}", only):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # BEGIN IMMEDIATE takes the write lock at once: a transaction that reads first and writes
        # then fails with "database is locked" whatever the timeout.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine
