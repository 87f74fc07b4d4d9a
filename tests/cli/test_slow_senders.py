"""People who send their forms slowly, or never finish, do not keep the others from reading."""

import socket
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from tests.processes import MICROBLOG, Running, free_port, running

THREADS = 4
SLOW_SENDERS = THREADS + 2
SECONDS = 10.0
BEGINNING = (
    b"POST /login HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nusername="
)


def test_readers_and_the_next_form_are_answered(tmp_path: Path) -> None:
    port = free_port()
    settings = {"WEB_THREADS": str(THREADS), "WEB_WORKERS": "1", "PORT": str(port)}
    command = [*MICROBLOG, "serve"]
    with running(command, tmp_path, port, **settings) as server, ExitStack() as stack:
        server.wait_until_it_answers()
        for _ in range(SLOW_SENDERS):
            stack.enter_context(slow_sender(server))
        with httpx.Client(base_url=server.url, timeout=SECONDS) as client:
            assert client.get("/setup").status_code == 200
            refused = client.post("/setup", data={"username": "alice"})
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) > 0
        assert "The server is busy" in refused.text


def slow_sender(server: Running) -> socket.socket:
    """Connect and send the beginning of a form; the rest never comes."""
    address = urlsplit(server.url)
    sender = socket.create_connection(("127.0.0.1", address.port or 80), SECONDS)
    sender.sendall(BEGINNING)
    return sender
