"""How a request gets in: with its body whole, and with room left for those who send none.

A thread that waits for a sender can do nothing else, and no sender has to hurry. Without a limit a
handful of them, sending a byte a minute, would hold every thread of the server.
"""

import threading
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from microblog.web.headers import WsgiApp

# In the environment of a request whose body was not read: too many were being read.
WITHOUT_BODY = "microblog.without_body"
_WITHOUT_BODY = ("GET", "HEAD", "OPTIONS")


class Admission:
    """A WSGI application that reads the bodies of so many requests at a time, and no more.

    Of large ones it reads one at a time: they are kept in memory.
    """

    def __init__(
        self,
        app: WsgiApp,
        *,
        max_bodies: int,
        max_body_bytes: Callable[[str], int],
        large_bytes: int,
    ) -> None:
        self._app = app
        self._room = threading.BoundedSemaphore(max_bodies)
        self._room_for_large = threading.BoundedSemaphore(1)
        self._max_body_bytes = max_body_bytes
        self._large_bytes = large_bytes

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in _WITHOUT_BODY:
            self._read_body(environ)
        return self._app(environ, start_response)

    def _read_body(self, environ: dict[str, Any]) -> None:
        length = environ.get("CONTENT_LENGTH", "")
        # What is no number, or too large, is refused later without having been read.
        if not (length.isascii() and length.isdecimal()):
            return
        size_bytes = int(length)
        if size_bytes > self._max_body_bytes(environ.get("PATH_INFO", "")):
            return
        room = self._room_for_large if size_bytes > self._large_bytes else self._room
        if not room.acquire(blocking=False):
            environ[WITHOUT_BODY] = True
            return
        try:
            environ["wsgi.input"] = BytesIO(_read(environ["wsgi.input"], size_bytes))
        finally:
            room.release()


def _read(stream: Any, length: int) -> bytes:
    """Return as many bytes as were announced, or fewer when the sender goes away."""
    parts, missing = [], length
    while missing and (part := stream.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
