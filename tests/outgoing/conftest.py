"""What the tests of outgoing requests may ask for beside what all may."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.outgoing.internet import NameServer, OtherServer


@pytest.fixture
def server() -> Iterator[OtherServer]:
    """Return a server of somebody else, which answers what the test puts there."""
    server = OtherServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.hung_up.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> NameServer:
    """Stand in for the name servers of the internet."""
    names = NameServer()
    original = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *args: Any, **options: Any) -> list[Any]:
        is_number = host.replace(".", "").isdigit()
        return (original if is_number else names.getaddrinfo)(host, port, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return names
