"""Start the private PostgreSQL, MariaDB and Redis of one test run; knows nothing of Microblog."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import mariadb, postgresql, redis
from .databases import create_database
from .programs import find_chromium
from .throwaway import make_folder

__all__ = ["Servers", "create_database", "find_chromium", "start_all"]


@dataclass(frozen=True)
class Servers:
    """Where each server answers: SQLAlchemy URLs and a redis:// one.

    **Shape**: a server whose programs are not installed is None and is named in `missing`.
    """

    postgresql: str | None
    mariadb: str | None
    redis: str | None
    missing: tuple[str, ...]


@contextmanager
def start_all() -> Iterator[Servers]:
    """Start every server whose programs are installed, at the same time, and end them after.

    **Raises**: `ServerDidNotStart` when a server that is installed does not come up.
    """
    kinds = {
        "PostgreSQL": postgresql.running if postgresql.find_programs() else None,
        "MariaDB": mariadb.running if mariadb.find_programs() else None,
        "Redis": redis.running if redis.find_programs() else None,
    }
    with ExitStack() as stack:

        def start(name: str) -> str | None:
            running = kinds[name]
            return running and _start(stack, name, running)

        with ThreadPoolExecutor(len(kinds)) as pool:
            urls = dict(zip(kinds, pool.map(start, kinds), strict=True))
        yield Servers(
            postgresql=urls["PostgreSQL"],
            mariadb=urls["MariaDB"],
            redis=urls["Redis"],
            missing=tuple(name for name, url in urls.items() if url is None),
        )


def _start(
    stack: ExitStack, name: str, running: Callable[[Path], AbstractContextManager[str]]
) -> str:
    return stack.enter_context(running(make_folder(name.lower())))
