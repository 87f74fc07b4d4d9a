"""Columns mean the same on every database."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError

from microblog.db import Database
from microblog.ids import MAX_ID
from microblog.models import Account

MOMENT = datetime(2026, 11, 22, 19, 26, 31, 123456, tzinfo=UTC)


def keep(db: Database, **values: Any) -> Account:
    """Store an account and return it as it comes back."""
    row = {"id": 1, "username": "a", "handle": "a", "created_at": MOMENT, **values}
    db.write(lambda session: session.add(Account(**row)))
    with db.read() as session:
        return session.scalars(select(Account)).one()


@pytest.mark.parametrize(
    "moment",
    [
        MOMENT,
        MOMENT.replace(microsecond=999_999),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    ],
)
def test_a_moment_comes_back_aware_and_to_the_microsecond(db: Database, moment: datetime) -> None:
    found = keep(db, last_seen_at=moment).last_seen_at
    assert found == moment
    assert found.tzinfo is UTC


def test_a_moment_of_another_zone_comes_back_in_utc(db: Database) -> None:
    kathmandu = timezone(timedelta(hours=5, minutes=45))
    found = keep(db, last_seen_at=MOMENT.astimezone(kathmandu)).last_seen_at
    assert found == MOMENT
    assert found.utcoffset() == timedelta(0)


def test_no_moment_comes_back_as_none(db: Database) -> None:
    assert keep(db, last_seen_at=None).last_seen_at is None


@pytest.mark.parametrize(
    "text",
    ["", " spaces ", "línea\nзапись\tيونيكود", "👨‍👩‍👧‍👦" * 20, "a" * 1_000_000, "'\"\\%_{}"],
    ids=["nothing", "spaces", "scripts", "emoji", "a megabyte", "quotes"],
)
def test_a_text_comes_back_as_it_was(db: Database, text: str) -> None:
    assert keep(db, about=text).about == text


def test_the_largest_id_comes_back(db: Database) -> None:
    assert keep(db, id=MAX_ID).id == MAX_ID


@pytest.mark.parametrize("other", ["A", "á", "a\u0301"])
def test_text_that_differs_in_case_or_accents_is_different(db: Database, other: str) -> None:
    keep(db)
    db.write(
        lambda session: session.add(Account(id=2, username=other, handle=other, created_at=MOMENT))
    )
    with db.read() as session:
        assert session.scalar(select(Account.id).where(Account.handle == other)) == 2


def test_the_same_text_twice_in_a_unique_column_is_refused(db: Database) -> None:
    keep(db)
    with pytest.raises(IntegrityError):
        keep(db, id=2)


@pytest.mark.servers_only
def test_a_text_too_long_for_its_column_is_refused_rather_than_cut(db: Database) -> None:
    with pytest.raises(DBAPIError):
        keep(db, username="a" * 31)


EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN", "mysql": "EXPLAIN"}
WHOLE_TABLE = re.compile(r"SCAN|Seq Scan|\bALL\b")


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("login_sessions", "token_hash"),
        ("accounts", "handle"),
        ("users", "email"),
        ("tags", "name"),
    ],
)
def test_what_is_unique_is_found_without_reading_the_whole_table(
    db: Database, table: str, column: str
) -> None:
    look_up = f"SELECT * FROM {table} WHERE {column} = 'anything'"
    with db.engine.connect() as connection:
        if db.dialect_name == "postgresql":
            # It reads a table as small as this one whole, unless it may not.
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = connection.exec_driver_sql(f"{EXPLAIN[db.dialect_name]} {look_up}").all()
    assert not WHOLE_TABLE.search(str(plan)), plan
