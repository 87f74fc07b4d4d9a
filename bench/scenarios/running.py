"""What it takes to have the server: the time until its first answer, and memory."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from bench import processes
from bench.data import Community
from bench.load import load
from bench.pages import asks, sights
from bench.plan import Plan
from bench.server import serve


@dataclass(frozen=True)
class Running:
    """Starts, in seconds, and memory before anything was read and after everything was."""

    start_seconds: Sequence[float]
    fresh_pss_bytes: int
    warm_pss_bytes: int
    web_pss_bytes: int
    jobs_pss_bytes: int

    @property
    def median_start_seconds(self) -> float:
        """Return the median of the starts."""
        return statistics.median(self.start_seconds)


def run(community: Community, plan: Plan) -> Running:
    """Start the server several times, the last time to read every page there is."""
    starts = []
    for _ in range(plan.starts - 1):
        with serve(community.folder) as server:
            starts.append(server.start_seconds)
    seen = sights(community.db, community.readers)
    with serve(community.folder) as server:
        fresh = processes.tree_pss_bytes(server.pid)
        for page in plan.pages:
            load(server.port, asks(page, seen, plan.requests * 3))
        return Running(
            start_seconds=[*starts, server.start_seconds],
            fresh_pss_bytes=fresh,
            warm_pss_bytes=processes.tree_pss_bytes(server.pid),
            web_pss_bytes=processes.pss_bytes(server.process("web")),
            jobs_pss_bytes=processes.pss_bytes(server.process("jobs")),
        )
