"""Heavy work, one at a time in each process: hashing a password, decoding an image.

And waiting for other servers, of which only a few threads are free to do that.

Whoever finds the slot taken is turned away at once rather than queued, so that a burst of sign-ins
never stands before the people who read.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from microblog import cores

RETRY_AFTER_SECONDS = 2
# Of the threads of a process, so that the others go on.
_WAITING_THREADS = 2


class NoCapacity(Exception):
    """The slot is taken; try again in RETRY_AFTER_SECONDS."""


_slot = threading.Lock()
_waiting = threading.BoundedSemaphore(_WAITING_THREADS)


def refuse_when_taken() -> None:
    """Turn somebody away before anything is done for them. **Raises** NoCapacity."""
    if _slot.locked():
        raise NoCapacity


@contextmanager
def heavy_work() -> Iterator[None]:
    """Hold the slot. **Raises** NoCapacity at once when another thread holds it."""
    if not _slot.acquire(blocking=False):
        raise NoCapacity
    try:
        with cores.elsewhere():
            yield
    finally:
        _slot.release()


@contextmanager
def waiting_for_others() -> Iterator[None]:
    """Wait for another server. **Raises** NoCapacity at once when enough threads do so."""
    if not _waiting.acquire(blocking=False):
        raise NoCapacity
    try:
        yield
    finally:
        _waiting.release()
