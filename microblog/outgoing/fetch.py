"""Get one document, or ask a service one thing, within the bytes and seconds one is ready to spend.

httpx knows only a timeout for each read, therefore the connection is made by what lies under it,
httpcore, with a backend of ours. Nothing is remembered from one fetch to the next: no cookies, no
open connections; and no proxy of the environment is asked.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import httpcore
import httpx

from microblog.outgoing.addresses import is_public
from microblog.outgoing.tls import trusted_certificates
from microblog.outgoing.wire import Deadline, Forbidden, GuardedBackend

USER_AGENT = "Microblog"
MAX_REDIRECTS = 3
MAX_URL_LENGTH = 8_000

_MAX_PORT = 65_535
_REDIRECTS = {301, 302, 303, 307, 308}
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32

Code = Literal["refused", "unreachable", "too_large", "status", "timeout"]


class OutgoingError(Exception):
    """There is no document to be had; `code` says why, and with `status` there is a `status`."""

    def __init__(self, code: Code, status: int | None = None) -> None:
        super().__init__(code if status is None else f"{code} {status}")
        self.code: Code = code
        self.status = status


@dataclass(frozen=True)
class Fetched:
    """What the other server answered; `content_type` is as sent, or empty."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True)
class _Limits:
    max_bytes: int
    deadline: Deadline
    accept: str
    trusted_host: str | None


def fetch(
    url: str, *, max_bytes: int, timeout_seconds: float, accept: str, allow_private: bool = False
) -> Fetched:
    """Get a document, following up to MAX_REDIRECTS redirects.

    With `allow_private` the host of the URL, and no other, may be in our own network: the operator
    named it.

    **Units**: `max_bytes` counts the body unpacked; `timeout_seconds` is for everything together.
    **Raises** OutgoingError: `refused` by us (scheme, address, redirects), `unreachable`,
    `too_large`, `status` (any but 2xx), `timeout`.
    """
    target = _parse(url)
    trusted_host = target.host if allow_private else None
    limits = _Limits(max_bytes, Deadline(timeout_seconds), accept, trusted_host)
    with _in_our_words():
        for _ in range(MAX_REDIRECTS + 1):
            answer = _get(target, limits)
            if isinstance(answer, Fetched):
                return answer
            target = _parse(answer, target)
    raise OutgoingError("refused")


def ask(
    url: str,
    question: Any,
    *,
    headers: Mapping[str, str],
    max_bytes: int,
    timeout_seconds: float,
) -> Fetched:
    """Post JSON to a service that the operator named, wherever it is; return what it answers.

    Whatever the status, the answer is the service's: redirects are not followed.
    **Units**: as with `fetch`. **Raises** OutgoingError: `refused`, `unreachable`, `too_large`,
    `timeout`.
    """
    target = _parse(url)
    limits = _Limits(max_bytes, Deadline(timeout_seconds), "application/json", target.host)
    content = json.dumps(question).encode()
    sent = [("Content-Type", "application/json"), ("Content-Length", str(len(content)))]
    with (
        _in_our_words(),
        _exchange("POST", target, limits, [*sent, *headers.items()], content) as (
            response,
            received,
        ),
    ):
        body = _read(response.iter_stream(), received.get(b"content-encoding", ""), limits)
        return Fetched(response.status, received.get(b"content-type", ""), body)


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Say what went wrong by our own codes."""
    try:
        yield
    except (httpcore.TimeoutException, TimeoutError):
        raise OutgoingError("timeout") from None
    except (httpcore.NetworkError, httpcore.ProtocolError, zlib.error) as error:
        raise OutgoingError("unreachable") from error
    except Forbidden as error:
        raise OutgoingError("refused") from error


def _parse(location: str, base: httpx.URL | None = None) -> httpx.URL:
    """Read a URL that may come from anybody."""
    if len(location) > MAX_URL_LENGTH:
        raise OutgoingError("refused")
    try:
        url = base.join(location) if base else httpx.URL(location)
    except (httpx.InvalidURL, ValueError) as error:
        raise OutgoingError("refused") from error
    is_of_the_web = url.scheme in {"http", "https"} and url.host and not url.userinfo
    if not is_of_the_web or (url.port is not None and not 0 < url.port <= _MAX_PORT):
        raise OutgoingError("refused")
    return url


def _get(url: httpx.URL, limits: _Limits) -> Fetched | str:
    """Make one request; the answer is a document, or the place of a redirect."""
    with _exchange("GET", url, limits) as (response, headers):
        if response.status in _REDIRECTS and b"location" in headers:
            return headers[b"location"]
        if not 200 <= response.status < 300:
            raise OutgoingError("status", response.status)
        body = _read(response.iter_stream(), headers.get(b"content-encoding", ""), limits)
        return Fetched(response.status, headers.get(b"content-type", ""), body)


@contextmanager
def _exchange(
    method: str,
    url: httpx.URL,
    limits: _Limits,
    headers: Sequence[tuple[str, str]] = (),
    content: bytes | None = None,
) -> Iterator[tuple[httpcore.Response, dict[bytes, str]]]:
    """Send one request; give its answer, whose body is still to be read, and the headers."""
    is_trusted = url.host == limits.trusted_host
    backend = GuardedBackend(limits.deadline, lambda address: is_trusted or is_public(address))
    context = trusted_certificates() if url.scheme == "https" else None
    target = httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )
    with (
        httpcore.ConnectionPool(ssl_context=context, network_backend=backend) as pool,
        pool.stream(
            method, target, headers=[*_headers(url, limits), *headers], content=content
        ) as response,
    ):
        yield (
            response,
            {name.lower(): value.decode("latin-1") for name, value in response.headers},
        )


def _headers(url: httpx.URL, limits: _Limits) -> list[tuple[str, str]]:
    return [
        ("Host", url.netloc.decode("ascii")),
        ("Accept", limits.accept),
        ("Accept-Encoding", "gzip"),
        ("Connection", "close"),
        ("User-Agent", USER_AGENT),
    ]


def _read(chunks: Iterable[bytes], encoding: str, limits: _Limits) -> bytes:
    """Read and unpack the body, never holding more than the caller allows."""
    unpacker = _choose_unpacker(encoding.strip().lower())
    body = bytearray()
    received = 0
    for chunk in chunks:
        received += len(chunk)
        room = limits.max_bytes + 1 - len(body)
        body += unpacker.decompress(chunk, room) if unpacker else chunk
        # What unpacks to nothing is counted too, else it could go on until the time is up.
        if max(received, len(body)) > limits.max_bytes:
            raise OutgoingError("too_large")
    if unpacker and received and not unpacker.eof:
        raise OutgoingError("unreachable")
    return bytes(body)


def _choose_unpacker(encoding: str) -> "zlib._Decompress | None":
    if encoding in {"", "identity"}:
        return None
    if encoding in {"gzip", "x-gzip", "deflate"}:
        return zlib.decompressobj(_GZIP_OR_ZLIB)
    # It was not asked for.
    raise OutgoingError("unreachable")
