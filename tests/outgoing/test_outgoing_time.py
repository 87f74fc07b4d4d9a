"""A fetch ends in time, wherever it is slow."""

import socket
import threading
import time
from typing import Any

import pytest

from microblog.outgoing import OutgoingError
from tests.outgoing.internet import Answer, Handler, OtherServer, get, redirect_to


def drip_body(handler: Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.drip(b"a")


def drip_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    handler.drip(b"X-A: b\r\n")


def drip_hints(handler: Handler) -> None:
    handler.drip(b"HTTP/1.1 103 Early Hints\r\n\r\n")


def never_answer(handler: Handler) -> None:
    handler.server.hung_up.wait(5)


@pytest.mark.parametrize("answer", [drip_body, drip_headers, drip_hints, never_answer])
def test_the_time_is_for_everything_together(server: OtherServer, answer: Answer) -> None:
    server.answers["/"] = answer
    server.answers["/start"] = redirect_to("/")
    started = time.monotonic()
    with pytest.raises(OutgoingError, match="timeout"):
        get(server.url("/start"), timeout_seconds=0.4)
    assert 0.3 < time.monotonic() - started < 2


def test_a_slow_name_server_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    is_over = threading.Event()

    def getaddrinfo(*_: Any, **__: Any) -> list[Any]:
        is_over.wait(5)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    started = time.monotonic()
    with pytest.raises(OutgoingError, match="timeout"):
        get("http://slow.example/", timeout_seconds=0.3)
    assert time.monotonic() - started < 2
    is_over.set()
