"""What `microblog serve` refuses: one clear sentence, exit status 1, nothing half done."""

import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.processes import MICROBLOG, free_port, run, running

SERVE = [*MICROBLOG, "serve"]
PASSWORD = "open-sesame"


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refusal = serve_refuses(tmp_path, PORT=str(port))
    assert f"127.0.0.1:{port}" in refusal


def test_a_host_that_is_not_here_is_named(tmp_path: Path) -> None:
    # An address kept for documentation: no machine has it.
    assert "203.0.113.7" in serve_refuses(tmp_path, HOST="203.0.113.7")


@pytest.mark.parametrize("name", ["data", "data/logs"])
def test_a_file_where_a_folder_should_be_is_named(tmp_path: Path, name: str) -> None:
    place = tmp_path / name
    place.parent.mkdir(exist_ok=True)
    place.write_text("A file of somebody's own.")
    assert str(tmp_path / "data") in serve_refuses(tmp_path)
    assert place.read_text() == "A file of somebody's own."


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"),
        ("SECRET_KEY", "short"),
        ("PUBLIC_URL", "example.org"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, name: str, value: str) -> None:
    assert name in serve_refuses(tmp_path, **{name: value})
    assert not (tmp_path / "data").exists()


def test_an_option_is_checked_as_its_setting_is(tmp_path: Path) -> None:
    done = run([*SERVE, "--port", "99999"], tmp_path)
    assert "PORT" in sentence_of(done.returncode, done.stdout, done.stderr)


def test_an_unknown_name_in_the_settings_file_is_named_with_the_likely_one(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DATABASE_ULR=sqlite:///x.db\n")
    refusal = serve_refuses(tmp_path)
    assert "DATABASE_ULR" in refusal
    assert "DATABASE_URL" in refusal


def test_the_debugger_is_refused(tmp_path: Path) -> None:
    assert "flask run" in serve_refuses(tmp_path, FLASK_DEBUG="1")


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://microblog:{PASSWORD}@127.0.0.1:1/microblog",
        f"mysql://microblog:{PASSWORD}@127.0.0.1:1/microblog",
        f"no address with {PASSWORD}",
        f"no-such-kind://microblog:{PASSWORD}@127.0.0.1/microblog",
        f"oracle+cx_oracle://microblog:{PASSWORD}@127.0.0.1/microblog",
        "sqlite:////no/such/folder/microblog.db",
    ],
)
def test_a_database_that_does_not_answer_is_said(tmp_path: Path, url: str) -> None:
    refusal = serve_refuses(tmp_path, DATABASE_URL=url)
    assert "database" in refusal.lower()
    assert PASSWORD not in refusal


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("These are my notes, not a database, and they are long enough. " * 100)
    assert "not a database" in serve_refuses(tmp_path, DATABASE_URL=f"sqlite:///{file}")


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    database = migrated(tmp_path)
    set_revision(database, "2199_01_01_the_far_future")
    before = database.read_bytes()
    assert "newer version" in serve_refuses(tmp_path)
    assert database.read_bytes() == before


def test_a_failed_migration_says_why_and_where_the_copy_is(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    database = tmp_path / "data" / "microblog.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE posts (recipe TEXT)")
        connection.execute("INSERT INTO posts VALUES ('Pancakes')")
        connection.commit()
    refusal = serve_refuses(tmp_path)
    assert "no such column" in refusal
    (copy,) = (tmp_path / "data" / "copies").iterdir()
    assert str(copy) in refusal
    assert read(copy, "SELECT recipe FROM posts") == [("Pancakes",)]


def test_an_older_database_is_copied_and_then_migrated(tmp_path: Path) -> None:
    database = migrated(tmp_path)
    run([*MICROBLOG, "db", "downgrade", "base"], tmp_path)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE diary (entry TEXT)")
        connection.execute("INSERT INTO diary VALUES ('Dear diary')")
        connection.commit()
    port = free_port()
    with running([*SERVE, "--workers=1", f"--port={port}"], tmp_path, port) as server:
        server.wait_until_it_answers()
        (copy,) = (tmp_path / "data" / "copies").iterdir()
        assert str(copy) in server.stdout
        assert str(database) in server.stdout
        server.process.terminate()
        server.wait_until_all_have_ended()
    assert read(copy, "SELECT entry FROM diary") == [("Dear diary",)]
    assert read(copy, "SELECT name FROM sqlite_schema WHERE name = 'posts'") == []
    assert read(database, "SELECT entry FROM diary") == [("Dear diary",)]
    assert read(database, "SELECT count(*) FROM posts") == [(0,)]


def serve_refuses(folder: Path, **settings: str) -> str:
    """Start a server that must not start, and return the sentence it says."""
    done = run(SERVE, folder, **settings)
    return sentence_of(done.returncode, done.stdout, done.stderr)


def sentence_of(status: int, stdout: str, stderr: str) -> str:
    assert (status, stdout) == (1, "")
    assert stderr.startswith("Error: ")
    assert stderr.count("\n") == 1
    return stderr.removeprefix("Error: ")


def migrated(folder: Path) -> Path:
    done = run([*MICROBLOG, "db", "upgrade"], folder)
    assert done.returncode == 0, done.stderr
    return folder / "data" / "microblog.db"


def set_revision(database: Path, revision: str) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", [revision])
        connection.commit()


def read(database: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(statement).fetchall()
