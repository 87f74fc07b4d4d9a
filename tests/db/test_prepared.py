"""Prepared statements say the same as the statements they were made of."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import bindparam, exists, func, literal_column, null, select, union_all
from sqlalchemy.exc import DBAPIError

from microblog.db import Database, Id, Prepared
from microblog.db.prepared import Readable
from microblog.models import Account, Follow
from tests.parallel import at_once

MOMENT = datetime(2026, 11, 22, 19, 26, 31, 123456, tzinfo=UTC)


@pytest.fixture(autouse=True)
def accounts(db: Database) -> None:
    """Make two people."""
    for number, username in enumerate(("ann", "ben"), 1):
        row = Account(
            id=number,
            username=username,
            handle=username,
            created_at=MOMENT,
            last_seen_at=MOMENT if username == "ben" else None,
            shows_last_seen=username == "ben",
        )
        db.write(partial(lambda session, row: session.add(row), row=row))


STATEMENTS: dict[str, tuple[Readable, dict[str, Any]]] = {
    "numbers and text": (
        select(Account.id, Account.username, Account.about).where(
            Account.handle == bindparam("handle", type_=Account.handle.type)
        ),
        {"handle": "ann"},
    ),
    "moments, some of them missing": (
        select(Account.created_at, Account.last_seen_at).order_by(Account.id),
        {},
    ),
    "a moment as a value": (
        select(Account.id).where(
            Account.last_seen_at <= bindparam("now", type_=Account.last_seen_at.type)
        ),
        {"now": MOMENT},
    ),
    "true and false": (
        select(Account.shows_last_seen, exists().where(Follow.follower_id == Account.id)).order_by(
            Account.id
        ),
        {},
    ),
    "values of its own": (
        select(Account.id).where(Account.handle == "ben", Account.posts_count == 0),
        {},
    ),
    "a value used twice": (
        select(Account.id)
        .where((Account.id == bindparam("id", type_=Id)) | (Account.id + 1 == bindparam("id")))
        .order_by(Account.id),
        {"id": 2},
    ),
    "a percent sign": (
        select(Account.id, literal_column("'%'"))
        .where(Account.handle.like("%n%"))
        .order_by(Account.id),
        {},
    ),
    "a limit": (select(Account.id).order_by(Account.id.desc()).limit(1), {}),
    "nothing": (select(Account.id).where(Account.handle == "nobody"), {}),
    "a union": (
        union_all(
            select(Account.id, Account.created_at).where(Account.id == 1), select(null(), null())
        ),
        {},
    ),
    "a count": (select(func.count()).select_from(Account), {}),
}


@pytest.mark.parametrize(("statement", "values"), STATEMENTS.values(), ids=STATEMENTS)
def test_a_prepared_statement_returns_what_a_session_returns(
    db: Database, statement: Readable, values: dict[str, Any]
) -> None:
    with db.read() as session:
        expected = [tuple(row) for row in session.execute(statement, values)]
    found = db.fetch(Prepared(statement), **values)
    assert found == expected


def test_one_prepared_statement_serves_every_value_and_thread(db: Database) -> None:
    prepared = Prepared(select(Account.username).where(Account.id == bindparam("id", type_=Id)))

    def ask(number: int) -> list[tuple[Any, ...]]:
        return [row for _ in range(20) for row in db.fetch(prepared, id=number)]

    assert (
        at_once(*(partial(ask, 1 + number % 2) for number in range(8)))
        == [
            [("ann",)] * 20,
            [("ben",)] * 20,
        ]
        * 4
    )


def test_what_was_just_committed_is_seen(db: Database) -> None:
    names = Prepared(select(Account.display_name).where(Account.id == 1))
    for name in ("Ann A.", "Ann B."):
        db.write(partial(rename, name=name))
        assert db.fetch(names) == [(name,)]


def test_each_run_is_one_statement(db: Database) -> None:
    names = Prepared(select(Account.display_name))
    db.reset_statements()
    db.fetch(names)
    db.fetch(names)
    assert db.statements == 2


def test_a_statement_that_fails_raises_what_a_session_raises_and_harms_no_other(
    db: Database,
) -> None:
    broken = Prepared(select(literal_column("no_such_column")).select_from(Account))
    with pytest.raises(DBAPIError):
        db.fetch(broken)
    assert len(db.fetch(Prepared(select(Account.id)))) == 2


def rename(session: Any, name: str) -> None:
    session.get_one(Account, 1).display_name = name
