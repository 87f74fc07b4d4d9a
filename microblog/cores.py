"""Where a web worker runs: on a processor core of its own.

Python's threads hand the interpreter to one another at every row that SQLite finds. On one core
that is next to free. Across cores each time wakes the other core up, and so a page took twice as
long, measured, as soon as a second thread had anything to do.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

# Holds the claim for as long as this process lives; the kernel gives it back, however it ends.
_claim: socket.socket | None = None
_own: set[int] = set()
_all: set[int] = set()


def settle() -> None:
    """Keep this process to a core that no other web worker of this machine has; or leave it be.

    Nothing happens where there is no free core, and on systems other than Linux.
    """
    if not hasattr(os, "sched_setaffinity"):
        return
    global _all, _own
    allowed = os.sched_getaffinity(0)
    for core in sorted(allowed):
        if _take(core):
            _own, _all = {core}, allowed
            os.sched_setaffinity(0, _own)
            # A thread that wakes up then waits until the running one has come to a stop.
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
            return


@contextmanager
def elsewhere() -> Iterator[None]:
    """Let this thread run on the other cores meanwhile: for work that needs no interpreter."""
    if not _own:
        yield
        return
    os.sched_setaffinity(0, _all - _own or _all)
    try:
        yield
    finally:
        os.sched_setaffinity(0, _own)


def _take(core: int) -> bool:
    """Claim a core by a name in the kernel, of which there is one on the machine."""
    global _claim
    claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        claim.bind(f"\0microblog-core-{core}")
    except OSError:
        claim.close()
        return False
    _claim = claim
    return True
