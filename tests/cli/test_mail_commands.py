"""`microblog mail`: how an operator without a mail server reads what would have been sent."""

import shutil
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.cli import FlaskGroup

from microblog.mail import Mail
from microblog.services import Services

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def folder(services: Services) -> Path:
    """Return where mails are kept, without any."""
    path = services.folder.root / "mail"
    shutil.rmtree(path, ignore_errors=True)
    return path


def call(app: Flask, *arguments: str) -> Result:
    group = FlaskGroup(create_app=lambda: app, load_dotenv=False)
    return app.test_cli_runner().invoke(group, args=["mail", *arguments])


def keep(services: Services, number: int) -> None:
    mail = Mail(f"Subject {number}", f"Text {number}: grüße\n", "<p>Hello</p>")
    services.mailer.send(f"bob{number}@ex.com", mail, f"<{number}@ex.org>")


def test_mails_are_listed_the_newest_first(app: Flask, services: Services, folder: Path) -> None:
    keep(services, 1)
    keep(services, 2)
    done = call(app, "list")
    assert done.exit_code == 0
    lines = [line.split("\t") for line in done.output.splitlines()]
    assert [[name, to, subject] for name, _, to, subject in lines] == [
        ["2.eml", "bob2@ex.com", "Subject 2"],
        ["1.eml", "bob1@ex.com", "Subject 1"],
    ]
    assert len(call(app, "list", "--limit=1").output.splitlines()) == 1


def test_where_there_is_no_mail_that_is_said(app: Flask, folder: Path) -> None:
    done = call(app, "list")
    assert (done.exit_code, done.output) == (0, "No mail is kept: none was written yet.\n")


@pytest.mark.parametrize("name", [("1.eml",), ()])
def test_a_mail_is_shown(
    app: Flask, services: Services, folder: Path, name: tuple[str, ...]
) -> None:
    keep(services, 1)
    done = call(app, "show", *name)
    assert done.exit_code == 0
    assert done.output == "To: bob1@ex.com\nSubject: Subject 1\n\nText 1: grüße\n"


@pytest.mark.parametrize("name", [(), ("2.eml",), ("../secret_key",), ("",)])
def test_a_mail_that_is_not_there_is_no_crash(
    app: Flask, folder: Path, name: tuple[str, ...]
) -> None:
    done = call(app, "show", *name)
    assert done.exit_code == 1
    assert done.output.startswith("Error: There is no such mail")


def test_what_a_subject_holds_cannot_move_the_cursor(
    app: Flask, services: Services, folder: Path
) -> None:
    keep(services, 1)
    content = (folder / "1.eml").read_bytes()
    (folder / "1.eml").write_bytes(
        content.replace(b"Subject 1", b"=?utf-8?q?=07=0Afake?=").replace(b"Text 1", b"\x07")
    )
    for command in ("list", "show"):
        printed = call(app, command).output
        assert "\x07" not in printed
        assert "\nfake" not in printed
