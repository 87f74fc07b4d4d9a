"""Run one private server on a free loopback port, in a folder that vanishes with it."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .keeper import PATIENCE_SECONDS, Job

_START_SECONDS = 60.0
_PORTS_TO_TRY = 5
_LOOK_EVERY_SECONDS = 0.02
_LOG_LINES_SHOWN = 15

# Containers often have 64 MB of shared memory, which the browser needs for itself.
_MEMORY_FOLDER = Path("/dev/shm")
_MEMORY_NEEDED_BYTES = 2**30


@dataclass(frozen=True)
class Recipe:
    """How one kind of server is prepared, started on a port, recognised as ready, and ended."""

    name: str
    prepare: list[str]
    serve_on: Callable[[int], list[str]]
    ready_line: str
    stop_signal: str = "SIGKILL"
    user: str | None = None


class ServerDidNotStart(Exception):
    """A server that is installed did not come up; the message ends with its log."""


def make_folder(name: str) -> Path:
    """Make a temporary folder, in memory when there is enough of it."""
    return Path(tempfile.mkdtemp(prefix=f"microblog-{name}-", dir=_find_memory_folder()))


def free_ports() -> Iterator[int]:
    """Yield loopback ports that were free a moment ago."""
    for _ in range(_PORTS_TO_TRY):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        yield port


@contextmanager
def serve(folder: Path, recipe: Recipe, ports: Iterator[int] | None = None) -> Iterator[int]:
    """Run a server on the first of the ports that nobody else takes, and yield that port.

    The folder is made when it is not there, and removed when the server has ended.

    **Raises**: `ServerDidNotStart`.
    """
    log = ""
    for port in ports or free_ports():
        with _kept(folder, recipe, port) as keeper:
            if _becomes_ready(folder, recipe, keeper):
                yield port
                return
            log = _read_log(folder)
        if "address already in use" not in log.lower():
            break
    last_lines = "\n".join(log.splitlines()[-_LOG_LINES_SHOWN:])
    raise ServerDidNotStart(f"{recipe.name} did not start:\n{last_lines}")


def _find_memory_folder() -> Path | None:
    if not os.access(_MEMORY_FOLDER, os.W_OK):
        return None
    is_roomy = shutil.disk_usage(_MEMORY_FOLDER).free >= _MEMORY_NEEDED_BYTES
    return _MEMORY_FOLDER if is_roomy else None


@contextmanager
def _kept(folder: Path, recipe: Recipe, port: int) -> Iterator[subprocess.Popen[bytes]]:
    folder.mkdir(exist_ok=True)
    if recipe.user is not None:
        shutil.chown(folder, recipe.user, recipe.user)
    job = Job(
        folder=str(folder),
        prepare=recipe.prepare,
        serve=recipe.serve_on(port),
        stop_signal=recipe.stop_signal,
        user=recipe.user,
    )
    # A session of its own: Ctrl-C reaches the test run, which then ends the keeper in order.
    keeper = subprocess.Popen(
        job.command(), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield keeper
    finally:
        keeper.communicate(b"over", timeout=4 * PATIENCE_SECONDS)
        # A keeper that ended before it was told to has left the folder.
        shutil.rmtree(folder, ignore_errors=True)


def _becomes_ready(folder: Path, recipe: Recipe, keeper: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while keeper.poll() is None and time.monotonic() < deadline:
        if recipe.ready_line in _read_log(folder):
            return True
        time.sleep(_LOOK_EVERY_SECONDS)
    return False


def _read_log(folder: Path) -> str:
    try:
        return (folder / "log").read_text(errors="replace")
    except FileNotFoundError:
        return ""
