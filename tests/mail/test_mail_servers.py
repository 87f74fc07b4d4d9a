"""No mail server is waited for without end, and none gets what it should not."""

import socket
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from microblog.mail import MailError, MailServer, Undeliverable
from tests.certificates import make_certificate
from tests.mail.sending import ID, MAIL, deliver, mailer
from tests.mail_server import PASSWORD, USERNAME, Post, mail_server, reached_at, silent_server
from tests.processes import free_port, wait_for

# Far less than a hanging server would take, on a machine that is busy.
SOON_SECONDS = 8.0


# Servers that are not well


def test_nobody_at_the_port_is_a_reason_to_try_again() -> None:
    with pytest.raises(MailError) as caught:
        mailer(reached_at(free_port())).send("bob@ex.com", MAIL, ID)
    assert not isinstance(caught.value, Undeliverable)
    assert "refused" in str(caught.value)


def test_an_unknown_host_is_a_reason_to_try_again() -> None:
    with pytest.raises(MailError) as caught:
        mailer(reached_at(25, host="nowhere.invalid")).send("bob@ex.com", MAIL, ID)
    assert not isinstance(caught.value, Undeliverable)


@pytest.mark.parametrize("code", [550, 551, 552, 553, 554])
def test_a_receiver_refused_for_good_is_given_up(
    running: tuple[Post, MailServer], code: int
) -> None:
    post, server = running
    post.on_rcpt = f"{code} 5.1.1 bob@ex.com is nobody here"
    with pytest.raises(Undeliverable) as caught:
        mailer(server).send("bob@ex.com", MAIL, ID)
    assert str(code) in str(caught.value)
    assert "bob" not in str(caught.value)


@pytest.mark.parametrize(
    "reply",
    [
        *("450 4.2.1 Mailbox busy", "451 Greylisted", "452 4.2.2 Mailbox full", "421 Too busy"),
        *("550 5.7.1 Relaying denied", "530 5.7.0 Log in first", "554 5.7.1 Policy"),
    ],
)
def test_a_receiver_refused_for_now_or_for_our_sake_is_tried_again(
    running: tuple[Post, MailServer], reply: str
) -> None:
    post, server = running
    post.on_rcpt = reply
    with pytest.raises(MailError) as caught:
        mailer(server).send("bob@ex.com", MAIL, ID)
    assert not isinstance(caught.value, Undeliverable)
    post.on_rcpt = "250 OK"
    deliver(running)


@pytest.mark.parametrize("reply", ["451 Try later", "554 5.6.0 We do not like it"])
def test_a_mail_that_was_not_taken_is_tried_again(
    running: tuple[Post, MailServer], reply: str
) -> None:
    post, server = running
    post.on_data = reply
    with pytest.raises(MailError, match=reply[:3]) as caught:
        mailer(server).send("bob@ex.com", MAIL, ID)
    assert not isinstance(caught.value, Undeliverable)


def test_a_server_that_hangs_up_instead_of_a_goodbye_has_the_mail(
    running: tuple[Post, MailServer],
) -> None:
    running[0].on_quit = ""
    deliver(running)


def test_a_server_that_says_nothing_is_left_soon() -> None:
    with silent_server() as port:
        assert_left_soon(reached_at(port, answer_seconds=0.2))


@pytest.mark.parametrize("at", ["RCPT", "DATA"])
def test_a_server_that_falls_silent_is_left_soon(running: tuple[Post, MailServer], at: str) -> None:
    post, server = running
    post.pauses_at = at
    assert_left_soon(replace(server, answer_seconds=0.2))


def test_a_server_that_never_comes_to_the_point_is_left_soon() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=talk_without_end, args=(listener,))
        thread.start()
        port = listener.getsockname()[1]
        assert_left_soon(reached_at(port, answer_seconds=60, total_seconds=0.3))
        thread.join()


def talk_without_end(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    gone = threading.Event()
    with closing(connection):
        try:
            while not gone.wait(0.02):
                connection.sendall(b"220-Welcome, and please wait\r\n")
        except OSError:
            gone.set()


def assert_left_soon(server: MailServer) -> None:
    began = time.monotonic()
    with pytest.raises(MailError):
        mailer(server).send("bob@ex.com", MAIL, ID)
    assert time.monotonic() - began < SOON_SECONDS
    # Nothing is left that would wait on.
    wait_for(lambda: not any(isinstance(one, threading.Timer) for one in threading.enumerate()), "")


# Encryption and login


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Return a certificate for localhost, which nobody trusts yet."""
    return make_certificate(tmp_path / "certificate.pem", "localhost")


@pytest.fixture
def trust(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the certificate, as an operator would make us."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


# What it warns of is that a login may not be encrypted; here the whole connection is.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("is_encrypted", [False, True])
def test_a_mail_may_travel_encrypted_after_a_login(
    certificate: Path, trust: None, is_encrypted: bool
) -> None:
    with mail_server(
        certificate=certificate, is_encrypted=is_encrypted, wants_login=True
    ) as running:
        post, server = running
        server = replace(server, username=USERNAME, password=PASSWORD)
        server = replace(server, use_ssl=is_encrypted, use_tls=not is_encrypted)
        deliver((post, server))
        assert post.logins == [USERNAME]
        assert post.was_encrypted


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("is_encrypted", [False, True])
def test_a_certificate_that_nobody_trusts_gets_neither_password_nor_mail(
    certificate: Path, is_encrypted: bool
) -> None:
    with mail_server(
        certificate=certificate, is_encrypted=is_encrypted, wants_login=True
    ) as running:
        post, server = running
        server = replace(server, username=USERNAME, password=PASSWORD)
        server = replace(server, use_ssl=is_encrypted, use_tls=not is_encrypted)
        with pytest.raises(MailError, match="CERTIFICATE_VERIFY_FAILED"):
            mailer(server).send("bob@ex.com", MAIL, ID)
        assert (post.logins, post.received) == ([], [])


def test_a_certificate_of_another_host_is_refused(certificate: Path, trust: None) -> None:
    with mail_server(certificate=certificate) as (post, server):
        other = replace(server, host="127.0.0.1", use_tls=True)
        with pytest.raises(MailError, match="CERTIFICATE_VERIFY_FAILED"):
            mailer(other).send("bob@ex.com", MAIL, ID)
        assert post.received == []


def test_a_wrong_password_is_a_reason_to_try_again_and_is_not_repeated(
    certificate: Path, trust: None
) -> None:
    with mail_server(certificate=certificate, wants_login=True) as (post, server):
        wrong = replace(server, use_tls=True, username=USERNAME, password="a wrong one")
        with pytest.raises(MailError, match="535") as caught:
            mailer(wrong).send("bob@ex.com", MAIL, ID)
        assert not isinstance(caught.value, Undeliverable)
        assert "a wrong one" not in str(caught.value)
        assert post.received == []


def test_a_server_without_encryption_gets_no_mail_that_was_to_be_encrypted(
    running: tuple[Post, MailServer],
) -> None:
    post, server = running
    with pytest.raises(MailError):
        mailer(replace(server, use_tls=True)).send("bob@ex.com", MAIL, ID)
    assert post.received == []
