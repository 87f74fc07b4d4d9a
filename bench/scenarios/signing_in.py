"""Fifty people who log in at once, beside people who read."""

import asyncio
import re
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass

from bench import cast
from bench.data import Community
from bench.load import Ask, Load, UnexpectedStatus, connect, load, load_beside
from bench.measuring import percentile
from bench.pages import asks, sights
from bench.plan import Plan
from bench.server import serve

_SIGNED_IN, _BUSY = 303, 503
_TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
_COOKIE = re.compile(rb"\r\nset-cookie: (session=[^;]+)", re.IGNORECASE)
_RETRY_AFTER = re.compile(rb"\r\nretry-after: (\d+)\r\n", re.IGNORECASE)
# More than can be read.
_PAGES_PER_SECOND = 4000


@dataclass(frozen=True)
class SigningIn:
    """How long readers waited, and how many logins were done, alone and beside each other."""

    alone_p99_ms: float
    patient: "Beside"
    impatient: "Beside"


@dataclass(frozen=True)
class Beside:
    """Reading and logging in at once."""

    p50_ms: float
    p99_ms: float
    pages_per_second: float
    logins_per_second: float
    refusals_per_second: float


def sign_in(community: Community, plan: Plan) -> SigningIn:
    """Read the home page beside fifty people who log in, one after the other, all the time.

    When they are refused, patient ones wait as long as the answer says, the others do not.
    """
    seen = sights(community.db, community.readers)
    with serve(community.folder) as server:
        load(server.port, asks("home", seen, plan.requests * 3))
        alone = load(server.port, asks("home", seen, plan.requests, seed=1))
        count = int(_PAGES_PER_SECOND * plan.logins_seconds)
        pages = [ask.encode(server.port) for ask in asks("home", seen, count, seed=2)]
        beside = [
            asyncio.run(_read_beside(server.port, pages, plan.logins_seconds, is_patient=patient))
            for patient in (True, False)
        ]
    return SigningIn(1000 * percentile(sorted(alone.latencies_seconds), 99), *beside)


async def _read_beside(
    port: int, pages: Sequence[bytes], seconds: float, *, is_patient: bool
) -> Beside:
    forms = await asyncio.gather(*(_open_form(port, name) for name in cast.LOGINS))
    deadline = time.monotonic() + seconds
    queue = deque(pages)
    answers: Counter[int] = Counter()

    async def log_in() -> None:
        await asyncio.gather(
            *(_log_in(port, form, deadline, answers, is_patient) for form in forms)
        )
        # The reading ends when the logging in does.
        queue.clear()

    reading, _ = await asyncio.gather(load_beside(port, queue), log_in())
    return _beside(reading, answers, seconds)


async def _open_form(port: int, name: str) -> bytes:
    """Open the form, and return the request that sends it filled in."""
    async with connect(port) as connection:
        page = await connection.send(Ask("/auth/login").encode(port))
    token, cookie = _TOKEN.search(page.body), _COOKIE.search(page.head)
    if token is None or cookie is None:
        raise UnexpectedStatus(f"/auth/login answered {page.status} without a form.")
    form = {"csrf_token": token[1].decode(), "identifier": name, "password": cast.PASSWORD}
    return Ask("/auth/login", cookie[1].decode(), form).encode(port)


async def _log_in(
    port: int, form: bytes, deadline: float, answers: Counter[int], is_patient: bool
) -> None:
    async with connect(port) as connection:
        while time.monotonic() < deadline:
            answer = await connection.send(form)
            if answer.status not in (_SIGNED_IN, _BUSY):
                raise UnexpectedStatus(f"A login answered {answer.status}.")
            answers[answer.status] += 1
            found = _RETRY_AFTER.search(answer.head)
            if is_patient and found is not None:
                await asyncio.sleep(min(int(found[1]), max(0.0, deadline - time.monotonic())))


def _beside(reading: Load, answers: Counter[int], seconds: float) -> Beside:
    waits = sorted(reading.latencies_seconds)
    return Beside(
        p50_ms=1000 * percentile(waits, 50),
        p99_ms=1000 * percentile(waits, 99),
        pages_per_second=reading.count / reading.seconds,
        logins_per_second=answers[_SIGNED_IN] / seconds,
        refusals_per_second=answers[_BUSY] / seconds,
    )
