"""Reading pages: signed in, in random order, beside the floor and on every size of data."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from bench import request_log
from bench.data import Community
from bench.load import Ask, load
from bench.measuring import Figures, Target, compare
from bench.pages import Sights, asks, sights
from bench.plan import Plan
from bench.server import Server, serve, serve_floor

# Seeds of the passes that come before the rounds, which are numbered from 0.
_COLD, _WARM_UP = -2, -1
# Enough to bring the cards of every reader in.
_WARM_UPS = 6
_COUNTED = 20
# Pages that are compared with the home page.
BESIDE_HOME = ("far", "arabic")


@dataclass(frozen=True)
class PageFigures:
    """A page on one size of data: warm, and just after the start."""

    warm: Figures
    cold: Figures
    statements: int


@dataclass(frozen=True)
class Reading:
    """A page on every size of data, by the size's name, and what it is compared with."""

    page: str
    floor: Figures
    by_size: Mapping[str, PageFigures]
    # The home page as most see it, measured in the same rounds.
    home: Figures | None = None


def read(page: str, communities: Sequence[Community], plan: Plan) -> Reading:
    """Measure a page on servers that have just been started."""
    with ExitStack() as stack:
        servers = [stack.enter_context(serve(community.folder)) for community in communities]
        seen = [sights(community.db, community.readers) for community in communities]
        cold = [_cold(page, *pair, plan) for pair in zip(servers, seen, strict=True)]
        for server, what in zip(servers, seen, strict=True):
            _warm_up(page, server, what, plan)
        floor = stack.enter_context(serve_floor(cold[0].size_bytes))
        targets = [
            Target(floor, partial(_floor_asks, seen[0], plan.requests)),
            *(_target(page, *pair, plan) for pair in zip(servers, seen, strict=True)),
        ]
        if page in BESIDE_HOME:
            _warm_up("home", servers[0], seen[0], plan)
            targets.append(_target("home", servers[0], seen[0], plan))
        warm = compare(targets, plan.rounds)
        counted = [_statements(page, *pair) for pair in zip(servers, seen, strict=True)]
    found = [PageFigures(*each) for each in zip(warm[1:], cold, counted, strict=False)]
    by_size = {
        community.size.name: each for community, each in zip(communities, found, strict=True)
    }
    return Reading(page, warm[0], by_size, warm[-1] if page in BESIDE_HOME else None)


def _cold(page: str, server: Server, seen: Sights, plan: Plan) -> Figures:
    target = Target(server, lambda _: asks(page, seen, plan.cold_requests, seed=_COLD))
    return compare([target], 1)[0]


def _warm_up(page: str, server: Server, seen: Sights, plan: Plan) -> None:
    load(server.port, asks(page, seen, plan.requests * _WARM_UPS, seed=_WARM_UP))


def _target(page: str, server: Server, seen: Sights, plan: Plan) -> Target:
    return Target(server, lambda number: asks(page, seen, plan.requests, seed=number))


def _floor_asks(seen: Sights, count: int, number: int) -> Sequence[Ask]:
    """Return requests that look like those for a page, cookies included."""
    return [ask._replace(path="/") for ask in asks("home", seen, count, seed=number)]


def _statements(page: str, server: Server, seen: Sights) -> int:
    """Return the most statements that a request for the page took, as the server's log says."""
    load(server.port, asks(page, seen, _COUNTED), connections=1)
    return max(request_log.last_statements(server, _COUNTED))
