"""Identifiers: 64-bit, ordered by time, made without asking anyone.

An id holds, from the highest bit down: milliseconds since EPOCH (42 bits, enough until 2163), the
tag of the process that made it (10 bits), and a sequence number within the millisecond (11 bits).
Two processes never share a tag, so they never make the same id; within a process ids only rise,
also when the clock steps back.
"""

import fcntl
import random
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
TAG_BITS = 10
SEQUENCE_BITS = 11
PROCESS_TAG_BITS = 6  # The rest of the tag tells machines apart.
MAX_ID = 2**63 - 1

_EPOCH_MS = int(EPOCH.timestamp() * 1000)
_TIME_SHIFT = TAG_BITS + SEQUENCE_BITS


class Generator:
    """Makes ids for one process. Safe to share between threads."""

    def __init__(self, tag: int) -> None:
        self._tag = tag << SEQUENCE_BITS
        self._last = 0
        self._lock = threading.Lock()

    def new(self) -> int:
        """Make an id that is higher than every id this generator made before."""
        floor = (int(time.time() * 1000) - _EPOCH_MS) << _TIME_SHIFT | self._tag
        with self._lock:
            self._last = floor if floor > self._last else self._successor()
            return self._last

    def _successor(self) -> int:
        # When the sequence of this millisecond is used up, the next one is borrowed.
        following = self._last + 1
        if following >> SEQUENCE_BITS == self._last >> SEQUENCE_BITS:
            return following
        return ((self._last >> _TIME_SHIFT) + 1) << _TIME_SHIFT | self._tag


_tag = random.getrandbits(TAG_BITS)
_generator = Generator(_tag)
_claim: IO[bytes] | None = None


def new() -> int:
    """Make a new id."""
    return _generator.new()


def claim_tag(folder: Path, machine: int = 0) -> None:
    """Take a process tag that no other living process of this machine holds.

    The claim is a lock on a file in `folder`; the kernel gives it back when the process ends,
    however it ends. `machine` (0 to 15) keeps several machines on one database apart.
    """
    global _claim, _generator, _tag
    folder.mkdir(parents=True, exist_ok=True)
    for tag in range(1 << PROCESS_TAG_BITS):
        claim = (folder / f"{tag:02}.lock").open("ab")
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            claim.close()
            continue
        _claim, previous = claim, _claim
        _tag = machine << PROCESS_TAG_BITS | tag
        _generator = Generator(_tag)
        if previous is not None:
            previous.close()
        return
    raise RuntimeError(f"All {1 << PROCESS_TAG_BITS} process tags in {folder} are taken.")


def process_tag() -> int:
    """Return what tells this process from every other one that runs now."""
    return _tag


def at(moment: datetime, sequence: int = 0) -> int:
    """Make the id of a past moment, for data brought in; `sequence` runs from 0 to 2**21 - 1."""
    milliseconds = (moment - EPOCH) // timedelta(milliseconds=1)
    return milliseconds << _TIME_SHIFT | sequence


def distance(duration: timedelta) -> int:
    """Return how far apart ids are that were made that long after each other."""
    return (duration // timedelta(milliseconds=1)) << _TIME_SHIFT


def time_of(id_: int) -> datetime:
    """Return the moment at which an id was made, to the millisecond."""
    return EPOCH + timedelta(milliseconds=id_ >> _TIME_SHIFT)


def parse(text: str | None) -> int | None:
    """Read an id from the outside world: None for whatever cannot be one."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 19:
        return None
    number = int(text)
    return number if number <= MAX_ID else None
