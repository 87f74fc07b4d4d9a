"""A mail reaches a real mail server once, in time, and in no other form than it was written."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from microblog.mail import Mail, Mailer, MailError, MailServer, Undeliverable, ascii_host
from tests.certificates import make_certificate
from tests.mail_server import (
    PASSWORD,
    USERNAME,
    Post,
    Received,
    mail_server,
    reached_at,
    silent_server,
)
from tests.processes import free_port, wait_for

MAIL = Mail("Hello Bob", "Hello,\nBob.\n", "<p>Hello, <b>Bob</b>.</p>", "Testville")
ID = "<123@ex.org>"
# Far less than a hanging server would take, on a machine that is busy.
SOON_SECONDS = 8.0


@pytest.fixture
def running() -> Iterator[tuple[Post, MailServer]]:
    """Return a friendly mail server and how to reach it."""
    with mail_server() as found:
        yield found


def mailer(server: MailServer | None, sender: str = "no-reply@ex.org") -> Mailer:
    return Mailer(sender=sender, folder=Path("/nowhere"), server=server)


def deliver(
    running: tuple[Post, MailServer], mail: Mail = MAIL, to: str = "bob@ex.com"
) -> Received:
    post, server = running
    mailer(server).send(to, mail, ID)
    (received,) = post.received
    return received


def test_a_mail_arrives_with_its_text_and_its_html(running: tuple[Post, MailServer]) -> None:
    received = deliver(running)
    assert received.sender == "no-reply@ex.org"
    assert received.receivers == ["bob@ex.com"]
    assert received.message["From"] == "Testville <no-reply@ex.org>"
    assert received.message["To"] == "bob@ex.com"
    assert received.message["Subject"] == "Hello Bob"
    assert received.text() == MAIL.text
    assert received.text("html").strip() == MAIL.html


def test_a_mail_says_what_it_is_and_when_it_was_sent(running: tuple[Post, MailServer]) -> None:
    began = time.time()
    message = deliver(running).message
    assert message["Message-ID"] == ID
    assert message["Auto-Submitted"] == "auto-generated"
    assert began - 1 <= message["Date"].datetime.timestamp() <= time.time()
    names = [name.lower() for name in message.keys()]  # noqa: SIM118 - one of each, no mapping.
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    "words", ["Grüße, Zoë 👋", "日本語 " * 40, "שלום", "a" * 300, "50 % =?utf-8?q?off", 'it\'s "x"']
)
def test_words_of_every_script_arrive_as_they_were_written(
    running: tuple[Post, MailServer], words: str
) -> None:
    mail = Mail(words, f"{words}\n", f"<p>{words}</p>", words[:40])
    received = deliver(running, mail)
    as_written = words.replace("=?", "= ?").strip()
    assert received.message["Subject"] == as_written
    assert received.shown_sender == f"{as_written[:40].strip()} <no-reply@ex.org>"
    assert received.text() == f"{words}\n"
    assert all(len(line) <= 998 for line in received.content.splitlines())


@pytest.mark.parametrize("length", [1_000, 10_000])
def test_a_long_line_arrives_whole(running: tuple[Post, MailServer], length: int) -> None:
    received = deliver(running, replace(MAIL, text="x" * length + "\n"))
    assert received.text() == "x" * length + "\n"
    assert all(len(line) <= 998 for line in received.content.splitlines())


def test_a_link_stays_whole_where_mails_are_shown_as_they_travel(
    running: tuple[Post, MailServer],
) -> None:
    link = f"https://ex.org/auth/reset/{'a1-_.' * 60}"
    assert link.encode() in deliver(running, replace(MAIL, text=f"{link}\n")).content


@pytest.mark.parametrize(
    "name",
    [
        "Ann, Bob",
        "Evil <evil@ex.com>",
        'say "hi"',
        "a@b.example",
        "back\\slash",
        "semi;colon: x",
        "(comment)",
        "=?utf-8?q?=0ABcc=3A_eve=40ex.com?=" * 3,
    ],
)
def test_no_name_of_a_server_changes_who_a_mail_is_from(
    running: tuple[Post, MailServer], name: str
) -> None:
    received = deliver(running, replace(MAIL, sender_name=name))
    (sender,) = received.message["From"].addresses
    assert sender.addr_spec == "no-reply@ex.org"
    assert received.shown_sender == f"{name.replace('=?', '= ?')[:100]} <no-reply@ex.org>"
    assert received.receivers == ["bob@ex.com"]
    assert "Bcc" not in received.message


@pytest.mark.parametrize(
    "text",
    [
        *("a\nBcc: eve@ex.com", "a\r\nBcc: eve@ex.com", "a\rBcc: eve@ex.com", "a\r\n\r\nb", "a\0b"),
        *("a\n Bcc: eve@ex.com", "a\x0bb", "a\x85b", "a\u2028b", "a\ud800b"),
    ],
)
def test_a_header_of_two_lines_is_refused(running: tuple[Post, MailServer], text: str) -> None:
    post, server = running
    for mail in (replace(MAIL, subject=text), replace(MAIL, sender_name=text)):
        with pytest.raises(Undeliverable):
            mailer(server).send("bob@ex.com", mail, ID)
    with pytest.raises(Undeliverable):
        mailer(server).send(f"{text}@ex.com", MAIL, ID)
    with pytest.raises(Undeliverable):
        mailer(server).send("bob@ex.com", MAIL, f"<{text}@ex.org>")
    assert (post.asked, post.received) == (0, [])


def test_an_encoded_line_break_adds_no_header(running: tuple[Post, MailServer]) -> None:
    forged = "=?utf-8?q?a=0D=0ABcc=3A_eve=40ex.com=0D=0A?= " + "x" * 100
    message = deliver(running, replace(MAIL, subject=forged)).message
    assert "Bcc" not in message
    assert "x" * 100 in message["Subject"]


@pytest.mark.parametrize(
    "address",
    [
        *(
            "",
            "bob",
            "@ex.com",
            "bob@",
            "a@ex.com,eve@ex.com",
            "a@ex.com, eve@ex.com",
            "<bob@ex.com>",
        ),
        *(
            "Bob <bob@ex.com>",
            "bob@ex.com>",
            "a b@ex.com",
            '"a b"@ex.com',
            "bob@ex .com",
            "a;b@ex.com",
        ),
        *("bob@ex.com\nRCPT TO:<eve@ex.com>", "bob@ex..com", ".bob@ex.com", "jos\u00e9@ex.com"),
        *(f"bob@{'a' * 260}.com", "bob@\u2028.com", "bob@xn--\n", "a@b@"),
    ],
)
def test_what_is_no_address_gets_no_mail(running: tuple[Post, MailServer], address: str) -> None:
    post, server = running
    with pytest.raises(Undeliverable):
        mailer(server).send(address, MAIL, ID)
    assert post.asked == 0


@pytest.mark.parametrize(
    ("address", "known_as"),
    [
        ("bob+news@ex.com", "bob+news@ex.com"),
        ("bob@münchen.example", "bob@xn--mnchen-3ya.example"),
        ("o'neil@ex.com", "o'neil@ex.com"),
        ("bob@[127.0.0.1]", "bob@[127.0.0.1]"),
    ],
)
def test_addresses_are_written_as_mail_servers_know_them(
    running: tuple[Post, MailServer], address: str, known_as: str
) -> None:
    assert deliver(running, to=address).receivers == [known_as]


@pytest.mark.parametrize(
    ("host", "known_as"),
    [
        ("example.org", "example.org"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("192.168.1.5", "[192.168.1.5]"),
        ("::1", "[IPv6:::1]"),
    ],
)
def test_the_host_of_an_address_is_written_in_ascii(host: str, known_as: str) -> None:
    assert ascii_host(host) == known_as
    assert mailer(None, f"no-reply@{ascii_host(host)}").host == known_as


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
