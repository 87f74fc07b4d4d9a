"""A server is asked over an encrypted connection if somebody vouches for its name."""

import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from microblog.outgoing import OutgoingError
from microblog.outgoing.tls import trusted_certificates
from tests.certificates import make_certificate
from tests.outgoing.internet import NameServer, OtherServer, get


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Make a certificate for pictures.example and its key, in one file."""
    return make_certificate(tmp_path / "certificate.pem", "pictures.example")


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
