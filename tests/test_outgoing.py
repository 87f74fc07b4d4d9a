"""A fetch ends in time, within its bytes, and reaches nothing that only our own network may."""

import gzip
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from microblog.outgoing import Fetched, OutgoingError, fetch
from microblog.outgoing.addresses import is_public
from microblog.outgoing.tls import trusted_certificates

EMPTY_BLOCK = b"\0\0\0\xff\xff"
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


@pytest.fixture
def server() -> Iterator[OtherServer]:
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


def get(url: str, *, max_bytes: int = 10_000, timeout_seconds: float = 5) -> Fetched:
    """Fetch from a host that the operator named."""
    return fetch(
        url,
        max_bytes=max_bytes,
        timeout_seconds=timeout_seconds,
        accept="image/*",
        allow_private=True,
    )


def get_as_stranger(url: str) -> Fetched:
    """Fetch from a host that just anybody named."""
    return fetch(url, max_bytes=10_000, timeout_seconds=5, accept="*/*")


def refusal(error: pytest.ExceptionInfo[OutgoingError]) -> tuple[str, int | None]:
    return error.value.code, error.value.status


def test_a_document_is_fetched(server: OtherServer) -> None:
    server.answers["/a"] = lambda h: h.answer(200, b"picture", Content_Type="image/png")
    assert get(server.url("/a?b=c#d")) == Fetched(200, "image/png", b"picture")
    assert server.paths() == ["/a?b=c"]


def test_an_answer_without_a_body_or_type_is_fetched(server: OtherServer) -> None:
    server.answers["/"] = lambda h: h.answer(204)
    assert get(server.url()) == Fetched(204, "", b"")


def test_a_request_says_who_asks_and_no_more(
    server: OtherServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("default login alice password secret")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server.answers["/"] = lambda h: h.answer(200, Set_Cookie="id=1")
    get(server.url())
    get(server.url())
    for _, headers in server.requests:
        assert headers == {
            "Host": f"127.0.0.1:{server.port}",
            "Accept": "image/*",
            "Accept-Encoding": "gzip",
            "Connection": "close",
            "User-Agent": "Microblog",
        }


def test_no_proxy_of_the_environment_is_asked(
    server: OtherServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{find_closed_port()}")
    server.answers["/"] = lambda h: h.answer(200, b"direct")
    assert get(server.url()).body == b"direct"


@pytest.mark.parametrize("status", [400, 403, 404, 410, 429, 500, 503, 300, 304, 301])
def test_any_status_but_success_is_an_error(server: OtherServer, status: int) -> None:
    server.answers["/"] = lambda h: h.answer(status)
    with pytest.raises(OutgoingError) as error:
        get(server.url())
    assert refusal(error) == ("status", status)


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(server: OtherServer, status: int) -> None:
    server.answers["/a/b"] = lambda h: h.answer(status, Location="../c?d")
    server.answers["/c"] = lambda h: h.answer(200, b"here")
    assert get(server.url("/a/b")).body == b"here"
    assert server.paths() == ["/a/b", "/c?d"]


def test_three_redirects_are_followed_and_no_more(server: OtherServer) -> None:
    for step in range(5):
        server.answers[f"/{step}"] = redirect_to(f"/{step + 1}")
    server.answers["/5"] = lambda h: h.answer(200, b"here")
    assert get(server.url("/2")).body == b"here"
    server.requests.clear()
    with pytest.raises(OutgoingError) as error:
        get(server.url("/1"))
    assert refusal(error) == ("refused", None)
    assert server.paths() == ["/1", "/2", "/3", "/4"]


def test_a_loop_of_redirects_ends(server: OtherServer) -> None:
    server.answers["/"] = redirect_to("/")
    with pytest.raises(OutgoingError, match="refused"):
        get(server.url())


@pytest.mark.parametrize(
    "location",
    [
        *("file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "javascript:alert(1)"),
        *(
            "http://user:secret@127.0.0.1/",
            "http://127.0.0.1:0/",
            "http://127.0.0.1:99999/",
            "http://[::1",
        ),
        "//localhost",
    ],
)
def test_a_redirect_may_not_lead_astray(server: OtherServer, location: str) -> None:
    server.answers["/"] = redirect_to(location)
    with pytest.raises(OutgoingError, match="refused"):
        get(server.url())
    assert server.paths() == ["/"]


def test_a_host_the_operator_named_may_not_send_us_to_another_of_our_network(
    server: OtherServer,
) -> None:
    server.answers["/"] = redirect_to(server.url("/secret", host="127.0.0.2"))
    server.answers["/secret"] = lambda h: h.answer(200, b"secret")
    with pytest.raises(OutgoingError, match="refused"):
        get(server.url())
    assert server.paths() == ["/"]


# Addresses


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254"),
        *("169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1"),
        *("192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
        *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "fe80::1"),
        *("fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "100::1"),
        *("64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2001::1", "2001:db8::1", "2001:20::1"),
        *("2002:7f00:1::", "2002:808:808::1", "3fff::1", "5f00::1"),
    ],
)
def test_an_address_of_a_network_of_ones_own_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "126.255.255.255", "128.0.0.1"),
        *("172.15.255.255", "172.32.0.1", "192.167.255.255", "192.169.0.1", "223.255.255.255"),
        *("2606:4700::1111", "2a00:1450:4001::1", "2001:4860:4860::8888", "2003::1"),
    ],
)
def test_an_address_that_everybody_reaches_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "0.0.0.0"),
        *("localhost", "LOCALHOST", "localhost.", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::1]"),
        *("127。0。0。1", "①②⑦.⓪.⓪.①"),
    ],
)
def test_this_machine_is_refused_however_it_is_spelt(server: OtherServer, host: str) -> None:
    server.answers["/"] = lambda h: h.answer(200, b"secret")
    with pytest.raises(OutgoingError) as error:
        get_as_stranger(server.url(host=host))
    assert error.value.code in {"refused", "unreachable"}
    assert server.requests == []


def test_a_name_that_leads_into_our_network_is_refused(
    server: OtherServer, names: NameServer
) -> None:
    names.answers["inside.example"] = [["127.0.0.1", "10.0.0.1", "169.254.169.254"]]
    with pytest.raises(OutgoingError, match="refused"):
        get_as_stranger(server.url(host="inside.example"))
    assert server.requests == []


def test_a_name_is_looked_up_once_and_its_checked_address_used(
    server: OtherServer, names: NameServer
) -> None:
    # A second look-up would lead to a closed port.
    names.answers["pictures.example"] = [["127.0.0.1"], ["127.0.0.2"]]
    server.answers["/"] = lambda h: h.answer(200, b"picture")
    assert get(server.url(host="pictures.example")).body == b"picture"
    assert names.asked == ["pictures.example"]
    assert server.requests[0][1]["Host"] == f"pictures.example:{server.port}"


def test_the_name_is_checked_again_for_every_redirect(
    server: OtherServer, names: NameServer
) -> None:
    names.answers["pictures.example"] = [["127.0.0.1"]]
    names.answers["inside.example"] = [["127.0.0.1"]]
    server.answers["/"] = redirect_to(server.url("/secret", host="inside.example"))
    with pytest.raises(OutgoingError, match="refused"):
        get(server.url(host="pictures.example"))
    assert server.paths() == ["/"]


def test_the_next_address_of_a_name_is_tried(server: OtherServer, names: NameServer) -> None:
    names.answers["pictures.example"] = [["127.0.0.2", "127.0.0.1"]]
    server.answers["/"] = lambda h: h.answer(200, b"picture")
    assert get(server.url(host="pictures.example")).body == b"picture"


def test_a_name_of_another_script_is_looked_up_as_name_servers_know_it(
    server: OtherServer, names: NameServer
) -> None:
    names.answers["xn--bcher-kva.example"] = [["127.0.0.1"]]
    server.answers["/"] = lambda h: h.answer(200, b"picture")
    assert get(server.url(host="bücher.example")).body == b"picture"


@pytest.mark.parametrize(
    "url",
    [
        *("", "picture.png", "/picture.png", "//example.com/", "file:///etc/passwd"),
        *("ftp://example.com/", "data:image/png,x", "javascript:alert(1)", "http:", "http://"),
        *("http:///a", "http://a\nb/", "http://a\0b/", "http://example.com:x/"),
        *("http://example.com:99999/", "http://user@example.com/", "http://:secret@example.com/"),
        *(
            "http://[::1/",
            f"http://example.com/{'a' * 10_000}",
        ),
    ],
)
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(OutgoingError, match="refused"):
        get(url)


def test_a_url_that_cannot_be_encoded_is_refused() -> None:
    with pytest.raises(OutgoingError, match="refused"):
        get("http://\udcff.example/\udcff")


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


# Time


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


# Failures


def test_a_name_without_an_address_is_unreachable(names: NameServer) -> None:
    with pytest.raises(OutgoingError, match="unreachable"):
        get("http://nowhere.example/")


def test_a_closed_port_is_unreachable() -> None:
    with pytest.raises(OutgoingError, match="unreachable"):
        get(f"http://127.0.0.1:{find_closed_port()}/")


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


# Encrypted connections


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Make a certificate for pictures.example and its key, in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        assert not os.environ.get("CI"), "openssl is missing."
        pytest.skip("openssl is missing.")
    path = tmp_path / "certificate.pem"
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "-")
    name = ("-subj", "/CN=pictures.example", "-addext", "subjectAltName=DNS:pictures.example")
    command = [openssl, "req", "-x509", *key, *name, "-days", "2"]
    path.write_bytes(subprocess.run(command, check=True, capture_output=True).stdout)
    return path


@pytest.fixture
def tls_server(server: OtherServer, certificate: Path) -> OtherServer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    server.answers["/"] = lambda h: h.answer(200, b"picture")
    return server


@pytest.fixture
def trust(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Trust the certificate, as an operator would make us."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    trusted_certificates.cache_clear()
    yield
    trusted_certificates.cache_clear()


def test_a_certificate_is_checked_for_the_name_though_the_address_is_dialled(
    tls_server: OtherServer, names: NameServer, trust: None
) -> None:
    names.answers["pictures.example"] = [["127.0.0.1"]]
    names.answers["other.example"] = [["127.0.0.1"]]
    assert get(f"https://pictures.example:{tls_server.port}/").body == b"picture"
    with pytest.raises(OutgoingError, match="unreachable"):
        get(f"https://other.example:{tls_server.port}/")


def test_a_certificate_nobody_vouches_for_is_not_accepted(
    tls_server: OtherServer, names: NameServer
) -> None:
    names.answers["pictures.example"] = [["127.0.0.1"]]
    with pytest.raises(OutgoingError, match="unreachable"):
        get(f"https://pictures.example:{tls_server.port}/")


def test_a_handshake_that_never_ends_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        with pytest.raises(OutgoingError, match="timeout"):
            get(f"https://127.0.0.1:{silent.getsockname()[1]}/", timeout_seconds=0.3)
        assert time.monotonic() - started < 2


def redirect_to(location: str) -> Answer:
    return lambda handler: handler.answer(302, Location=location)


def find_closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port: int = closed.getsockname()[1]
    return port
