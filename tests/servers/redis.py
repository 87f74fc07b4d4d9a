"""Run a private Redis that keeps nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .programs import find_program
from .throwaway import Recipe, serve

_SETTINGS = ("--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no")


def find_programs() -> str | None:
    """Find the one program that Redis needs."""
    return find_program("redis-server")


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run a server in the folder and yield its URL."""
    with serve(folder, recipe(folder)) as port:
        yield f"redis://127.0.0.1:{port}/0"


def recipe(folder: Path) -> Recipe:
    """Return how to run Redis in the folder."""
    program = find_programs()
    if program is None:
        raise FileNotFoundError("Redis is not installed.")
    return Recipe(
        name="Redis",
        prepare=[],
        serve_on=lambda port: [program, *_SETTINGS, "--dir", str(folder), "--port", str(port)],
        ready_line="Ready to accept connections",
    )
