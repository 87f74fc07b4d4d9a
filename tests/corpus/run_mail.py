"""Cases about mails: where their links lead, how many there are, and what is typed into them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import getaddresses

from flask import Flask
from sqlalchemy import update
from werkzeug.test import TestResponse

from microblog.domain import tokens
from microblog.domain.events import PasswordResetRequested
from microblog.models import User
from microblog.models.server import APPROVAL
from microblog.worker import Worker
from tests import make
from tests.announced import announced
from tests.beside import HTTPS, application_beside
from tests.cast import PASSWORD
from tests.corpus.scene import Scene
from tests.links import link_of
from tests.mail_server import Post, Received, mail_server
from tests.page import Page
from tests.visitor import Visitor

MAILS_AT_MOST = 5
HEADERS = {
    *("Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID"),
    *("Auto-Submitted", "X-Auto-Response-Suppress", "X-Peer", "X-MailFrom", "X-RcptTo"),
}


def host_header(scene: Scene) -> None:
    """Ask for a link under another name of the server: its own is in the mail, or there is none."""
    with sending_server(scene) as (beside, post):
        visitor = Visitor(beside)
        form = {"identifier": scene.case.input["form"]["email"]}
        host = HTTPS.partition("://")[2]
        headers = {
            name: value.replace("OUR.HOST", host)
            for name, value in scene.case.input["headers"].items()
        }
        response = visitor.post("/auth/reset", form, headers=headers)
        scene.assert_answered(response)
        if "Host" in headers:
            assert response.status_code == 400
            assert announced(scene.db, PasswordResetRequested) == []
            return
        assert response.location == "/auth/reset/sent"
        run_due(beside)
    (mail,) = post.received
    assert mail.receivers == ["alice@ex.com"]
    assert b"evil" not in mail.content
    for text in (mail.text(), mail.text("html")):
        addresses = re.findall(r"\w+://[^\s\"'<>]*", text)
        assert any(address.startswith(f"{HTTPS}/auth/reset/") for address in addresses)
        assert [address for address in addresses if not f"{address}/".startswith(f"{HTTPS}/")] == []


def mail_flood(scene: Scene) -> None:
    """Have mails sent to Bob, each time from another network, at every door that sends any."""
    times = int(scene.case.input["loop"].split()[0])
    # Without a link on its way his account would be taken for abandoned.
    link_of(scene.services, scene.cast.bob, tokens.CONFIRM)
    unconfirmed = update(User).where(User.account_id == scene.cast.bob.id)
    scene.db.write(lambda session: session.execute(unconfirmed.values(email_confirmed_at=None)))
    doors = [("/auth/reset", {"identifier": name}) for name in ("bob", "Bob@EX.com", "bob@ex.com")]
    doors.append(("/auth/confirm", {}))
    answers = set()
    with sending_server(scene) as (beside, post):
        visitor = Visitor(beside)
        assert visitor.log_in("bob").status_code == 403
        token = {"csrf_token": visitor.token()}
        for number in range(times):
            path, form = doors[number % len(doors)]
            address = {"REMOTE_ADDR": f"2001:db8:{number:x}::1"}
            response = visitor.post_raw(path, data=form | token, environ_overrides=address)
            scene.assert_answered(response)
            answers.add((path, response.status_code, response.location))
            run_due(beside)
    assert {(path, status) for path, status, _ in answers} == {
        ("/auth/reset", 303),
        ("/auth/confirm", 303),
    }
    assert len(answers) == 2
    assert {tuple(mail.receivers) for mail in post.received} == {("bob@ex.com",)}
    assert 1 <= len(post.received) <= MAILS_AT_MOST


def smtp_injection(scene: Scene) -> None:
    """Type a header and a body wherever something is typed that a mail may hold."""
    typed = scene.case.input["display_name"]
    with sending_server(scene) as (beside, post):
        alice = Visitor.signed_in(beside, scene.cast.alice)
        scene.assert_answered(
            alice.post("/settings/profile", {"display_name": typed}), is_form=True
        )
        make.server_mode(scene.db, APPROVAL)
        settings = {"name": typed, "description": typed, "registration_mode": APPROVAL}
        scene.assert_answered(alice.post("/admin/settings", settings), is_form=True)
        for field in ("username", "email"):
            response = register(beside, **{field: typed})
            scene.assert_answered(response)
            assert list(Page(response.text).field_errors) == [field]
        register(beside, reason=typed)
        run_due(beside)
        link = re.search(rf"{HTTPS}(/auth/confirm/\S+)", post.received[-1].text())
        assert link is not None
        assert Visitor(beside).post(link[1]).status_code == 303
        run_due(beside)
    assert [mail.receivers for mail in post.received] == [["dave@ex.com"], ["alice@ex.com"]]
    for mail in post.received:
        assert_unharmed(mail)
    # The reason is there to be read, each line marked as somebody else's.
    assert "\n> Bcc: victim@x\n" in post.received[-1].text()


def assert_unharmed(mail: Received) -> None:
    """Require the headers that our mails have, each once, with one sender and one receiver."""
    names = mail.message.keys()
    assert set(names) <= HEADERS
    assert len(names) == len(set(names))
    assert [address for _, address in getaddresses([mail.message["To"]])] == mail.receivers
    assert [address for _, address in getaddresses([mail.message["From"]])] == [mail.sender]
    assert len(mail.message["Subject"].splitlines()) == 1


def register(beside: Flask, **fields: str) -> TestResponse:
    """Ask to be let in as Dave, but for what is given."""
    form = {"username": "dave", "email": "dave@ex.com", "reason": "I like it here."}
    form |= {"password": PASSWORD, "password_again": PASSWORD, **fields}
    return Visitor(beside).post("/auth/register", form)


@contextmanager
def sending_server(scene: Scene) -> Iterator[tuple[Flask, Post]]:
    """Run a server whose mails reach a mail server; yield it and what is received there."""
    with mail_server() as (post, reached):
        settings = {"MAIL_SERVER": reached.host, "MAIL_PORT": reached.port, "PUBLIC_URL": HTTPS}
        with application_beside(scene.app, scene.folder, **settings) as beside:
            run_due(beside)
            post.received.clear()
            yield beside, post


def run_due(app: Flask) -> None:
    """Let the worker do what is due."""
    Worker(app.extensions["microblog"]).run_due()


RUNNERS = {
    "host-header": host_header,
    "mail-flood": mail_flood,
    "smtp-injection": smtp_injection,
}
