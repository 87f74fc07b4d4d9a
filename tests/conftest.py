"""What every test may ask for: a database of each kind, an application on it, a cast of people."""

import gc
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.pool import Pool

from microblog.config import Config
from microblog.db import Database
from microblog.services import Services
from microblog.worker import Worker
from tests.cast import Cast, assemble
from tests.databases import KINDS, TestDatabase
from tests.servers import create_database, find_chromium, start_all
from tests.visitor import Visitor

_SERVERS = pytest.StashKey[ExitStack]()
_ENVIRONMENT = {"postgresql": "MICROBLOG_TEST_POSTGRESQL", "mysql": "MICROBLOG_TEST_MARIADB"}
_NOT_RUN = "MICROBLOG_TEST_NOT_RUN"
_RAIL_SECONDS = 300
_SECONDS_OF_A_TEST = 5


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers once, in the process that the others are started from."""
    # As seldom as on a server: what tests make is hardly ever garbage that only this finds.
    gc.set_threshold(50_000, 20, 50)
    config.addinivalue_line("markers", "sqlite_only: needs no other database to be true.")
    config.addinivalue_line("markers", "servers_only: is not about SQLite.")
    if hasattr(config, "workerinput") or os.environ.get(_NOT_RUN) is not None:
        return
    stack = config.stash[_SERVERS] = ExitStack()
    servers = stack.enter_context(start_all())
    found = {
        _ENVIRONMENT["postgresql"]: servers.postgresql,
        _ENVIRONMENT["mysql"]: servers.mariadb,
        "MICROBLOG_TEST_REDIS": servers.redis,
    }
    os.environ |= {name: url for name, url in found.items() if url}
    missing = [*servers.missing, *([] if find_chromium() else ["Chromium"])]
    os.environ[_NOT_RUN] = ", ".join(missing)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the servers."""
    if _SERVERS in config.stash:
        config.stash[_SERVERS].close()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI, what is missing has failed."""
    missing = os.environ.get(_NOT_RUN)
    if missing and os.environ.get("CI") == "true" and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much was tried, and name what was not run for want of a program."""
    for report in terminalreporter.getreports("passed"):
        for name, figure in report.user_properties:
            if name == "figure" and report.when == "call":
                terminalreporter.write_line(f"{report.nodeid}: {figure}")
    missing = os.environ.get(_NOT_RUN)
    if missing:
        terminalreporter.write_line(f"Not run, because it is not installed: {missing}.", red=True)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that touches the database on each kind that is there."""
    if "database_kind" not in metafunc.fixturenames:
        return
    kinds = [kind for kind in KINDS if kind == "sqlite" or os.environ.get(_ENVIRONMENT[kind])]
    if metafunc.definition.get_closest_marker("sqlite_only"):
        kinds = ["sqlite"]
    if metafunc.definition.get_closest_marker("servers_only"):
        kinds.remove("sqlite")
    metafunc.parametrize("database_kind", kinds, scope="session")


@pytest.fixture(scope="session")
def prepared_database(
    database_kind: str, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[TestDatabase]:
    """Return a migrated, empty database of one kind, of this test process alone."""
    folder = tmp_path_factory.mktemp(database_kind)
    if database_kind == "sqlite":
        url = f"sqlite:///{folder / 'test.db'}"
    else:
        url = create_database(os.environ[_ENVIRONMENT[database_kind]], f"test_{worker_id}")
    database = TestDatabase(url, folder)
    yield database
    database.app.extensions["microblog"].db.dispose()


@pytest.fixture
def app(prepared_database: TestDatabase) -> Flask:
    """Return an application on an empty database, as a server is before its setup."""
    prepared_database.empty()
    return prepared_database.app


@pytest.fixture
def services(app: Flask) -> Services:
    """Return what the application has at hand."""
    found: Services = app.extensions["microblog"]
    return found


@pytest.fixture
def db(services: Services) -> Database:
    """Return the empty database."""
    return services.db


@pytest.fixture
def sent_to_sqlite(db: Database) -> Iterator[list[str]]:
    """Return the list that fills with every statement SQLite is given, with its values."""
    sent: list[str] = []

    def listen(connection: Any, *_: Any) -> None:
        connection.set_trace_callback(sent.append)

    # Connections that are open already would not be heard, nor later ones spared.
    db.dispose()
    event.listen(Pool, "checkout", listen)
    yield sent
    event.remove(Pool, "checkout", listen)
    db.dispose()


@pytest.fixture
def worker(services: Services) -> Worker:
    """Return a worker; it works when told to."""
    return Worker(services)


@pytest.fixture
def cast(db: Database) -> Cast:
    """Return a few named people with known relations, on a server that is set up."""
    return assemble(db)


@pytest.fixture
def visitor(app: Flask, cast: Cast) -> Visitor:
    """Return somebody who is not signed in, at a server that is set up."""
    return Visitor(app)


@pytest.fixture
def make_config(tmp_path: Path) -> Any:
    """Return a function that makes settings for a data folder of this test's own."""

    def make(**settings: Any) -> Config:
        return Config(**{"DATA_DIR": tmp_path / "data", **settings})

    return make


@pytest.fixture
def rail_stays() -> None:
    """Keep clear of the moment at which every rail is made anew: that takes two statements more."""
    left = _RAIL_SECONDS - time.time() % _RAIL_SECONDS
    if left < _SECONDS_OF_A_TEST:
        time.sleep(left)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """Return the name of this test process."""
    workerinput: dict[str, str] = getattr(request.config, "workerinput", {})
    return workerinput.get("workerid", "main")
