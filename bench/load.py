"""A small HTTP/1.1 client: it shares the processor with the server, so it does little."""

import asyncio
import re
import time
from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from bench.readers import AGENT

CONNECTIONS = 4
# A server that hangs ends the benchmark.
_TIMEOUT_SECONDS = 30.0
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


# What a browser wishes for that is set up in English.
ENGLISH = "en-US,en;q=0.5"


class Ask(NamedTuple):
    """One request: an address, the cookies that go with it, a POST's form, the languages."""

    path: str
    cookie: str = ""
    form: Mapping[str, str] | None = None
    languages: str = ENGLISH

    def encode(self, port: int) -> bytes:
        """Return the request as a browser sends it."""
        lines = [
            f"{'GET' if self.form is None else 'POST'} {self.path} HTTP/1.1",
            f"Host: localhost:{port}",
            f"User-Agent: {AGENT}",
            "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            f"Accept-Language: {self.languages}",
            "Accept-Encoding: gzip, deflate, br, zstd",
            "Connection: keep-alive",
        ]
        if self.cookie:
            lines.append(f"Cookie: {self.cookie}")
        body = b""
        if self.form is not None:
            body = urlencode(self.form).encode()
            lines.append("Content-Type: application/x-www-form-urlencoded")
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode() + body


class Answer(NamedTuple):
    """What came back."""

    status: int
    head: bytes
    body: bytes


class UnexpectedStatus(Exception):
    """An answer that makes the measurement worthless."""


@dataclass(frozen=True)
class Load:
    """What a client saw: how long all of it took, and each answer."""

    seconds: float
    latencies_seconds: Sequence[float]
    received_bytes: int

    @property
    def count(self) -> int:
        """Return how many answers there were."""
        return len(self.latencies_seconds)


class Connection:
    """One connection that is kept open between requests."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, request: bytes) -> Answer:
        """Send a request and return its answer."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        found = _LENGTH.search(head)
        body = await self._reader.readexactly(int(found[1])) if found else b""
        return Answer(int(head[9:12]), head, body)


@asynccontextmanager
async def connect(port: int) -> AsyncIterator[Connection]:
    """Connect to a server of this machine."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Connection(reader, writer)
    finally:
        writer.close()
        await writer.wait_closed()


def load(
    port: int, asks: Iterable[Ask], *, connections: int = CONNECTIONS, expected: int = 200
) -> Load:
    """Send the requests over a few connections. **Raises** UnexpectedStatus at the first one."""
    requests = deque(ask.encode(port) for ask in asks)
    return asyncio.run(
        asyncio.wait_for(
            load_beside(port, requests, connections=connections, expected=expected),
            _TIMEOUT_SECONDS + len(requests),
        )
    )


async def load_beside(
    port: int, requests: "deque[bytes]", *, connections: int = CONNECTIONS, expected: int = 200
) -> Load:
    """Send requests until the queue is empty, beside whatever else runs in this loop."""
    latencies: list[float] = []
    sizes: list[int] = []

    async def work() -> None:
        async with connect(port) as connection:
            while requests:
                request = requests.popleft()
                began = time.perf_counter()
                answer = await connection.send(request)
                latencies.append(time.perf_counter() - began)
                sizes.append(len(answer.body))
                if answer.status != expected:
                    raise UnexpectedStatus(f"{_first_line(request)} answered {answer.status}.")

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(connections)))
    return Load(time.perf_counter() - began, latencies, sum(sizes))


def _first_line(request: bytes) -> str:
    return request.partition(b" HTTP/")[0].decode()
