"""Reading up to somewhere, letting in, deleting for oneself, leaving; and what is left at last."""

from functools import partial

import pytest

from microblog.db import Database
from microblog.domain import identity, messages
from microblog.domain.errors import NotAllowed, NotFound
from microblog.domain.events import ConversationCleared
from microblog.domain.messages import clearing
from microblog.domain.viewer import Viewer
from microblog.worker import Worker
from tests import make
from tests.announced import announced
from tests.cast import Cast
from tests.letters import Letters, rows
from tests.parallel import at_once


def gone_for_good(db: Database, person: Viewer) -> None:
    """Delete an account, every round of it."""
    cursor: int | None = None
    for _ in range(100):
        cursor = db.write(partial(identity.delete_account, account_id=person.id, cursor=cursor))
        if cursor is None:
            return
    raise AssertionError("There is always more to delete.")


# Reading


def test_what_was_read_is_no_longer_unread(db: Database, cast: Cast) -> None:
    sent = make.message(db, cast.alice, cast.bob)
    bob = Letters(db, cast.bob)
    assert bob.read(sent.conversation_id)
    assert bob.unread == 0
    assert not bob.read(sent.conversation_id)
    Letters(db, cast.alice).send(sent.conversation_id)
    assert bob.unread == 1


def test_what_came_while_one_read_stays_unread(db: Database, cast: Cast) -> None:
    sent = make.message(db, cast.alice, cast.bob)
    newer = Letters(db, cast.alice).send(sent.conversation_id)
    bob = Letters(db, cast.bob)
    assert bob.read(sent.conversation_id, sent.message_id)
    assert bob.unread == 1
    assert bob.read(sent.conversation_id, newer)
    # Nor does one who looks at an old page make anything unread.
    assert not bob.read(sent.conversation_id, sent.message_id)
    assert bob.unread == 0


def test_one_reads_for_oneself_alone(db: Database, cast: Cast) -> None:
    sent = make.message(db, cast.alice, cast.bob)
    with pytest.raises(NotFound):
        Letters(db, cast.carol).read(sent.conversation_id, sent.message_id)
    Letters(db, cast.alice).read(sent.conversation_id, sent.message_id)
    assert Letters(db, cast.bob).unread == 1


# Requests


def test_a_request_is_accepted_once(db: Database, cast: Cast) -> None:
    sent = make.message(db, cast.carol, cast.bob)
    bob = Letters(db, cast.bob)
    assert bob.accept(sent.conversation_id)
    assert not bob.accept(sent.conversation_id)
    assert (len(bob.conversations()), bob.conversations(requests=True), bob.unread) == (1, [], 1)


def test_nobody_accepts_for_others(db: Database, cast: Cast) -> None:
    sent = make.message(db, cast.carol, cast.bob)
    with pytest.raises(NotFound):
        Letters(db, cast.alice).accept(sent.conversation_id)
    assert not Letters(db, cast.carol).accept(sent.conversation_id)
    assert len(Letters(db, cast.bob).conversations(requests=True)) == 1


def test_a_deleted_request_comes_back_as_a_request(db: Database, cast: Cast) -> None:
    sent = make.message(db, cast.carol, cast.bob, text="Buy this")
    bob = Letters(db, cast.bob)
    assert bob.clear(sent.conversation_id)
    assert bob.conversations(requests=True) == []
    Letters(db, cast.carol).send(sent.conversation_id, "Please")
    assert (len(bob.conversations(requests=True)), bob.unread) == (1, 0)
    assert bob.texts(sent.conversation_id) == ["Please"]


# Deleting


def test_a_conversation_is_deleted_for_oneself_until_the_next_message(
    db: Database, worker: Worker, cast: Cast
) -> None:
    sent = make.message(db, cast.alice, cast.bob, text="Old")
    alice, bob = Letters(db, cast.alice), Letters(db, cast.bob)
    assert bob.clear(sent.conversation_id)
    assert announced(db, ConversationCleared) == [ConversationCleared(sent.conversation_id)]
    worker.run_due()
    assert (bob.conversations(), bob.unread, bob.texts(sent.conversation_id)) == ([], 0, [])
    assert not bob.clear(sent.conversation_id)
    assert announced(db, ConversationCleared) == []
    alice.send(sent.conversation_id, "New")
    assert (len(bob.conversations()), bob.unread) == (1, 1)
    assert bob.texts(sent.conversation_id) == ["New"]
    assert alice.texts(sent.conversation_id) == ["Old", "New"]


def test_nobody_deletes_for_others(db: Database, cast: Cast) -> None:
    sent = make.message(db, cast.alice, cast.bob)
    with pytest.raises(NotFound):
        Letters(db, cast.carol).clear(sent.conversation_id)
    assert len(Letters(db, cast.bob).conversations()) == 1


def test_what_everybody_has_deleted_is_gone(
    db: Database, worker: Worker, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clearing, "CHUNK", 2)
    sent = make.message(db, cast.alice, cast.bob)
    alice, bob = Letters(db, cast.alice), Letters(db, cast.bob)
    for _ in range(4):
        alice.send(sent.conversation_id)
    bob.clear(sent.conversation_id)
    alice.send(sent.conversation_id, "After")
    worker.run_due()
    assert rows(db)["messages"] == 6
    alice.clear(sent.conversation_id)
    worker.run_due()
    # Bob has not deleted the last one.
    assert rows(db) == {"conversations": 1, "conversation_members": 2, "messages": 1}
    assert bob.texts(sent.conversation_id) == ["After"]


# Leaving


def test_who_leaves_is_out_and_the_others_see_it(db: Database, worker: Worker, cast: Cast) -> None:
    sent = make.message(db, cast.alice, cast.bob, cast.carol)
    Letters(db, cast.bob).leave(sent.conversation_id)
    assert announced(db, ConversationCleared) == [ConversationCleared(sent.conversation_id)]
    worker.run_due()
    bob, alice = Letters(db, cast.bob), Letters(db, cast.alice)
    assert (bob.conversations(), bob.unread, bob.may_open(sent.conversation_id)) == ([], 0, False)
    said, left = alice.messages(sent.conversation_id)
    assert (said.is_departure, left.is_departure) == (False, True)
    assert left.author is not None
    assert left.author.username == "bob"
    assert [face.username for face in alice.conversation(sent.conversation_id).others] == ["carol"]
    # That somebody left is no news.
    assert alice.unread == 0


def test_who_has_left_gets_nothing_more_and_may_do_nothing(db: Database, cast: Cast) -> None:
    sent = make.message(db, cast.alice, cast.bob, cast.carol)
    bob = Letters(db, cast.bob)
    bob.leave(sent.conversation_id)
    Letters(db, cast.alice).send(sent.conversation_id, "He is gone")
    assert (bob.conversations(), bob.unread) == ([], 0)
    for act in (bob.send, bob.accept, bob.clear, bob.leave):
        with pytest.raises(NotFound):
            act(sent.conversation_id)
    with pytest.raises(NotFound):
        bob.read(sent.conversation_id, 2**62)


def test_writing_to_the_same_people_again_begins_another_conversation(
    db: Database, cast: Cast
) -> None:
    sent = make.message(db, cast.alice, cast.bob, cast.carol)
    Letters(db, cast.bob).leave(sent.conversation_id)
    again = make.message(db, cast.alice, cast.bob, cast.carol)
    assert again.conversation_id != sent.conversation_id
    # Who is left is no conversation of two, which is found by its own people.
    pair = make.message(db, cast.alice, cast.carol)
    assert pair.conversation_id not in (sent.conversation_id, again.conversation_id)


def test_of_two_nobody_leaves(db: Database, cast: Cast) -> None:
    sent = make.message(db, cast.alice, cast.bob)
    with pytest.raises(NotAllowed):
        Letters(db, cast.bob).leave(sent.conversation_id)
    with pytest.raises(NotFound):
        Letters(db, cast.carol).leave(sent.conversation_id)
    assert Letters(db, cast.bob).may_open(sent.conversation_id)


def test_a_conversation_that_everybody_has_left_is_gone(
    db: Database, worker: Worker, cast: Cast
) -> None:
    sent = make.message(db, cast.alice, cast.bob, cast.carol)
    people = (cast.alice, cast.bob, cast.carol)
    at_once(*(partial(Letters(db, person).leave, sent.conversation_id) for person in people))
    worker.run_due()
    assert rows(db) == {"conversations": 0, "conversation_members": 0, "messages": 0}
    # An event that is followed up twice changes nothing.
    assert not db.write(lambda session: messages.clear_away(session, sent.conversation_id))


# Leaving the server


def test_what_somebody_said_goes_with_their_account(
    db: Database, worker: Worker, cast: Cast
) -> None:
    sent = make.message(db, cast.alice, cast.bob, text="Mine")
    bob = Letters(db, cast.bob)
    bob.send(sent.conversation_id, "Yours")
    gone_for_good(db, cast.alice)
    worker.run_due()
    theirs, own = bob.messages(sent.conversation_id)
    assert (theirs.author, theirs.text, theirs.html) == (None, "", "")
    assert (own.text, own.is_own) == ("Yours", True)
    assert bob.conversation(sent.conversation_id).others == ()


def test_a_conversation_goes_with_its_last_account(
    db: Database, worker: Worker, cast: Cast
) -> None:
    make.message(db, cast.alice, cast.bob)
    kept = make.message(db, cast.alice, cast.carol)
    for person in (cast.alice, cast.bob):
        gone_for_good(db, person)
    worker.run_due()
    assert rows(db) == {"conversations": 1, "conversation_members": 1, "messages": 1}
    assert Letters(db, cast.carol).may_open(kept.conversation_id)
