"""The private servers answer, keep to themselves, and never outlive the test run."""

import os
import select
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import NullPool, create_engine, make_url
from sqlalchemy.exc import ProgrammingError

from . import create_database, mariadb, postgresql, redis, start_all
from .throwaway import ServerDidNotStart, free_ports, make_folder, serve

# Watching a process that is not a child, and a second loopback address, are Linux's own.
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")

PATIENCE_SECONDS = 15
DATABASES = {"PostgreSQL": postgresql, "MariaDB": mariadb}
KINDS: dict[str, ModuleType] = {**DATABASES, "Redis": redis}

RUN_UNTIL_KILLED = """
import sys
from pathlib import Path
from servers import {module}
with {module}.running(Path(sys.argv[1])) as url:
    print(url, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that a server may have, and that it removes."""
    made = make_folder("rig")
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> ModuleType:
    """Each kind of server in turn."""
    return installed(request.param)


@pytest.fixture(params=DATABASES)
def server_kind(request: pytest.FixtureRequest) -> ModuleType:
    """Each kind of database server in turn."""
    return installed(request.param)


def installed(name: str) -> ModuleType:
    if KINDS[name].find_programs() is None:
        pytest.skip(f"{name} is not installed")
    return KINDS[name]


def ask(url: str, statement: str) -> object:
    # Without a pool no connection is left open, also when the statement is refused.
    with create_engine(url, poolclass=NullPool).begin() as connection:
        result = connection.exec_driver_sql(statement)
        return result.scalar() if result.returns_rows else None


def ask_redis(url: str, question: bytes) -> bytes:
    address = make_url(url)
    with socket.create_connection((address.host, address.port), PATIENCE_SECONDS) as connection:
        connection.sendall(question + b"\r\n")
        return connection.recv(1000)


def read_pids(folder: Path) -> tuple[int, int]:
    keeper, server = (folder / "pids").read_text().split()
    return int(keeper), int(server)


def ends(watch: int) -> bool:
    ended, _, _ = select.select([watch], [], [], PATIENCE_SECONDS)
    os.close(watch)
    return bool(ended)


def test_each_installed_server_answers_and_the_others_are_named() -> None:
    names = {name for name, kind in KINDS.items() if kind.find_programs() is None}
    with start_all() as servers:
        assert set(servers.missing) == names
        if servers.postgresql:
            assert "PostgreSQL" in str(ask(servers.postgresql, "SELECT version()"))
        if servers.mariadb:
            assert "MariaDB" in str(ask(servers.mariadb, "SELECT version()"))
        if servers.redis:
            assert ask_redis(servers.redis, b"PING") == b"+PONG\r\n"


def test_a_server_that_is_not_on_this_machine_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with start_all() as servers:
        assert servers.redis is None
        assert "Redis" in servers.missing


def test_a_server_listens_on_one_loopback_address_only(kind: ModuleType, folder: Path) -> None:
    with kind.running(folder) as url:
        port = make_url(url).port
        with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS):
            pass
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", port), PATIENCE_SECONDS)


def test_nothing_is_left_when_a_server_has_been_used(kind: ModuleType, folder: Path) -> None:
    with kind.running(folder):
        watch = os.pidfd_open(read_pids(folder)[1])
    assert ends(watch)
    assert not folder.exists()


def test_a_killed_test_run_leaves_no_server_and_no_folder(kind: ModuleType, folder: Path) -> None:
    script = RUN_UNTIL_KILLED.format(module=kind.__name__.rpartition(".")[2])
    with subprocess.Popen(
        [sys.executable, "-c", script, str(folder)],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as run:
        assert run.stdout is not None
        assert run.stdout.readline().strip()
        keeper, server = (os.pidfd_open(pid) for pid in read_pids(folder))
        run.send_signal(signal.SIGKILL)
    assert ends(server)
    assert ends(keeper)
    assert not folder.exists()


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv is not installed")
def test_a_killed_keeper_takes_its_server_along(kind: ModuleType, folder: Path) -> None:
    with kind.running(folder):
        keeper, server = read_pids(folder)
        watch = os.pidfd_open(server)
        os.kill(keeper, signal.SIGKILL)
        assert ends(watch)
    assert not folder.exists()


def test_a_taken_port_is_left_alone(kind: ModuleType, folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        free = next(free_ports())
        with serve(folder, kind.recipe(folder), iter([taken, free])) as port:
            assert port == free


def test_a_server_that_cannot_start_says_why(kind: ModuleType, folder: Path) -> None:
    recipe = kind.recipe(folder)
    broken = replace(recipe, serve_on=lambda port: [*recipe.serve_on(port), "--no-such-setting=1"])
    with pytest.raises(ServerDidNotStart, match=r"no.such.setting"), serve(folder, broken):
        pass
    assert not folder.exists()


def test_a_new_database_takes_the_place_of_the_old_one(
    server_kind: ModuleType, folder: Path
) -> None:
    with server_kind.running(folder) as url:
        old = create_database(url, "worker-1")
        ask(old, "CREATE TABLE word (letters varchar(20))")
        new = create_database(url, "worker-1")
        with pytest.raises(ProgrammingError):
            ask(new, "SELECT letters FROM word")


def test_a_new_database_keeps_every_script_and_compares_by_bytes(
    server_kind: ModuleType, folder: Path
) -> None:
    with server_kind.running(folder) as url:
        database = create_database(url, "scripts")
        ask(database, "CREATE TABLE word (letters varchar(20))")
        ask(database, "INSERT INTO word VALUES ('Ünïcödé 漢字 🐘')")
        assert ask(database, "SELECT letters FROM word") == "Ünïcödé 漢字 🐘"
        assert ask(database, "SELECT letters FROM word WHERE letters = 'ünïcödé 漢字 🐘'") is None
