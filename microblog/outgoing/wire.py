"""Connect to the very address that was checked, and end when the time is up."""

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

SocketOptions = Iterable[Any] | None


class Forbidden(Exception):
    """The host has no address that we connect to."""


class Deadline:
    """A moment after which nothing is waited for."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds that are left. **Raises** httpcore.ReadTimeout when none are."""
        seconds = self._at - time.monotonic()
        if seconds <= 0:
            raise httpcore.ReadTimeout("The time is up.")
        return seconds


class GuardedBackend(httpcore.NetworkBackend):
    """Resolves a name once, drops the addresses not allowed, and connects to one that is left.

    A name looked up again after the check could answer with another address (DNS rebinding).
    """

    def __init__(self, deadline: Deadline, is_allowed: Callable[[str], bool]) -> None:
        self._deadline = deadline
        self._is_allowed = is_allowed
        self._tcp = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: SocketOptions = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers, giving each its share of the time.

        **Raises**: Forbidden, httpcore.ConnectError, httpcore.TimeoutException.
        """
        found = _resolve(host, port, self._deadline)
        addresses = [address for address in found if self._is_allowed(address)]
        if not addresses:
            raise Forbidden(host)
        for left in range(len(addresses), 0, -1):
            share = self._deadline.remaining() / left
            try:
                stream = self._tcp.connect_tcp(addresses[-left], port, share)
                return TimedStream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if left == 1:
                    raise
        raise AssertionError("The last address either answered or failed.")


class TimedStream(httpcore.NetworkStream):
    """A connection on which every read and write waits no longer than the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come."""
        return self._stream.read(max_bytes, self._deadline.remaining())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of the buffer."""
        self._stream.write(buffer, self._deadline.remaining())

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Encrypt the connection, and check that the certificate is for the name asked for."""
        remaining = self._deadline.remaining()
        stream = self._stream.start_tls(ssl_context, server_hostname, remaining)
        return TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """Answer what httpcore asks about the socket."""
        return self._stream.get_extra_info(info)


def _resolve(host: str, port: int, deadline: Deadline) -> list[str]:
    """Look the name up in a thread of its own, because a lookup cannot be told when to end."""
    answers: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
    threading.Thread(target=_look_up, args=(host, port, answers), daemon=True).start()
    try:
        addresses = answers.get(timeout=deadline.remaining())
    except queue.Empty:
        raise httpcore.ConnectTimeout(f"Looking up {host} took too long.") from None
    if not addresses:
        raise httpcore.ConnectError(f"There is no address for {host}.")
    return addresses


def _look_up(host: str, port: int, answers: queue.SimpleQueue[list[str]]) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError):
        found = []
    answers.put(list(dict.fromkeys(str(address[0]) for *_, address in found)))
