"""Measuring requests: what they cost the server, and how long the client waited."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench import processes
from bench.load import Ask, Load, load
from bench.server import Server


@dataclass(frozen=True)
class Figures:
    """What a number of requests came to."""

    cpu_ms: float
    requests_per_second: float
    p50_ms: float
    p99_ms: float
    size_bytes: int


@dataclass(frozen=True)
class Target:
    """Requests for one server; `asks` makes them, others for each number."""

    server: Server
    asks: Callable[[int], Sequence[Ask]]
    expected: int = 200
    # Which process's time counts; by default that of the server with all it started.
    cpu_seconds: Callable[[], float] | None = None

    def measure(self, number: int) -> "Round":
        """Send the requests of that number and see what they cost."""
        asks = self.asks(number)
        began = self._cpu_seconds()
        result = load(self.server.port, asks, expected=self.expected)
        return Round(self._cpu_seconds() - began, result)

    def _cpu_seconds(self) -> float:
        if self.cpu_seconds is not None:
            return self.cpu_seconds()
        return processes.tree_cpu_seconds(self.server.pid)


@dataclass(frozen=True)
class Round:
    """One measurement of one target."""

    cpu_seconds: float
    load: Load


def compare(targets: Sequence[Target], rounds: int) -> list[Figures]:
    """Measure targets in turn, so that whatever slows this machine down slows down all of them."""
    measured: list[list[Round]] = [[] for _ in targets]
    for number in range(rounds):
        for target, found in zip(targets, measured, strict=True):
            found.append(target.measure(number))
    return [figures(found) for found in measured]


def figures(rounds: Sequence[Round]) -> Figures:
    """Return the median of the rounds, and the waiting over all of them."""
    waits = sorted(wait for found in rounds for wait in found.load.latencies_seconds)
    return Figures(
        cpu_ms=statistics.median(1000 * r.cpu_seconds / r.load.count for r in rounds),
        requests_per_second=statistics.median(r.load.count / r.load.seconds for r in rounds),
        p50_ms=1000 * percentile(waits, 50),
        p99_ms=1000 * percentile(waits, 99),
        size_bytes=sum(r.load.received_bytes for r in rounds) // len(waits),
    )


def percentile(ordered: Sequence[float], percent: int) -> float:
    """Return the value that so many percent of the ordered ones do not exceed."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
