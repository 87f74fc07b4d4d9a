"""Keep one throw-away server for as long as the process that asked for it lives.

Run as a script with a Job in its only argument. It is a process of its own, because a test run
that is killed can neither end its servers nor remove their folders. It watches two things: a pipe
from the test run, which says that the run is over or closes with it, and its own parent, because
a child that the test run forked may hold that pipe open.
"""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

PATIENCE_SECONDS = 5.0
_LOOK_EVERY_SECONDS = 0.05


@dataclass(frozen=True)
class Job:
    """What to run in `folder`: `prepare` to its end (when it is not empty), then `serve`."""

    folder: str
    prepare: list[str]
    serve: list[str]
    stop_signal: str
    user: str | None

    def command(self) -> list[str]:
        """Return the command line that has a keeper of its own do this job."""
        return [sys.executable, "-I", "-S", __file__, json.dumps(asdict(self))]


def keep(job: Job) -> int:
    """Run the job until it ends by itself or nobody needs it; return its exit status."""
    parent = os.getppid()
    status = 0
    with (Path(job.folder) / "log").open("ab") as log:
        for command in filter(None, (job.prepare, job.serve)):
            process = _start(command, job, log)
            while (ended := process.poll()) is None:
                if _is_abandoned(parent):
                    _stop(process, signal.Signals[job.stop_signal])
                    _remove(Path(job.folder))
                    return 0
            status = ended
            if status != 0:
                break
    return status


def _start(command: list[str], job: Job, log: IO[bytes]) -> subprocess.Popen[bytes]:
    # A keeper that is killed takes its server with it. The signal follows the death of the thread
    # that forked, so the keeper has one thread only.
    setpriv = shutil.which("setpriv")
    dies_too = [setpriv, "--pdeathsig", job.stop_signal.removeprefix("SIG")] if setpriv else []
    process = subprocess.Popen(
        [*dies_too, *command],
        cwd=job.folder,
        env={**os.environ, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        user=job.user,
        group=job.user,
        extra_groups=None if job.user is None else [],
    )
    (Path(job.folder) / "pids").write_text(f"{os.getpid()} {process.pid}")
    return process


def _is_abandoned(parent: int) -> bool:
    told, _, _ = select.select([sys.stdin], [], [], _LOOK_EVERY_SECONDS)
    return bool(told) or os.getppid() != parent


def _stop(process: subprocess.Popen[bytes], stop_signal: signal.Signals) -> None:
    os.killpg(process.pid, stop_signal)
    try:
        process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _remove(folder: Path) -> None:
    # The server's own children may write for a moment after it is gone.
    deadline = time.monotonic() + PATIENCE_SECONDS
    while folder.exists() and time.monotonic() < deadline:
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(_LOOK_EVERY_SECONDS)


if __name__ == "__main__":
    sys.exit(keep(Job(**json.loads(sys.argv[1]))))
