"""A body is unpacked within its bytes, and a broken one is no document."""

import gzip
import socket
import tracemalloc
import zlib
from collections.abc import Callable

import pytest

from microblog.outgoing import OutgoingError
from tests.outgoing.internet import Answer, Handler, OtherServer, get

EMPTY_BLOCK = b"\0\0\0\xff\xff"


# Size


def test_a_body_may_be_as_large_as_the_limit(server: OtherServer) -> None:
    server.answers["/"] = lambda h: h.answer(200, bytes(10_000))
    assert len(get(server.url(), max_bytes=10_000).body) == 10_000
    with pytest.raises(OutgoingError, match="too_large"):
        get(server.url(), max_bytes=9_999)


def test_a_body_without_an_end_is_given_up(server: OtherServer) -> None:
    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(bytes(100_000))

    server.answers["/"] = answer
    with pytest.raises(OutgoingError, match="too_large"):
        get(server.url())
    assert server.hung_up.wait(5)


# Packing


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("GZip", gzip.compress), ("deflate", zlib.compress)],
)
def test_a_packed_body_is_unpacked(
    server: OtherServer, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    server.answers["/"] = lambda h: h.answer(200, pack(b"a" * 10_000), Content_Encoding=encoding)
    assert get(server.url(), max_bytes=10_000).body == b"a" * 10_000
    with pytest.raises(OutgoingError, match="too_large"):
        get(server.url(), max_bytes=9_999)


def test_a_bomb_is_not_unpacked(server: OtherServer) -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(50)) + packer.flush()
    server.answers["/"] = lambda h: h.answer(200, bomb, Content_Encoding="gzip")
    tracemalloc.start()
    with pytest.raises(OutgoingError, match="too_large"):
        get(server.url(), max_bytes=100_000)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 3_000_000


def test_packed_nothing_without_an_end_is_given_up(server: OtherServer) -> None:
    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.end_headers()
        handler.wfile.write(b"\x1f\x8b\x08" + bytes(6) + b"\xff")
        while True:
            handler.wfile.write(EMPTY_BLOCK * 1_000)

    server.answers["/"] = answer
    with pytest.raises(OutgoingError, match="too_large"):
        get(server.url())


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(bytes(1_000))[:-9]),
        ("gzip", b"not packed"),
        ("br", b"\x8b\x03\x80hello\x03"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"hello"))),
    ],
    ids=("cut off", "not packed", "not asked for", "packed twice"),
)
def test_a_body_that_cannot_be_unpacked_is_no_document(
    server: OtherServer, encoding: str, body: bytes
) -> None:
    server.answers["/"] = lambda h: h.answer(200, body, Content_Encoding=encoding)
    with pytest.raises(OutgoingError, match="unreachable"):
        get(server.url())


# Broken answers


def hang_up_at_once(handler: Handler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def hang_up_in_the_middle(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"half")


def answer_nonsense(handler: Handler) -> None:
    handler.wfile.write(b"220 mail.example ESMTP\r\n")


def answer_endless_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 100_000)


@pytest.mark.parametrize(
    "answer", [hang_up_at_once, hang_up_in_the_middle, answer_nonsense, answer_endless_headers]
)
def test_a_broken_answer_is_no_document(server: OtherServer, answer: Answer) -> None:
    server.answers["/"] = answer
    with pytest.raises(OutgoingError, match="unreachable"):
        get(server.url())
