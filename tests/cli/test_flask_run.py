"""What a reader of the Flask Mega-Tutorial types by hand works, from a checkout."""

import os
import shutil
import signal
import sqlite3
import sys
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest

from tests.caller import Caller
from tests.processes import FLASK, PROC, ROOT, Running, free_port, run, running, wait_for

VERSIONS = "microblog/migrations/versions"
MOTTO = "    motto: Mapped[str | None] = mapped_column(String(140))\n"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the repository's own layout, with a migrated database."""
    folder = tmp_path_factory.mktemp("checkout")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "microblog", folder / "microblog", ignore=ignored)
    shutil.copy(ROOT / ".flaskenv", folder)
    flask(folder, "db", "upgrade")
    return folder


@pytest.mark.skipif(not PROC.is_dir(), reason="Processes are looked up in /proc.")
def test_flask_run_is_a_whole_server(checkout: Path) -> None:
    with flask_run(checkout) as server:
        server.wait_until_it_answers()
        with Caller(server.url) as alice, Caller(server.url) as bob:
            assert alice.set_up("alice").headers["location"] == "/"
            assert bob.register("bob").headers["location"] == "/"
            bob.post("/@alice/follow", "/@alice")
            alice.write("Hello from the tutorial")
            # The worker beside it brings the post.
            wait_for(lambda: timeline_of(checkout, "bob"), "the post on Bob's timeline")
            assert "Hello from the tutorial" in bob.get("/").text
        server.signal_group(signal.SIGINT)
        server.wait_until_all_have_ended()


@pytest.mark.skipif(not PROC.is_dir(), reason="Processes are looked up in /proc.")
def test_flask_run_in_debug_mode_reloads_what_is_edited(checkout: Path) -> None:
    with flask_run(checkout, FLASK_DEBUG="1") as server:
        server.wait_until_it_answers()
        assert "Debugger is active" in server.stderr
        (first,) = server.children()
        os.utime(checkout / "microblog" / "clock.py")
        wait_for(lambda: server.children() - {first}, "the second child")
        server.wait_until_it_answers()


def test_the_shell_has_a_session_and_the_models_at_hand(checkout: Path) -> None:
    typed = """
server = session.get(Server, 1) or Server(id=1, name="", description="", created_at=sa.func.now())
print("Counted:", session.scalar(sa.select(sa.func.count()).select_from(Post)))
session.add(Tag(id=1, name="typed"))
session.commit()
"""
    done = run([*FLASK, "shell"], checkout, stdin=typed)
    assert "Counted:" in done.stdout
    assert "Error" not in done.stderr
    assert ("typed",) in read(checkout, "SELECT name FROM tags")


def test_the_routes_are_listed(checkout: Path) -> None:
    listed = flask(checkout, "routes")
    assert "/explore" in listed
    assert "/@<username>" in listed


def test_a_migration_without_a_change_writes_nothing(checkout: Path) -> None:
    before = migrations(checkout)
    flask(checkout, "db", "migrate", "--message", "Nothing at all")
    assert migrations(checkout) == before


def test_a_change_of_a_model_is_migrated_forth_and_back(checkout: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(checkout, folder)
    before = migrations(folder)
    model = folder / "microblog" / "models" / "account.py"
    version = "    version: Mapped[int]"
    assert model.read_text().count(version) == 1
    model.write_text(model.read_text().replace(version, MOTTO + version))

    flask(folder, "db", "migrate", "--message", "Add mottos")
    (added,) = migrations(folder) - before
    assert added.endswith("_add_mottos.py")
    assert newest_revision(folder) in (folder / VERSIONS / added).read_text()
    flask(folder, "db", "upgrade")
    assert "motto" in columns(folder)
    flask(folder, "db", "downgrade")
    assert "motto" not in columns(folder)


def test_a_downgrade_to_the_base_leaves_no_table(tmp_path: Path, checkout: Path) -> None:
    database = tmp_path / "m.db"
    settings = {"DATABASE_URL": f"sqlite:///{database}"}
    for step in (("upgrade",), ("downgrade", "base")):
        assert run([*FLASK, "db", *step], checkout, **settings).returncode == 0
    with closing(sqlite3.connect(database)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        assert tables.fetchall() == [("alembic_version",)]


def flask(folder: Path, *command: str) -> str:
    """Run a flask command that must succeed; return what it printed."""
    done = run([*FLASK, *command], folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def flask_run(folder: Path, **settings: str) -> AbstractContextManager[Running]:
    port = free_port()
    return running([*FLASK, "run", f"--port={port}"], folder, port, **settings)


def timeline_of(folder: Path, username: str) -> list[tuple[object, ...]]:
    return read(
        folder,
        "SELECT post_id FROM timeline_entries JOIN accounts ON accounts.id = account_id "
        f"WHERE username = '{username}'",
    )


def columns(folder: Path) -> set[object]:
    return {row[1] for row in read(folder, "PRAGMA table_info(accounts)")}


def read(folder: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "data" / "microblog.db")) as connection:
        return connection.execute(statement).fetchall()


def migrations(folder: Path) -> set[str]:
    return {path.name for path in (folder / VERSIONS).glob("*.py")}


def newest_revision(folder: Path) -> str:
    """Return the revision to which `microblog serve` would bring the database."""
    script = "from microblog.cli import schema; print(schema.head())"
    return run([sys.executable, "-c", script], folder).stdout.strip() or "none at all"
