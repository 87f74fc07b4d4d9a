"""What somebody wants by mail arrives there, in their language, with a link to what it tells of."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import update

from microblog.db import Database
from microblog.domain import notifications
from microblog.domain.visibility import MENTIONED
from microblog.mail import Mailer
from microblog.models import User
from microblog.services import Services
from microblog.worker import Worker
from tests import make
from tests.cast import Cast
from tests.mail_server import Post, Received, mail_server


class Mailbox(NamedTuple):
    """A mail server, and a worker that sends everything there."""

    post: Post
    worker: Worker

    def only(self) -> Received:
        """Return the one mail that has arrived once the worker has nothing left to do."""
        self.worker.run_due()
        (received,) = self.post.received
        return received


@pytest.fixture
def mailbox(services: Services, cast: Cast) -> Iterator[Mailbox]:
    """Return the mailbox of Alice, who wants to hear of mentions by mail."""
    services.db.write(
        lambda s: notifications.choose(s, by=cast.alice, on_page=(), by_mail=["mention"])
    )
    with mail_server() as (post, server):
        mailer = Mailer(sender="no-reply@ex.org", folder=Path(), server=server)
        config = replace(services.config, PUBLIC_URL="https://ex.org")
        yield Mailbox(post, Worker(replace(services, config=config, mailer=mailer)))


def test_a_mention_arrives_with_a_link_to_the_post_and_to_the_settings(
    db: Database, cast: Cast, mailbox: Mailbox
) -> None:
    post_id = make.post(db, cast.carol, "@alice have you seen this?")
    mail = mailbox.only()
    assert mail.message["To"] == "alice@ex.com"
    assert mail.message["Subject"] == "carol mentioned you on Testville"
    for text in (mail.text(), mail.text("html")):
        assert f"https://ex.org/@carol/{post_id}" in text
        assert "https://ex.org/settings/notifications" in text
        assert "@alice have you seen this?" in text
    make.post(db, cast.carol, "@bob and you?")
    mailbox.only()


def test_a_private_mention_arrives_without_its_words(
    db: Database, cast: Cast, mailbox: Mailbox
) -> None:
    post_id = make.post(db, cast.carol, "A secret, @alice", visibility=MENTIONED)
    mail = mailbox.only()
    assert f"https://ex.org/@carol/{post_id}" in mail.text()
    for text in (mail.text(), mail.text("html"), str(mail.message["Subject"])):
        assert "secret" not in text


def test_a_mail_is_in_the_language_of_who_gets_it(
    db: Database, cast: Cast, mailbox: Mailbox
) -> None:
    arabic = update(User).where(User.account_id == cast.alice.id).values(locale="ar")
    db.write(lambda session: session.execute(arabic))
    make.post(db, cast.carol, "@alice hello")
    assert '<html lang="ar" dir="rtl">' in mailbox.only().text("html")
