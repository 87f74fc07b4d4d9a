"""Run a private MariaDB that keeps nothing."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from .programs import find_program
from .throwaway import Recipe, serve

# Nothing here outlives the test run, so nothing needs to survive a power cut. The odd time zone
# catches code that leans on the server's own. A statement that waits for a table's lock longer
# than a minute is a defect of the test, and would wait for a day.
_SETTINGS = {
    "bind-address": "127.0.0.1",
    "socket": "socket",
    "character-set-server": "utf8mb4",
    "collation-server": "utf8mb4_bin",
    "default-time-zone": "+05:45",
    "innodb-flush-log-at-trx-commit": "0",
    "innodb-doublewrite": "0",
    "innodb-use-native-aio": "0",
    "innodb-buffer-pool-size": "64M",
    "innodb-log-file-size": "16M",
    "key-buffer-size": "1M",
    "aria-pagecache-buffer-size": "8M",
    "lock-wait-timeout": "60",
    # A crowd of fifty threads takes several connections each, in several test processes at once.
    "max-connections": "400",
    "skip-name-resolve": "1",
    "skip-log-bin": "1",
}


class Programs(NamedTuple):
    """Full paths of the server and of the script that fills its first data folder."""

    server: str
    install: str


def find_programs() -> Programs | None:
    """Find MariaDB."""
    server = find_program("mariadbd", "mysqld")
    install = find_program("mariadb-install-db")
    return Programs(server, install) if server and install else None


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run a server in the folder and yield its URL."""
    with serve(folder, recipe(folder)) as port:
        yield f"mysql+pymysql://root@127.0.0.1:{port}/?charset=utf8mb4"


def recipe(folder: Path) -> Recipe:
    """Return how to run MariaDB in the folder."""
    programs = find_programs()
    if programs is None:
        raise FileNotFoundError("MariaDB is not installed.")
    # MariaDB refuses to run as root by accident: it wants to be told.
    user = ["--user=root"] if os.geteuid() == 0 else []
    settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
    shared = ["--no-defaults", f"--datadir={folder / 'data'}", *user, *settings]
    login = ["--auth-root-authentication-method=normal", "--skip-test-db"]
    return Recipe(
        name="MariaDB",
        prepare=[programs.install, *shared, *login],
        serve_on=lambda port: [programs.server, *shared, f"--port={port}"],
        ready_line="ready for connections",
    )
