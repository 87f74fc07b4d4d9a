"""Migrations go up and down, also after being killed, and end where the models are."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import Engine, event, inspect

from microblog import create_app
from microblog.cli.database import MIGRATIONS, DatabaseGroup
from microblog.config import Config
from microblog.db import Base, Database
from tests.servers import create_database

SERVERS = {"postgresql": "MICROBLOG_TEST_POSTGRESQL", "mysql": "MICROBLOG_TEST_MARIADB"}
READING = ("SELECT", "SHOW", "PRAGMA", "DESCRIBE", "BEGIN")


class Killed(Exception):
    """The process that migrates is no more."""


@pytest.fixture
def engine(database_kind: str, tmp_path: Path, worker_id: str) -> Iterator[Engine]:
    """Return an empty database, to which the commands of migration go."""
    if database_kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'blank.db'}"
    else:
        url = create_database(os.environ[SERVERS[database_kind]], f"blank_{worker_id}")
    app = create_app(Config(DATA_DIR=tmp_path / "data", DATABASE_URL=url))
    db: Database = app.extensions["microblog"].db
    with app.app_context():
        DatabaseGroup(app).load()
        yield db.engine
    db.dispose()


def go_up() -> None:
    upgrade(directory=str(MIGRATIONS))


def go_down() -> None:
    downgrade(directory=str(MIGRATIONS), revision="base")


def test_migrations_go_up_down_and_up_again(engine: Engine) -> None:
    go_up()
    first = describe(engine)
    assert set(first) == set(Base.metadata.tables)
    go_down()
    assert describe(engine) == {}
    go_up()
    assert describe(engine) == first


def test_a_database_that_is_up_to_date_is_left_alone(engine: Engine) -> None:
    go_up()
    with killed_after(engine, statements=0):
        go_up()


def test_migrations_end_where_the_models_are(engine: Engine) -> None:
    go_up()
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    migrated = describe(engine)
    go_down()
    Base.metadata.create_all(engine)
    assert describe(engine) == migrated


@pytest.mark.parametrize("way", [go_up, go_down])
def test_a_migration_killed_anywhere_goes_on_where_it_was(
    engine: Engine, way: Callable[[], None]
) -> None:
    go_up()
    complete = describe(engine)
    if way is go_up:
        go_down()
    times_killed = 0
    while is_killed(engine, way, statements=times_killed):
        times_killed += 1
    # Killed again and again; a migration of several that has ended is not begun anew.
    assert times_killed > len(Base.metadata.tables) // 3
    assert describe(engine) == (complete if way is go_up else {})


def is_killed(engine: Engine, way: Callable[[], None], *, statements: int) -> bool:
    """Migrate, be killed after so many statements, and tell whether there were more."""
    try:
        with killed_after(engine, statements=statements):
            way()
    except Killed:
        return True
    return False


@contextmanager
def killed_after(engine: Engine, *, statements: int) -> Iterator[None]:
    """Let only so many statements through that change anything."""
    done: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith(READING):
            return
        if len(done) == statements:
            raise Killed
        done.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", count)


def describe(engine: Engine) -> dict[str, dict[str, Any]]:
    """Return what there is of each table, but for Alembic's own."""
    seen = inspect(engine)
    return {
        table: {
            # A column that came later stands at the end.
            "columns": by_name(
                {**column, "type": repr(column["type"])} for column in seen.get_columns(table)
            ),
            "key": seen.get_pk_constraint(table),
            "indexes": by_name(seen.get_indexes(table)),
            "unique": by_name(seen.get_unique_constraints(table)),
            "references": by_name(seen.get_foreign_keys(table)),
            "checks": by_name(seen.get_check_constraints(table)),
            "options": seen.get_table_options(table) if has_options(engine) else {},
        }
        for table in seen.get_table_names()
        if table != "alembic_version"
    }


def by_name(found: Any) -> list[Any]:
    return sorted(found, key=lambda one: str(one["name"]))


def has_options(engine: Engine) -> bool:
    # Of the three, only these two dialects read them back.
    return engine.dialect.name in ("mysql", "sqlite")
