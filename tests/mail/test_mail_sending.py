"""A mail reaches a real mail server once, and in no other form than it was written."""

import time
from dataclasses import replace

import pytest

from microblog.mail import Mail, MailServer, Undeliverable, ascii_host
from tests.mail.sending import ID, MAIL, deliver, mailer
from tests.mail_server import Post


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
