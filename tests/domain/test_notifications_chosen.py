"""What somebody wants to hear of, and what comes by mail: never more than they read."""

from collections.abc import Collection
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from microblog.db import Database
from microblog.domain import notifications
from microblog.domain.errors import Invalid
from microblog.domain.events import DATABASE_LANE, MailRequested
from microblog.domain.notifications import KINDS, Choice
from microblog.domain.notifications.mailing import OF_ALL
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import FOLLOWERS, MENTIONED
from microblog.models import Notification, User
from microblog.worker import Worker
from tests import make
from tests.announced import announced
from tests.cast import Cast
from tests.listener import Listener, do_everything


@pytest.fixture
def post_id(db: Database, cast: Cast) -> int:
    """Return a post of Alice's."""
    return make.post(db, cast.alice, "What a day")


@pytest.fixture
def alice(db: Database, worker: Worker, cast: Cast) -> Listener:
    """Return Alice, who has read that Bob follows her and wants everything by mail."""
    listener = Listener(db, worker, cast.alice)
    listener.read()
    choose(db, cast.alice, KINDS, KINDS)
    return listener


def choose(db: Database, by: Viewer, on_page: Collection[str], by_mail: Collection[str]) -> None:
    db.write(lambda s: notifications.choose(s, by=by, on_page=on_page, by_mail=by_mail))


def chosen(db: Database, person: Viewer) -> Choice:
    with db.read() as session:
        return notifications.get_choice(session, person)


def mails(db: Database, worker: Worker) -> list[MailRequested]:
    """Return the mails that wait once the database lane is done."""
    worker._drain(DATABASE_LANE)
    return announced(db, MailRequested)


def whats(db: Database, worker: Worker) -> list[str]:
    return [mail.values["what"] for mail in mails(db, worker)]


# Choosing.


def test_at_first_everything_is_on_the_page_and_nothing_by_mail(db: Database, cast: Cast) -> None:
    assert chosen(db, cast.bob) == Choice(KINDS, (), has_address=True)


def test_a_person_may_choose_what_they_hear_of(db: Database, cast: Cast) -> None:
    choose(db, cast.bob, ["reply", "mention", "mention"], ["mention"])
    assert chosen(db, cast.bob) == Choice(("mention", "reply"), ("mention",), has_address=True)
    assert chosen(db, cast.alice) == Choice(KINDS, (), has_address=True)
    choose(db, cast.bob, [], [])
    assert chosen(db, cast.bob) == Choice((), (), has_address=True)


def test_what_comes_by_mail_is_on_the_page_too(db: Database, cast: Cast) -> None:
    choose(db, cast.bob, ["reply"], ["follow"])
    assert chosen(db, cast.bob) == Choice(("reply", "follow"), ("follow",), has_address=True)


@pytest.mark.parametrize("kinds", [["poll"], ["mention", ""], ["mention,reply"], ["x" * 5000]])
def test_an_unknown_kind_is_refused(db: Database, cast: Cast, kinds: list[str]) -> None:
    for on_page, by_mail in ((kinds, []), ([], kinds)):
        with pytest.raises(Invalid) as refused:
            choose(db, cast.bob, on_page, by_mail)
        assert refused.value.code == "kind_unknown"
    assert chosen(db, cast.bob) == Choice(KINDS, (), has_address=True)


# Mails.


def test_what_somebody_wants_by_mail_is_mailed(
    db: Database, worker: Worker, cast: Cast, alice: Listener, post_id: int
) -> None:
    make.post(db, cast.carol, "@alice hello")
    [mail] = mails(db, worker)
    assert (mail.kind, mail.to, mail.account_id) == ("notification", "alice@ex.com", cast.alice.id)
    assert mail.values | {"path": ""} == {
        "what": "mention",
        "name": "carol",
        "username": "carol",
        "excerpt": "@alice hello",
        "path": "",
    }


def test_a_mail_leads_to_what_it_tells_of(
    db: Database, worker: Worker, cast: Cast, alice: Listener, post_id: int
) -> None:
    answer_id = make.post(db, cast.carol, "An answer", reply_to=post_id)
    make.favourite(db, cast.carol, post_id)
    make.follow(db, cast.carol, cast.alice)
    make.locked(db, cast.alice)
    dave = make.account(db, "dave")
    make.follow(db, dave, cast.alice)
    found = {mail.values["what"]: mail.values["path"] for mail in mails(db, worker)}
    assert found == {
        "reply": f"/@carol/{answer_id}",
        "favourite": f"/@alice/{post_id}",
        "follow_request": "/follow-requests",
    }


def test_who_wants_no_mail_gets_none(
    db: Database, worker: Worker, cast: Cast, alice: Listener, post_id: int
) -> None:
    choose(db, cast.alice, KINDS, ["boost"])
    do_everything(db, cast.carol, cast.alice, post_id)
    make.post(db, cast.carol, "@bob hello")
    assert whats(db, worker) == ["boost"]


def test_an_address_that_nobody_confirmed_gets_no_mail(
    db: Database, worker: Worker, cast: Cast, alice: Listener
) -> None:
    unconfirmed = update(User).values(email_confirmed_at=None)
    db.write(lambda session: session.execute(unconfirmed))
    make.post(db, cast.carol, "@alice hello")
    assert whats(db, worker) == []
    assert not chosen(db, cast.alice).has_address


def test_what_is_not_told_is_not_mailed(
    db: Database, worker: Worker, cast: Cast, alice: Listener, post_id: int
) -> None:
    make.mute(db, cast.alice, cast.carol)
    do_everything(db, cast.carol, cast.alice, post_id)
    make.favourite(db, cast.alice, post_id)
    assert whats(db, worker) == []


@pytest.mark.parametrize("visibility", [FOLLOWERS, MENTIONED])
def test_a_mail_quotes_nothing_that_is_for_some_only(
    db: Database, worker: Worker, cast: Cast, alice: Listener, visibility: str
) -> None:
    make.follow(db, cast.alice, cast.carol)
    make.post(db, cast.carol, "A secret for @alice", warning="Sssh", visibility=visibility)
    [mail] = [mail for mail in mails(db, worker) if mail.account_id == cast.alice.id]
    assert mail.values["excerpt"] == ""
    assert "secret" not in str(mail)
    assert "Sssh" not in str(mail)


def test_a_mail_quotes_the_warning_in_place_of_the_text(
    db: Database, worker: Worker, cast: Cast, alice: Listener
) -> None:
    make.post(db, cast.carol, "@alice the butler did it", warning="Spoiler")
    [mail] = mails(db, worker)
    assert mail.values["excerpt"] == "Spoiler"
    assert "butler" not in str(mail)


def test_of_one_thing_there_is_no_second_mail_until_it_was_read(
    db: Database, worker: Worker, cast: Cast, alice: Listener, post_id: int
) -> None:
    fans = [make.account(db, f"fan{number}") for number in range(4)]
    make.favourite(db, fans[0], post_id)
    make.favourite(db, fans[1], post_id)
    assert whats(db, worker) == ["favourite"]
    mailed_longer_ago(db, is_read=False)
    make.favourite(db, fans[2], post_id)
    assert whats(db, worker) == ["favourite"]
    mailed_longer_ago(db, is_read=True)
    make.favourite(db, fans[3], post_id)
    assert whats(db, worker) == ["favourite", "favourite"]


def test_of_one_thing_there_is_no_second_mail_within_the_hour_even_if_it_was_read(
    db: Database, worker: Worker, cast: Cast, alice: Listener, post_id: int
) -> None:
    make.favourite(db, cast.bob, post_id)
    assert whats(db, worker) == ["favourite"]
    alice.read()
    make.favourite(db, cast.carol, post_id)
    # The first one is sent by now.
    assert whats(db, worker) == []
    assert alice.unread() == 1


def test_nobody_is_buried_in_mails(
    db: Database, worker: Worker, cast: Cast, alice: Listener
) -> None:
    for number in range(OF_ALL.limit + 3):
        make.post(db, cast.carol, f"@alice {number}")
    assert whats(db, worker) == ["mention"] * OF_ALL.limit
    make.attempts_older(db, OF_ALL.window + timedelta(minutes=1))
    make.post(db, cast.carol, "@alice once more")
    assert whats(db, worker) == ["mention"] * (OF_ALL.limit + 1)


def mailed_longer_ago(db: Database, *, is_read: bool) -> None:
    """Make every mail older, as if more than the pause had passed, with or without reading."""
    older = update(Notification).where(Notification.mailed_id > 0).values(mailed_id=2)
    read = update(User).values(notifications_read_id=2 if is_read else 1)
    for change in (older, read):
        db.write(partial(Session.execute, statement=change))
