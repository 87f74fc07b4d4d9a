"""The internet as these tests have it: other people's servers, and the names that lead there."""

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from microblog.outgoing import Fetched, fetch

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers each path with what the test put there."""

    protocol_version = "HTTP/1.1"
    server: "OtherServer"

    def do_GET(self) -> None:
        self.server.requests.append((self.path, dict(self.headers)))
        self.close_connection = True
        try:
            self.server.answers[self.path.partition("?")[0]](self)
        except OSError:
            # The client has hung up, which is what many of these tests are about.
            self.server.hung_up.set()

    def log_request(self, *_: object) -> None:
        """Say nothing."""

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def drip(self, piece: bytes) -> None:
        """Send the same piece for some seconds, or until nobody listens."""
        for _ in range(150):
            if self.server.hung_up.wait(0.02):
                break
            self.wfile.write(piece)


class OtherServer(ThreadingHTTPServer):
    """A server of somebody else, on a port of this machine."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Answer] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.hung_up = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that hangs up during the handshake is right to do so."""

    @property
    def port(self) -> int:
        return self.socket.getsockname()[1]

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.requests]


@dataclass
class NameServer:
    """Answers for the names of the test, one list of addresses after the other."""

    answers: dict[str, list[list[str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def getaddrinfo(self, host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        self.asked.append(host)
        if host not in self.answers:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        addresses = self.answers[host].pop(0)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in addresses]


def redirect_to(location: str) -> Answer:
    """Return what leads to somewhere else."""
    return lambda handler: handler.answer(302, Location=location)


def get(url: str, *, max_bytes: int = 10_000, timeout_seconds: float = 5) -> Fetched:
    """Fetch from a host that the operator named."""
    return fetch(
        url,
        max_bytes=max_bytes,
        timeout_seconds=timeout_seconds,
        accept="image/*",
        allow_private=True,
    )
