"""The servers that are measured, started as a person starts them, each in processes of its own."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from bench import processes
from microblog.config import Config

ROOT = Path(__file__).parent.parent
_START_SECONDS = 30.0
_POLL_SECONDS = 0.005
_STOP_SECONDS = 20.0


@dataclass(frozen=True)
class Server:
    """A server that runs, and how long it took until its first answer."""

    port: int
    pid: int
    start_seconds: float
    folder: Path | None = None

    def process(self, role: str) -> int:
        """Return the id of the process that has a role: web or jobs."""
        return self._find(role)[0]

    def log(self, role: str) -> Path:
        """Return the log of the process that has a role."""
        return self._find(role)[1]

    def _find(self, role: str) -> tuple[int, Path]:
        for pid in processes.tree(self.pid):
            log = processes.find_open_file(pid, f"{role}-*.log")
            if log is not None:
                return pid, log
        raise RuntimeError(f"No process of the server is its {role} worker.")


@contextmanager
def serve(folder: Path) -> Iterator[Server]:
    """Run `microblog serve` with one web worker on a data folder."""
    port = _free_port()
    command = [sys.executable, "-m", "microblog", "serve", "--workers=1", f"--port={port}"]
    with _running(command, port, "/explore", environment(folder), folder) as server:
        yield server


@contextmanager
def serve_floor(size_bytes: int) -> Iterator[Server]:
    """Run the floor: a bare route that returns so many bytes."""
    port = _free_port()
    command = [sys.executable, "-m", "bench.floor", str(port), str(size_bytes)]
    with _running(command, port, "/", environment(), None) as server:
        yield server


def environment(folder: Path | None = None) -> dict[str, str]:
    """Return the environment of a person who has set next to nothing but the data folder."""
    settings = {field.name for field in fields(Config)}
    clean = {name: value for name, value in os.environ.items() if name not in settings}
    data = {} if folder is None else {"DATA_DIR": str(folder)}
    # It is one person who writes all the posts.
    return clean | data | {"PYTHONPATH": str(ROOT), "LIMIT_FACTOR": "1000"}


@contextmanager
def _running(
    command: Sequence[str], port: int, path: str, env: Mapping[str, str], folder: Path | None
) -> Iterator[Server]:
    with TemporaryFile("w+") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            env=env,
            # Away from the repository, whose .env file is not part of what is measured.
            cwd=folder or ROOT / "bench",
            stdout=output,
            stderr=subprocess.STDOUT,
            # A Ctrl-C at the benchmark is passed on by it, once.
            start_new_session=True,
        )
        try:
            _await_answer(process, port, path, output)
            yield Server(port, process.pid, time.perf_counter() - began, folder)
        finally:
            _stop(process)


def _await_answer(
    process: "subprocess.Popen[bytes]", port: int, path: str, output: IO[str]
) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if _status(port, path) == 200:
                return
        time.sleep(_POLL_SECONDS)
    output.seek(0)
    raise RuntimeError(f"The server did not start:\n{output.read()}")


def _status(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_START_SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
