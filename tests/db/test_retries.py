"""A write is done again where the database asks for that, and nowhere else."""

from collections.abc import Iterator
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import event, func, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from microblog.db import WRITE_TRIES, Database, Prepared, engines, is_unavailable
from microblog.models import Tag
from tests.parallel import at_once

# How a connection learns its own number, and how another one ends it.
OWN_NUMBER = {"postgresql": func.pg_backend_pid, "mysql": func.connection_id}
END = {"postgresql": "SELECT pg_terminate_backend({})", "mysql": "KILL {}"}


@pytest.fixture(autouse=True)
def two_tags(db: Database) -> None:
    """Make two rows to fight over."""
    db.write(lambda session: session.add_all([Tag(id=1, name="1"), Tag(id=2, name="2")]))


def touch(session: Session, tag_id: int) -> None:
    session.execute(update(Tag).where(Tag.id == tag_id).values(name=Tag.name + "!"))


def names(db: Database) -> list[str]:
    with db.read() as session:
        return list(session.scalars(select(Tag.name).order_by(Tag.id)))


@pytest.mark.servers_only
@pytest.mark.parametrize("with_savepoint", [False, True], ids=["plain", "in a savepoint"])
def test_of_two_writes_in_a_deadlock_one_is_done_again(db: Database, with_savepoint: bool) -> None:
    both_hold_one = Barrier(2)
    tries: list[int] = []

    def write(first: int, second: int) -> None:
        def act(session: Session) -> None:
            tries.append(first)
            touch(session, first)
            if len(tries) <= 2:
                both_hold_one.wait(10)
            if with_savepoint:
                with session.begin_nested():
                    touch(session, second)
            else:
                touch(session, second)

        db.write(act)

    at_once(partial(write, 1, 2), partial(write, 2, 1))
    assert len(tries) == 3
    assert names(db) == ["1!!", "2!!"]


@pytest.mark.servers_only
def test_a_write_that_loses_its_connection_before_the_commit_is_done_again(db: Database) -> None:
    tries: list[int] = []

    def act(session: Session) -> None:
        touch(session, 1)
        tries.append(connection_number(session))
        if len(tries) == 1:
            end_connection(db, tries[0])
        touch(session, 2)

    db.write(act)
    assert len(tries) == 2
    assert names(db) == ["1!", "2!"]


@pytest.mark.servers_only
def test_a_write_that_loses_its_connection_while_committing_is_not_done_again(
    db: Database,
) -> None:
    tries: list[int] = []

    def act(session: Session) -> None:
        touch(session, 1)
        tries.append(connection_number(session))

    def cut_off(_: Any) -> None:
        end_connection(db, tries[-1])

    event.listen(db.engine, "commit", cut_off, once=True)
    with pytest.raises(DBAPIError):
        db.write(act)
    assert len(tries) == 1


@pytest.mark.servers_only
def test_a_prepared_statement_finds_a_new_connection_when_its_own_is_gone(db: Database) -> None:
    number = Prepared(select(OWN_NUMBER[db.dialect_name]()))
    first = db.fetch(number)[0][0]
    assert db.fetch(number)[0][0] == first
    end_connection(db, first)
    assert db.fetch(number)[0][0] != first


@pytest.mark.servers_only
def test_a_read_after_one_that_lost_its_connection_works(db: Database) -> None:
    with db.read() as session:
        end_connection(db, connection_number(session))
        with pytest.raises(DBAPIError):
            session.scalar(select(func.count()).select_from(Tag))
    assert names(db) == ["1", "2"]


def test_a_write_that_is_refused_is_not_done_again(db: Database) -> None:
    tries: list[int] = []

    def act(session: Session) -> None:
        tries.append(1)
        session.add(Tag(id=1, name="another"))

    with pytest.raises(IntegrityError):
        db.write(act)
    assert len(tries) == 1


@pytest.fixture
def impatient(db: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """Return the same SQLite database, opened so that it hardly waits for a lock."""
    pragmas = tuple(one for one in engines._SQLITE_PRAGMAS if "busy_timeout" not in one)
    monkeypatch.setattr(engines, "_SQLITE_PRAGMAS", ("busy_timeout=5", *pragmas))
    opened = Database(str(db.url))
    yield opened
    opened.dispose()


@pytest.mark.sqlite_only
def test_a_write_that_finds_the_database_locked_is_done_again(
    db: Database, impatient: Database
) -> None:
    tries: list[object] = []
    with db.engine.connect() as other:
        other.execute(select(1))

        def give_way(context: object) -> None:
            tries.append(context)
            other.rollback()

        event.listen(impatient.engine, "handle_error", give_way)
        impatient.write(partial(touch, tag_id=1))
    assert len(tries) == 1
    assert names(db) == ["1!", "2"]


@pytest.mark.sqlite_only
def test_a_database_that_stays_locked_is_tried_three_times(
    db: Database, impatient: Database
) -> None:
    tries: list[object] = []
    event.listen(impatient.engine, "handle_error", tries.append)
    with db.engine.connect() as other:
        other.execute(select(1))
        with pytest.raises(OperationalError, match="locked") as error:
            impatient.write(partial(touch, tag_id=1))
    assert len(tries) == WRITE_TRIES
    assert is_unavailable(error.value)
    assert names(db) == ["1", "2"]


def connection_number(session: Session) -> int:
    own_number = OWN_NUMBER[session.get_bind().dialect.name]
    return int(session.scalar(select(own_number())) or 0)


def end_connection(db: Database, number: int) -> None:
    with db.engine.connect() as other:
        other.exec_driver_sql(END[db.dialect_name].format(number))
