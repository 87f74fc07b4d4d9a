"""Publishing: what it costs the request, and how fast the post comes to the followers."""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from sqlalchemy import func, select

from bench import cast, processes, request_log
from bench.data import Community
from bench.load import Ask, load
from bench.measuring import Figures, Target, compare
from bench.plan import Plan
from bench.readers import Reader
from bench.server import Server, serve
from microblog.db import Database
from microblog.domain import accounts
from microblog.models import OutboxEvent, Post, TimelineEntry

_TEXT = "Number {number}: the harvest is in, and @bench_quiet tells of it at #measuring"
_SEE_OTHER = 303
_LOOK_SECONDS = 0.005
_IDLE_SECONDS = 0.3
_PATIENCE_SECONDS = 120.0


@dataclass(frozen=True)
class Publishing:
    """One request with many followers and with few; then the delivery by the job worker."""

    followers: int
    famous: Figures
    quiet: Figures
    statements: int
    delivered_rows: int
    delivery_seconds: float
    delivery_cpu_seconds: float
    idle_seconds: Sequence[float]

    @property
    def rows_per_second(self) -> float:
        """Return how many timeline rows the job worker writes in a second."""
        return self.delivered_rows / self.delivery_seconds

    @property
    def rows_per_cpu_second(self) -> float:
        """Return how many timeline rows it writes in a second of its processor time."""
        return self.delivered_rows / self.delivery_cpu_seconds


def publish(community: Community, plan: Plan) -> Publishing:
    """Let our people publish on a server that has just been started."""
    db = community.db
    with serve(community.folder) as server:
        load(server.port, _asks(community.quiet, 20, -1), expected=_SEE_OTHER)
        famous, quiet = compare(
            [_target(server, author, plan) for author in (community.famous, community.quiet)],
            max(1, plan.rounds // 2),
        )
        statements = max(request_log.last_statements(server, plan.posts))
        _wait_until_delivered(db)
        rows, seconds, cpu = _deliver(server, community, plan)
        idle = [_time_to_followers(server, community, number) for number in range(plan.idle_posts)]
    with db.read() as session:
        followers = accounts.get_by_username(session, cast.FAMOUS).followers_count
    return Publishing(followers, famous, quiet, statements, rows, seconds, cpu, sorted(idle))


def _target(server: Server, author: Reader, plan: Plan) -> Target:
    web = server.process("web")
    return Target(
        server,
        partial(_asks, author, plan.posts),
        expected=_SEE_OTHER,
        cpu_seconds=lambda: processes.cpu_seconds(web),
    )


def _asks(author: Reader, count: int, number: int) -> list[Ask]:
    """Return forms as a browser sends them; each has a key of its own."""
    return [
        Ask(
            "/posts",
            author.cookie,
            {
                "csrf_token": author.csrf_token,
                "key": f"bench-{author.viewer.id}-{number}-{position}-{time.time_ns()}",
                "text": _TEXT.format(number=position),
            },
        )
        for position in range(count)
    ]


def _deliver(server: Server, community: Community, plan: Plan) -> tuple[int, float, float]:
    """Let posts pile up, then see the job worker deliver them: rows, seconds, its own seconds."""
    jobs = server.process("jobs")
    before = _count_entries(community)
    with _held(jobs):
        load(server.port, _asks(community.famous, plan.deliveries, -2), expected=_SEE_OTHER)
        own = _count_entries(community) - before
        cpu = processes.cpu_seconds(jobs)
        began = time.perf_counter()
    _wait_until_delivered(community.db)
    seconds = time.perf_counter() - began
    cpu = processes.cpu_seconds(jobs) - cpu
    return _count_entries(community) - before - own, seconds, cpu


@contextmanager
def _held(pid: int) -> Iterator[None]:
    """Hold a process still, so that work piles up before it."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def _time_to_followers(server: Server, community: Community, number: int) -> float:
    """Publish while nothing else happens; return the seconds until all followers have the post."""
    time.sleep(_IDLE_SECONDS)
    load(server.port, _asks(community.famous, 1, number), connections=1, expected=_SEE_OTHER)
    began = time.perf_counter()
    _wait_until_delivered(community.db)
    return time.perf_counter() - began


def _wait_until_delivered(db: Database) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with db.read() as session:
            if session.scalar(select(OutboxEvent.id).limit(1)) is None:
                return
        time.sleep(_LOOK_SECONDS)
    raise RuntimeError("The job worker does not get to the end of the outbox.")


def _count_entries(community: Community) -> int:
    """Count the timeline entries of the famous one's posts."""
    entries = (
        select(func.count())
        .select_from(TimelineEntry)
        .join(Post, Post.id == TimelineEntry.post_id)
        .where(Post.account_id == community.famous.viewer.id)
    )
    with community.db.read() as session:
        return session.scalar(entries) or 0
