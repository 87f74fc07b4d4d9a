"""Without a mail server mails are kept: whole, private, readable, and not without end."""

import os
import stat
import threading
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from microblog import clock
from microblog.mail import Mail, Mailer
from microblog.mail.folder import MAX_KEPT

MAIL = Mail("Grüße", "Hello,\nZoë.\n", "<p>Hello</p>", "Testville")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where mails are kept; nothing has made it yet."""
    return tmp_path / "data" / "mail"


@pytest.fixture
def mailer(folder: Path) -> Mailer:
    """Return a mailer without a server."""
    return Mailer(sender="no-reply@ex.org", folder=folder)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_mail_becomes_a_file_that_any_mail_program_opens(mailer: Mailer, folder: Path) -> None:
    assert not mailer.has_server
    mailer.send("bob@ex.com", MAIL, "<123@ex.org>")
    assert names(folder) == ["123.eml"]
    message = message_from_bytes((folder / "123.eml").read_bytes(), policy=policy.default)
    assert (message["To"], message["Subject"], message["Message-ID"]) == (
        "bob@ex.com",
        "Grüße",
        "<123@ex.org>",
    )
    html = message.get_body(("html",))
    assert html is not None
    assert html.get_content() == "<p>Hello</p>"


def test_nobody_else_on_the_machine_reads_a_mail(mailer: Mailer, folder: Path) -> None:
    previous = os.umask(0)
    try:
        mailer.send("bob@ex.com", MAIL, "<123@ex.org>")
    finally:
        os.umask(previous)
    assert stat.S_IMODE((folder / "123.eml").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_kept_mail_is_listed_and_read(mailer: Mailer) -> None:
    mailer.send("bob@ex.com", MAIL, "<123@ex.org>")
    (kept,) = mailer.kept()
    assert (kept.name, kept.to, kept.subject) == ("123.eml", "bob@ex.com", "Grüße")
    assert clock.now() - kept.kept_at < timedelta(minutes=1)
    opened = mailer.read("123.eml")
    assert opened.text.splitlines() == ["Hello,", "Zoë."]
    assert (opened.to, opened.subject) == (kept.to, kept.subject)


def test_a_second_try_writes_the_same_file(mailer: Mailer, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "123.eml.part").write_bytes(b"cut off")
    for _ in range(2):
        mailer.send("bob@ex.com", MAIL, "<123@ex.org>")
    assert names(folder) == ["123.eml"]


def test_the_newest_come_first_and_the_oldest_go(mailer: Mailer, folder: Path) -> None:
    folder.mkdir(parents=True)
    for number in range(MAX_KEPT + 5):
        path = folder / f"{number}.eml"
        path.write_bytes(b"Subject: an old one\n\n")
        os.utime(path, (number, number))
    (folder / "of somebody else.txt").write_text("stays")
    mailer.send("bob@ex.com", MAIL, "<99999@ex.org>")
    assert len(names(folder)) == MAX_KEPT + 1
    assert "of somebody else.txt" in names(folder)
    assert [mail.name for mail in mailer.kept(3)] == ["99999.eml", "1004.eml", "1003.eml"]
    assert not (folder / "5.eml").exists()
    assert (folder / "6.eml").exists()


def test_where_nothing_was_kept_nothing_is_listed(mailer: Mailer) -> None:
    assert mailer.kept() == []


@pytest.mark.parametrize(
    "name",
    [
        "",
        "124.eml",
        "../secret_key",
        "..",
        "/etc/passwd",
        "123.eml\0",
        "123.eml/",
        ".eml",
        "x" * 999,
    ],
)
def test_only_kept_mails_can_be_read(mailer: Mailer, folder: Path, name: str) -> None:
    mailer.send("bob@ex.com", MAIL, "<123@ex.org>")
    (folder.parent / "secret_key").write_text("secret")
    with pytest.raises(KeyError):
        mailer.read(name)


@pytest.mark.parametrize("content", [b"", b"\0\xff" * 100, b"Subject: \xff\n\n\xff", b"no header"])
def test_a_broken_file_is_no_reason_not_to_list_the_others(
    mailer: Mailer, folder: Path, content: bytes
) -> None:
    mailer.send("bob@ex.com", MAIL, "<123@ex.org>")
    (folder / "broken.eml").write_bytes(content)
    assert {mail.name for mail in mailer.kept()} == {"123.eml", "broken.eml"}
    assert isinstance(mailer.read("broken.eml").text, str)


def test_who_reads_while_mails_come_and_go_reads_whole_ones(mailer: Mailer) -> None:
    stop = threading.Event()
    seen: list[str] = []

    def read_on() -> None:
        while not stop.is_set():
            seen.extend(mail.subject for mail in mailer.kept())

    reader = threading.Thread(target=read_on)
    reader.start()
    try:
        for number in range(30):
            mailer.send("bob@ex.com", MAIL, f"<{number % 3}@ex.org>")
    finally:
        stop.set()
        reader.join()
    assert set(seen) <= {"Grüße"}
