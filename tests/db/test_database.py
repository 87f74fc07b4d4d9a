"""The two ways into the database: read() sees and cannot write, write() does all or nothing."""

from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from microblog import clock, ids
from microblog.db import (
    Database,
    NestedWrite,
    affected_rows,
    insert_ignoring_duplicates,
    is_unavailable,
)
from microblog.models import Account, Tag
from tests.parallel import at_once


def add_tag(session: Session, name: str) -> None:
    session.add(Tag(id=ids.new(), name=name))


def tags(db: Database) -> list[str]:
    with db.read() as session:
        return list(session.scalars(select(Tag.name).order_by(Tag.id)))


class SecondThoughts(Exception):
    """Somebody's mind changed in the middle of a write."""


def test_a_write_commits_and_returns_what_its_act_returns(db: Database) -> None:
    def act(session: Session) -> str:
        add_tag(session, "cats")
        return "done"

    assert db.write(act) == "done"
    assert tags(db) == ["cats"]


def test_a_write_whose_act_fails_leaves_nothing(db: Database) -> None:
    def act(session: Session) -> None:
        add_tag(session, "cats")
        session.flush()
        raise SecondThoughts

    with pytest.raises(SecondThoughts):
        db.write(act)
    assert tags(db) == []


def test_a_write_inside_a_write_is_refused_and_the_next_one_is_not(db: Database) -> None:
    def act(_: Session) -> None:
        db.write(lambda session: add_tag(session, "never"))

    with pytest.raises(NestedWrite):
        db.write(act)
    db.write(lambda session: add_tag(session, "after"))
    assert tags(db) == ["after"]


def test_two_threads_may_write_at_once(db: Database) -> None:
    names = [f"tag{number}" for number in range(8)]
    at_once(*(partial(db.write, partial(add_tag, name=name)) for name in names))
    assert sorted(tags(db)) == names


@pytest.mark.parametrize(
    "statement",
    [
        insert(Tag).values(id=1, name="cats"),
        update(Account).values(posts_count=1),
        delete(Account),
    ],
    ids=["insert", "update", "delete"],
)
def test_a_read_cannot_write(db: Database, statement: object) -> None:
    with db.read() as session, pytest.raises(DBAPIError):
        session.execute(statement)  # type: ignore[call-overload]  # One of three kinds.
    assert tags(db) == []


def test_a_read_sees_one_moment(db: Database) -> None:
    db.write(lambda session: add_tag(session, "before"))
    with db.read() as session:
        first = session.scalars(select(Tag.name)).all()
        at_once(partial(db.write, lambda session: add_tag(session, "meanwhile")))
        assert session.scalars(select(Tag.name)).all() == first
    assert tags(db) == ["before", "meanwhile"]


def test_a_write_that_reads_first_loses_no_update(db: Database) -> None:
    db.write(lambda session: session.add(Tag(id=1, name="0")))

    def count_up(session: Session) -> None:
        row = session.get_one(Tag, 1, with_for_update=True)
        row.name = str(int(row.name) + 1)

    def count_up_often() -> None:
        for _ in range(20):
            db.write(count_up)

    at_once(*[count_up_often] * 4)
    assert tags(db) == ["80"]


def test_statements_are_counted_for_each_thread(db: Database) -> None:
    start = Barrier(2)

    def run(count: int) -> int:
        db.reset_statements()
        start.wait()
        with db.read() as session:
            for _ in range(count):
                session.execute(select(func.count()).select_from(Tag))
        start.wait()
        return db.statements

    assert at_once(partial(run, 2), partial(run, 5)) == [2, 5]


def test_beginning_and_committing_are_not_counted(db: Database) -> None:
    db.reset_statements()
    db.write(lambda session: add_tag(session, "cats"))
    assert db.statements == 1


def test_rows_that_are_there_already_are_left_alone(db: Database) -> None:
    statement = insert_ignoring_duplicates(Tag, db.dialect_name)
    given = [(1, "cats"), (2, "cats"), (1, "dogs"), (3, "dogs")]
    rows = [{"id": id_, "name": name} for id_, name in given]
    db.write(lambda session: session.execute(statement, rows))
    assert tags(db) == ["cats", "dogs"]


def test_a_change_tells_how_many_rows_it_touched(db: Database) -> None:
    for name in ("cats", "dogs"):
        db.write(partial(add_tag, name=name))
    everything, nothing = delete(Tag), delete(Tag).where(Tag.name == "birds")
    assert db.write(lambda session: affected_rows(session, nothing)) == 0
    assert db.write(lambda session: affected_rows(session, everything)) == 2


def test_an_error_does_not_tell_what_was_written(db: Database) -> None:
    def add_twice(session: Session) -> None:
        for _ in range(2):
            session.execute(insert(Tag).values(id=1, name="a secret"))

    with pytest.raises(IntegrityError) as error:
        db.write(add_twice)
    assert "a secret" not in str(error.value)
    assert not is_unavailable(error.value)


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////nowhere/at/all/microblog.db",
        "postgresql+psycopg://nobody@127.0.0.1:9/nothing",
        "mysql+pymysql://nobody@127.0.0.1:9/nothing",
    ],
)
def test_a_database_that_cannot_be_reached_is_unavailable(url: str) -> None:
    db = Database(url)
    with pytest.raises(OperationalError) as error:
        db.write(lambda session: session.execute(select(1)))
    assert is_unavailable(error.value)
    with db.read() as session, pytest.raises(OperationalError):
        session.execute(select(1))


def test_another_connections_commit_is_noticed_once(db: Database) -> None:
    watch = db.watch()
    try:
        assert watch.can_tell is (db.dialect_name == "sqlite")
        assert not watch.has_changed()
        for name in ("cats", "dogs"):
            db.write(partial(add_tag, name=name))
        assert watch.has_changed() is watch.can_tell
        assert not watch.has_changed()
    finally:
        watch.close()


def test_moments_are_stored_by_the_database_as_they_are_here(db: Database) -> None:
    moment = clock.now()
    db.write(
        lambda session: session.add(
            Account(id=1, username="a", handle="a", created_at=moment, last_seen_at=None)
        )
    )
    with db.read() as session:
        assert session.scalars(select(Account.id).where(Account.created_at == moment)).all() == [1]
        assert session.scalars(select(Account.id).where(Account.created_at < moment)).all() == []
