"""Reading conversations: what is in the lists, in what order, and what nobody is shown."""

import pytest

from microblog.db import Database
from microblog.domain import administration, messages
from microblog.domain.messages import ConversationView
from microblog.domain.pages import Page, Slice
from microblog.domain.viewer import Viewer
from tests import make
from tests.cast import Cast
from tests.letters import Letters, rows


@pytest.fixture
def crowd(db: Database, cast: Cast) -> list[Viewer]:
    """Return some people, whom Carol follows, so that she is no stranger to their messages."""
    people = [make.account(db, f"fan{number}") for number in range(5)]
    for person in people:
        make.follow(db, cast.carol, person)
    return people


def page(db: Database, viewer: Viewer, asked: Page) -> Slice[ConversationView]:
    with db.read() as session:
        return messages.list_conversations(session, viewer, asked)


def others(view: ConversationView) -> list[str]:
    return [face.username for face in view.others]


def test_the_newest_conversation_is_first_with_its_last_message(
    db: Database, cast: Cast, crowd: list[Viewer]
) -> None:
    first = make.message(db, crowd[0], cast.carol, text="First")
    make.message(db, crowd[1], cast.carol, text="Second")
    carol = Letters(db, cast.carol)
    assert [others(found) for found in carol.conversations()] == [["fan1"], ["fan0"]]
    carol.send(first.conversation_id, "Third")
    newest, older = carol.conversations()
    assert (others(newest), newest.is_unread) == (["fan0"], False)
    assert newest.last is not None
    assert (newest.last.text, newest.last.is_own) == ("Third", True)
    assert older.last is not None
    assert (older.last.text, older.is_unread) == ("Second", True)


def test_the_list_is_read_in_pages_by_key(db: Database, cast: Cast, crowd: list[Viewer]) -> None:
    expected = [make.message(db, person, cast.carol).conversation_id for person in crowd][::-1]
    first = page(db, cast.carol, Page(2))
    assert ([found.id for found in first.items], first.newer) == (expected[:2], None)
    assert first.older is not None
    second = page(db, cast.carol, Page(2, before=first.older))
    assert [found.id for found in second.items] == expected[2:4]
    assert second.newer is not None
    back = page(db, cast.carol, Page(2, after=second.newer))
    assert [found.id for found in back.items] == expected[:2]
    assert page(db, cast.carol, Page(2, before=1)).items == ()


def test_messages_are_read_in_pages_by_key(db: Database, cast: Cast) -> None:
    sent = make.message(db, cast.alice, cast.bob, text="0")
    alice, bob = Letters(db, cast.alice), Letters(db, cast.bob)
    for number in range(1, 5):
        alice.send(sent.conversation_id, str(number))
    with db.read() as session:
        view = messages.get_conversation(session, cast.bob, sent.conversation_id)
        newest = messages.list_messages(session, cast.bob, view, Page(2))
        assert newest.older is not None
        older = messages.list_messages(session, cast.bob, view, Page(2, before=newest.older))
        new = messages.list_messages(session, cast.bob, view, Page(2, after=sent.message_id))
    assert [found.text for found in newest.items] == ["4", "3"]
    assert [found.text for found in older.items] == ["2", "1"]
    assert [found.text for found in new.items] == ["2", "1"]
    assert bob.texts(sent.conversation_id) == ["0", "1", "2", "3", "4"]


def test_a_page_takes_two_statements_however_much_there_is(
    db: Database, cast: Cast, crowd: list[Viewer]
) -> None:
    def statements() -> int:
        db.reset_statements()
        page(db, cast.carol, Page(20))
        return db.statements

    make.message(db, crowd[0], cast.carol, crowd[1])
    assert statements() == 2
    for person in crowd:
        make.message(db, person, cast.carol)
    assert statements() == 2


def test_nobody_else_finds_a_conversation(db: Database, cast: Cast) -> None:
    sent = make.message(db, cast.alice, cast.bob)
    carol = Letters(db, cast.carol)
    assert carol.conversations() == carol.conversations(requests=True) == []
    for conversation_id in (sent.conversation_id, sent.message_id, 0, 2**63 - 1):
        assert not carol.may_open(conversation_id)


def test_a_conversation_is_found_by_its_people(db: Database, cast: Cast) -> None:
    sent = make.message(db, cast.alice, cast.bob, cast.carol)
    with db.read() as session:
        both = [cast.bob.id, cast.carol.id]
        assert messages.find_with(session, cast.alice, both) == sent.conversation_id
        assert messages.find_with(session, cast.alice, both[:1]) is None
        assert messages.find_with(session, cast.bob, both) is None


@pytest.mark.parametrize("how", ["blocks", "is blocked", "is suspended"])
def test_whom_one_does_not_see_any_more_is_not_here(db: Database, cast: Cast, how: str) -> None:
    sent = make.message(db, cast.alice, cast.bob, text="Secret")
    bob = Letters(db, cast.bob)
    bob.send(sent.conversation_id, "Mine")
    Letters(db, cast.alice).send(sent.conversation_id, "Secret, too")
    if how == "is suspended":
        ada = make.account(db, "ada", role="admin")
        db.write(lambda s: administration.suspend(s, by=ada, account_id=cast.alice.id))
    else:
        make.block(db, *((cast.bob, cast.alice) if how == "blocks" else (cast.alice, cast.bob)))
    (listed,) = bob.conversations()
    assert (listed.others, listed.last) == ((), None)
    assert bob.texts(sent.conversation_id) == ["Mine"]
    # What is unread can still be read, so that the badge goes.
    assert bob.unread == 1
    bob.read(sent.conversation_id)
    assert bob.unread == 0


def test_among_several_only_those_are_missing_whom_one_does_not_see(
    db: Database, cast: Cast
) -> None:
    sent = make.message(db, cast.alice, cast.bob, cast.carol, text="From Alice")
    Letters(db, cast.carol).send(sent.conversation_id, "From Carol")
    make.block(db, cast.carol, cast.bob)
    bob = Letters(db, cast.bob)
    assert others(bob.conversation(sent.conversation_id)) == ["alice"]
    assert bob.texts(sent.conversation_id) == ["From Alice"]
    assert Letters(db, cast.alice).texts(sent.conversation_id) == ["From Alice", "From Carol"]


def test_reading_writes_nothing(db: Database, cast: Cast) -> None:
    sent = make.message(db, cast.alice, cast.bob)
    before = rows(db)
    bob = Letters(db, cast.bob)
    bob.conversations()
    bob.messages(sent.conversation_id)
    assert (bob.unread, rows(db)) == (1, before)
