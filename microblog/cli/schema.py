"""Which version the database is of, and bringing it up to this program's."""

import os
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import click
import pysqlite3
from sqlalchemy import inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from microblog import clock
from microblog.config import Config
from microblog.db import Database

_VERSIONS = Path(__file__).parent.parent / "migrations" / "versions"
# In the quotes of our formatter, or in those that `flask db migrate` writes.
_REVISION = re.compile(r"""^revision = ["'](\w+)["']$""", re.MULTILINE)
_DOWN_REVISION = re.compile(r"""^down_revision = ["'](\w+)["']$""", re.MULTILINE)
# How Python ends a traceback, and click a refusal; the driver's name for it says nothing to people.
_ERROR_LINE = re.compile(r"^(?:[\w.]*(?:Error|Exception)): (?:\([\w.]+\) )?(.+)$", re.MULTILINE)
_COPIES_KEPT = 5


def bring_up_to_date(config: Config) -> None:
    """Migrate the database if it is older than the program; copies a SQLite file before.

    **Raises** ClickException, in one sentence, when it cannot be reached, is newer, or will not go.
    """
    current = current_revision(config)
    if current == head():
        return
    if current is not None and current not in revisions():
        raise click.ClickException(
            "The database belongs to a newer version of Microblog: update the program, or restore "
            "a copy of the database that was made before."
        )
    if current is not None and _sqlite_file(config) is None:
        click.echo("The database is migrated now. Microblog copies only SQLite: keep a backup.")
    _upgrade(config, _copy(config))


def require_current(config: Config) -> None:
    """Refuse to work on a database of another version. **Raises** ClickException."""
    if current_revision(config) != head():
        raise click.ClickException(
            "The database is of another version than the program: run `microblog db upgrade`."
        )


def current_revision(config: Config) -> str | None:
    """Return the revision of the database; None for one that has none.

    **Raises** ClickException when the database cannot be reached.
    """
    db = _open(config)
    try:
        with db.engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            # Alembic keeps its version in a table that no model describes.
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return None if found is None else str(found)
    except DBAPIError as error:
        shown = db.url.render_as_string(hide_password=True)
        reason = str(error.orig).strip().splitlines()[0]
        raise click.ClickException(f"The database {shown} does not answer: {reason}") from None
    finally:
        db.dispose()


def revisions() -> set[str]:
    """Return every revision this program knows, read from the names in its migrations."""
    return {_REVISION.findall(path.read_text())[0] for path in _VERSIONS.glob("*.py")}


def head() -> str:
    """Return the newest revision: the one that no other builds on."""
    below = {
        name for path in _VERSIONS.glob("*.py") for name in _DOWN_REVISION.findall(path.read_text())
    }
    (newest,) = revisions() - below
    return newest


def _open(config: Config) -> Database:
    try:
        return Database(config.database_url)
    except ArgumentError:
        # The address may hold a password and is not repeated.
        raise click.ClickException(
            "DATABASE_URL is no address of a database, such as postgresql://name:password@host/name."
        ) from None
    except ImportError as error:
        raise click.ClickException(
            f"DATABASE_URL names a kind of database whose driver is not installed: {error}."
        ) from None


def _copy(config: Config) -> Path | None:
    """Copy what is in a SQLite file, also while it is in use; None when there is nothing in it."""
    source = _sqlite_file(config)
    if source is None:
        return None
    folder = config.DATA_DIR.resolve() / "copies"
    target = folder / f"{source.stem}-{clock.now():%Y%m%d-%H%M%S}.db"
    try:
        with closing(pysqlite3.connect(source)) as original:
            if not original.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                return None
            folder.mkdir(mode=0o700, exist_ok=True)
            with closing(pysqlite3.connect(target)) as copy:
                original.backup(copy)
    except (OSError, pysqlite3.Error) as error:
        raise click.ClickException(
            f"The database could not be copied before migrating it, so it was left alone: {error}."
        ) from None
    for old in sorted(folder.glob(f"{source.stem}-*.db"))[:-_COPIES_KEPT]:
        old.unlink()
    return target


def _sqlite_file(config: Config) -> Path | None:
    url = make_url(config.database_url)
    is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    return Path(str(url.database)) if is_file else None


def _upgrade(config: Config, copy: Path | None) -> None:
    # In a process of its own: the migration tools are large, and this one stays for long.
    done = subprocess.run(
        [sys.executable, "-m", "microblog", "db", "upgrade"],
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        reasons = _ERROR_LINE.findall(done.stderr) or ["no reason given"]
        back = f" A copy of how it was before is {copy}." if copy else ""
        raise click.ClickException(
            f"The database could not be migrated: {reasons[-1].rstrip('.')}.{back}"
        )
    if copy is not None:
        click.echo(
            f"The database is migrated; a copy of how it was is {copy}. To go back, stop the "
            f"server, install the version you had, and put the copy in place of "
            f"{_sqlite_file(config)}."
        )
