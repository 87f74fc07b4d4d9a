"""Who wants it is told by mail that somebody wrote to them in private, and never what."""

import pytest
from sqlalchemy import update

from microblog.db import Database
from microblog.domain import administration, notifications
from microblog.domain.events import DATABASE_LANE, MailRequested, MessageArrived
from microblog.domain.notifications import KINDS
from microblog.domain.notifications.mailing import OF_ALL
from microblog.domain.viewer import Viewer
from microblog.models import User
from microblog.worker import Worker
from tests import make
from tests.announced import announced
from tests.cast import Cast
from tests.letters import Letters


@pytest.fixture(autouse=True)
def bob_wants_mail(db: Database, cast: Cast) -> None:
    """Let Bob, who follows Alice, wish for mails of messages."""
    wish(db, cast.bob, ["message"])


def wish(db: Database, person: Viewer, by_mail: list[str]) -> None:
    db.write(lambda s: notifications.choose(s, by=person, on_page=KINDS, by_mail=by_mail))


def mails(db: Database, worker: Worker) -> list[MailRequested]:
    """Return the mails of messages that wait once the database lane is done."""
    worker._drain(DATABASE_LANE)
    return [mail for mail in announced(db, MailRequested) if mail.kind == "message"]


def test_a_message_is_told_by_mail_without_what_it_says(
    db: Database, worker: Worker, cast: Cast
) -> None:
    sent = make.message(db, cast.alice, cast.bob, text="Secret")
    assert announced(db, MessageArrived) == [MessageArrived(sent.message_id, cast.bob.id)]
    (mail,) = mails(db, worker)
    assert (mail.to, mail.account_id) == ("bob@ex.com", cast.bob.id)
    assert mail.values == {
        "name": "alice",
        "username": "alice",
        "path": f"/messages/{sent.conversation_id}",
    }


def test_of_what_is_unread_anyway_there_is_no_second_mail(
    db: Database, worker: Worker, cast: Cast
) -> None:
    sent = make.message(db, cast.alice, cast.bob)
    alice, bob = Letters(db, cast.alice), Letters(db, cast.bob)
    alice.send(sent.conversation_id)
    assert len(mails(db, worker)) == 1
    bob.read(sent.conversation_id)
    alice.send(sent.conversation_id)
    assert len(mails(db, worker)) == 2


def test_what_was_read_at_once_is_not_mailed(db: Database, worker: Worker, cast: Cast) -> None:
    sent = make.message(db, cast.alice, cast.bob)
    Letters(db, cast.bob).read(sent.conversation_id)
    assert mails(db, worker) == []


@pytest.mark.parametrize("why", ["unwanted", "unconfirmed", "muted", "blocked", "suspended"])
def test_who_is_not_to_be_told_gets_no_mail(
    db: Database, worker: Worker, cast: Cast, why: str
) -> None:
    if why == "unwanted":
        wish(db, cast.bob, ["mention"])
    elif why == "unconfirmed":
        db.write(lambda s: s.execute(update(User).values(email_confirmed_at=None)))
    elif why == "muted":
        make.mute(db, cast.bob, cast.alice)
    make.message(db, cast.alice, cast.bob)
    if why == "blocked":
        make.block(db, cast.bob, cast.alice)
    elif why == "suspended":
        ada = make.account(db, "ada", role="admin")
        db.write(lambda s: administration.suspend(s, by=ada, account_id=cast.alice.id))
    assert mails(db, worker) == []


def test_a_stranger_who_asks_is_not_mailed_of(db: Database, worker: Worker, cast: Cast) -> None:
    sent = make.message(db, cast.carol, cast.bob)
    assert announced(db, MessageArrived) == []
    assert mails(db, worker) == []
    # What they write once they are let in is.
    Letters(db, cast.bob).send(sent.conversation_id)
    Letters(db, cast.carol).send(sent.conversation_id)
    assert len(mails(db, worker)) == 1


def test_many_messages_are_no_flood_of_mails(db: Database, worker: Worker, cast: Cast) -> None:
    sent = make.message(db, cast.alice, cast.bob)
    alice, bob = Letters(db, cast.alice), Letters(db, cast.bob)
    for _ in range(OF_ALL.limit + 2):
        worker._drain(DATABASE_LANE)
        bob.read(sent.conversation_id)
        alice.send(sent.conversation_id)
    assert len(mails(db, worker)) == OF_ALL.limit
