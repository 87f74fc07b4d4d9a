"""The machine that measures: what it is, and how busy others keep it."""

import os
import platform
import time
from importlib.metadata import version
from pathlib import Path

import pysqlite3

from bench import processes

_PACKAGES = ("flask", "granian", "sqlalchemy")
_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
# In the first line of /proc/stat: time that no program used.
_IDLE, _WAITING = 3, 4
_QUIET_SHARE = 0.1
_LOOK_SECONDS = 1.0
_PATIENCE_SECONDS = 30.0


class Bystanders:
    """What the programs that are not ours have used since this was made."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._busy = _busy_seconds()
        self._own = processes.tree_cpu_seconds(os.getpid())

    def share(self) -> float:
        """Return how much of the processor they used, from 0 to 1."""
        own = processes.tree_cpu_seconds(os.getpid()) - self._own
        available = (time.monotonic() - self._began) * (os.cpu_count() or 1)
        return max(0.0, (_busy_seconds() - self._busy - own) / available)


def await_quiet() -> None:
    """Wait until other programs leave the processor alone, half a minute at most."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        others = Bystanders()
        time.sleep(_LOOK_SECONDS)
        if others.share() < _QUIET_SHARE:
            return


def describe() -> str:
    """Return what stands here, and the versions that count; no name and no path."""
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return (
        f"{os.cpu_count()} cores of {_processor()}, {_memory_gigabytes():.0f} GB, "
        f"Linux {platform.release().split('-')[0]}, Python {platform.python_version()}, "
        f"{packages}, SQLite {pysqlite3.sqlite_version}"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory_gigabytes() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def _busy_seconds() -> float:
    ticks = list(map(int, Path("/proc/stat").read_text().partition("\n")[0].split()[1:9]))
    return (sum(ticks) - ticks[_IDLE] - ticks[_WAITING]) / _TICKS_PER_SECOND
