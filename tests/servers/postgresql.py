"""Run a private PostgreSQL that keeps nothing."""

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from .programs import find_program
from .throwaway import Recipe, serve

# The user that Debian's package makes; PostgreSQL refuses to run as root.
_USER = "postgres"

# Nothing here outlives the test run, so nothing needs to survive a power cut. The odd time zone
# catches code that leans on the server's own.
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "64MB",
    "shared_buffers": "32MB",
    # A crowd of fifty threads takes several connections each, in several test processes at once.
    "max_connections": "400",
    "dynamic_shared_memory_type": "mmap",
    "timezone": "<+0545>-05:45",
}


class Programs(NamedTuple):
    """Full paths of the two programs, which come from one installation."""

    initdb: str
    postgres: str


def find_programs() -> Programs | None:
    """Find the newest PostgreSQL that this user is able to run."""
    initdb = find_program("initdb", also_in=_debian_folders())
    if initdb is None or (_is_root() and not _has_user(_USER)):
        return None
    return Programs(initdb, str(Path(initdb).resolve().with_name("postgres")))


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run a server in the folder and yield its URL."""
    with serve(folder, recipe(folder)) as port:
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"


def recipe(folder: Path) -> Recipe:
    """Return how to run PostgreSQL in the folder."""
    programs = find_programs()
    if programs is None:
        raise FileNotFoundError("PostgreSQL is not installed.")
    data = str(folder / "data")
    options = ["--auth=trust", "--username=postgres", "--no-sync", "--wal-segsize=1"]
    settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
    return Recipe(
        name="PostgreSQL",
        prepare=[programs.initdb, "-D", data, "--encoding=UTF8", "--locale=C.UTF-8", *options],
        serve_on=lambda port: [programs.postgres, "-D", data, "-p", str(port), *settings],
        ready_line="database system is ready to accept connections",
        # PostgreSQL's "end at once": it ends its own children and gives back its shared memory.
        stop_signal="SIGQUIT",
        user=_USER if _is_root() else None,
    )


def _debian_folders() -> tuple[str, ...]:
    versions = Path("/usr/lib/postgresql").glob("[0-9]*")
    newest_first = sorted(versions, key=lambda folder: float(folder.name), reverse=True)
    return tuple(str(folder / "bin") for folder in newest_first)


def _is_root() -> bool:
    return os.geteuid() == 0


def _has_user(name: str) -> bool:
    return any(user.pw_name == name for user in pwd.getpwall())
