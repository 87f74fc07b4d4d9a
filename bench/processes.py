"""What a process and all it started use, as the kernel counts it (Linux)."""

import os
import time
from pathlib import Path

_PROC = Path("/proc")
_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
# In /proc/PID/stat, counted after the name: what its ended and awaited children used.
_CHILDREN_USER, _CHILDREN_SYSTEM = 13, 14


def tree(pid: int) -> list[int]:
    """Return a process and its living descendants."""
    found = [pid]
    for parent in found:
        for task in (_PROC / str(parent) / "task").glob("*/children"):
            found += map(int, _read(task).split())
    return found


def cpu_seconds(pid: int) -> float:
    """Return user and system time of one living process, its ended threads included."""
    # The kernel's clock of that process (see clock_getcpuclockid); it counts nanoseconds, where
    # /proc/PID/stat counts hundredths of a second.
    return time.clock_gettime(~pid << 3 | 2)


def tree_cpu_seconds(pid: int) -> float:
    """Return user and system time of a process and all it started; also of what ended since."""
    return sum(cpu_seconds(member) + _ended_children_seconds(member) for member in tree(pid))


def tree_pss_bytes(pid: int) -> int:
    """Return the memory of a process and all it started, what they share counted once."""
    return sum(pss_bytes(member) for member in tree(pid))


def pss_bytes(pid: int) -> int:
    """Return the memory of one process, with its part of what it shares with others."""
    for line in _read(_PROC / str(pid) / "smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError(f"The kernel does not tell the memory of process {pid}.")


def find_open_file(pid: int, pattern: str) -> Path | None:
    """Return the path of a file that a process has open, by the pattern of its name."""
    links = (_PROC / str(pid) / "fd").iterdir()
    return next((path for path in map(Path.readlink, links) if path.match(pattern)), None)


def _ended_children_seconds(pid: int) -> float:
    fields = _read(_PROC / str(pid) / "stat").rpartition(")")[2].split()
    return (int(fields[_CHILDREN_USER]) + int(fields[_CHILDREN_SYSTEM])) / _TICKS_PER_SECOND


def _read(path: Path) -> str:
    return path.read_text()
