"""Microblog as other people run it: real processes, in a folder of their own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import httpx

ROOT = Path(__file__).resolve().parent.parent
MICROBLOG = (sys.executable, "-m", "microblog")
FLASK = (sys.executable, "-m", "flask")
PROC = Path("/proc")

# Long, because the machine may be busy with other tests; nothing waits longer than it has to.
PATIENCE_SECONDS = 60.0
_LOOK_EVERY_SECONDS = 0.02

T = TypeVar("T")


def wait_for(find: Callable[[], T | None], what: str, seconds: float = PATIENCE_SECONDS) -> T:
    """Ask again and again until there is an answer that is true, and return it."""
    deadline = time.monotonic() + seconds
    while not (found := find()):
        assert time.monotonic() < deadline, f"In vain waited for {seconds:.0f} s for {what}."
        time.sleep(_LOOK_EVERY_SECONDS)
    return found


def free_port() -> int:
    """Return a port of the loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(**settings: str) -> dict[str, str]:
    """Return an environment that names no setting but the given ones."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), **settings}


def run(
    command: Sequence[str], folder: Path, *, stdin: str | None = None, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        command,
        cwd=folder,
        env=environment(**settings),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


class Running:
    """A server that was started, and all processes it has started in turn."""

    def __init__(self, command: Sequence[str], folder: Path, port: int, **settings: str) -> None:
        self.url = f"http://localhost:{port}"
        self._outputs = folder / f"stdout-{port}", folder / f"stderr-{port}"
        with self._outputs[0].open("wb") as out, self._outputs[1].open("wb") as err:
            # A session of its own, so that all its processes can be found and none is left.
            self.process = subprocess.Popen(
                [*_dies_with_the_test_run(), *command],
                cwd=folder,
                env=environment(**settings),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Return the id of the process that was started; it leads the group."""
        return self.process.pid

    @property
    def stdout(self) -> str:
        """Return what was printed so far."""
        return self._outputs[0].read_text(errors="replace")

    @property
    def stderr(self) -> str:
        """Return what was complained of so far."""
        return self._outputs[1].read_text(errors="replace")

    def wait_until_it_answers(self) -> httpx.Response:
        """Wait for the first answer."""
        return wait_for(self._answer, "an answer")

    def processes(self) -> dict[int, float]:
        """Return the living processes of the session, each with the seconds of CPU it has used."""
        return {pid: seconds for pid, session, seconds in list_processes() if session == self.pid}

    def children(self) -> set[int]:
        """Return the living processes that the first one has started."""
        return set(self.processes()) - {self.pid}

    def wait_until_all_have_ended(self, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until no process of the session is left."""
        self.process.wait(PATIENCE_SECONDS)
        wait_for(lambda: not self.processes(), "every process to end", seconds)

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to every process of the group, as a terminal does at Ctrl-C."""
        os.killpg(self.pid, number)

    def kill(self) -> None:
        """End everything at once, as a power cut would."""
        for pid in (self.pid, *self.processes()):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.wait_until_all_have_ended()

    def _answer(self) -> httpx.Response | None:
        assert self.process.poll() is None, f"It ended: {self.stdout}{self.stderr}"
        try:
            return httpx.get(self.url, trust_env=False, timeout=PATIENCE_SECONDS)
        except httpx.TransportError:
            return None


def _dies_with_the_test_run() -> list[str]:
    # Where there is no setpriv, a server outlives a test run that is killed.
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL"] if setpriv else []


@contextmanager
def running(command: Sequence[str], folder: Path, port: int, **settings: str) -> Iterator[Running]:
    """Start a server; whatever is left of it at the end is killed."""
    server = Running(command, folder, port, **settings)
    try:
        yield server
    finally:
        server.kill()


def list_processes() -> Iterator[tuple[int, int, float]]:
    """Yield the id, the session and the seconds of CPU of every process that is alive."""
    ticks = os.sysconf("SC_CLK_TCK")
    for path in PROC.glob("[0-9]*/stat"):
        try:
            # The name stands in parentheses and may hold anything.
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # It ended in the meantime.
        state, session = fields[0], int(fields[3])
        if state not in "ZX":
            yield int(path.parent.name), session, (int(fields[11]) + int(fields[12])) / ticks
