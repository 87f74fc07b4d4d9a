"""Writing in private: to whom one may write, what arrives, and where."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from microblog import clock, ids
from microblog.db import Database
from microblog.domain import administration, messages
from microblog.domain.errors import Invalid, NotFound
from microblog.domain.events import MessageArrived
from microblog.domain.viewer import Viewer
from microblog.models import Conversation, Message, User
from microblog.models.user import WAITING
from tests import make
from tests.announced import announced
from tests.cast import Cast
from tests.letters import Letters, rows
from tests.parallel import at_once


def refusal_to_begin(db: Database, by: Viewer, *to: Viewer) -> tuple[str, str]:
    before = rows(db)
    with pytest.raises(Invalid) as refused:
        make.message(db, by, *to)
    assert rows(db) == before
    return refused.value.field, refused.value.code


def refusal_of_text(db: Database, text: str) -> tuple[str, str]:
    with db.read() as session, pytest.raises(Invalid) as refused:
        messages.compose(session, text)
    return refused.value.field, refused.value.code


def refusal_of_names(db: Database, by: Viewer, typed: str) -> tuple[str, str]:
    with db.read() as session, pytest.raises(Invalid) as refused:
        messages.find_recipients(session, by, typed)
    assert refused.value.field == "to"
    return refused.value.code, str(refused.value.values.get("name", ""))


def names(db: Database, by: Viewer, typed: str) -> list[str]:
    with db.read() as session:
        return [face.username for face in messages.find_recipients(session, by, typed)]


def begin(db: Database, by: Viewer, to: Viewer, key: str) -> messages.Sent:
    with db.read() as session:
        draft = messages.compose(session, "Hello", key)
    return db.write(lambda session: messages.begin(session, by=by, to=[to.id], draft=draft))


# What is written


def test_a_message_is_cleaned_and_rendered(db: Database, cast: Cast) -> None:
    sent = make.message(db, cast.alice, cast.bob, text="  <b>Hi</b> @carol\r\nsee #tea  ")
    (message,) = Letters(db, cast.bob).messages(sent.conversation_id)
    assert message.text == "<b>Hi</b> @carol\nsee #tea"
    assert "&lt;b&gt;Hi&lt;/b&gt;" in message.html
    assert 'href="/@carol"' in message.html
    assert (message.is_own, message.is_departure) == (False, False)
    assert message.author is not None
    assert message.author.username == "alice"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "post_empty"),
        (" \n\u200b\t", "post_empty"),
        ("a" * 2001, "too_long"),
        ("a" * 100_000, "too_long"),
        ("e" + "\u0301" * 9_999 + "a" * 2_001, "too_long"),
        ("a\0b", "characters"),
    ],
)
def test_what_cannot_be_taken_is_refused(db: Database, text: str, code: str) -> None:
    assert refusal_of_text(db, text) == ("text", code)


def test_two_thousand_characters_are_taken(db: Database) -> None:
    with db.read() as session:
        assert len(messages.compose(session, "a" * 2000).text) == 2000


def test_naming_somebody_adds_nobody_and_tells_nobody(db: Database, cast: Cast) -> None:
    sent = make.message(db, cast.alice, cast.bob, text="Do not tell @carol")
    carol = Letters(db, cast.carol)
    assert carol.conversations() == carol.conversations(requests=True) == []
    assert not carol.may_open(sent.conversation_id)
    assert announced(db, MessageArrived) == [MessageArrived(sent.message_id, cast.bob.id)]


# To whom


def test_who_follows_the_writer_finds_the_message_among_the_others(
    db: Database, cast: Cast
) -> None:
    sent = make.message(db, cast.alice, cast.bob)
    bob = Letters(db, cast.bob)
    assert [found.id for found in bob.conversations()] == [sent.conversation_id]
    assert bob.conversations(requests=True) == []
    assert bob.unread == 1


def test_a_stranger_asks_first(db: Database, cast: Cast) -> None:
    sent = make.message(db, cast.carol, cast.bob)
    bob = Letters(db, cast.bob)
    assert bob.conversations() == []
    (request,) = bob.conversations(requests=True)
    assert (request.id, request.is_request, request.is_unread) == (sent.conversation_id, True, True)
    assert bob.unread == 0
    # The writer has it among their own.
    assert [found.id for found in Letters(db, cast.carol).conversations()] == [sent.conversation_id]
    assert Letters(db, cast.carol).unread == 0


def test_whom_one_has_written_to_is_no_stranger(db: Database, cast: Cast) -> None:
    make.message(db, cast.bob, cast.carol)
    ada = make.account(db, "ada")
    sent = make.message(db, cast.carol, cast.bob, ada)
    assert Letters(db, cast.bob).conversations()[0].id == sent.conversation_id
    assert [found.id for found in Letters(db, ada).conversations(requests=True)] == [
        sent.conversation_id
    ]


def test_whom_one_follows_by_now_needs_to_ask_no_more(db: Database, cast: Cast) -> None:
    sent = make.message(db, cast.carol, cast.bob)
    make.follow(db, cast.bob, cast.carol)
    Letters(db, cast.carol).send(sent.conversation_id)
    assert Letters(db, cast.bob).unread == 1


@pytest.mark.parametrize("is_writer", [True, False])
def test_whoever_of_two_has_blocked_the_other_neither_may_begin(
    db: Database, cast: Cast, is_writer: bool
) -> None:
    make.block(db, *((cast.alice, cast.bob) if is_writer else (cast.bob, cast.alice)))
    assert refusal_to_begin(db, cast.alice, cast.bob) == ("to", "recipient_unreachable")
    # Nor among others, and it is not told who blocked whom, or whether there is such a person.
    assert refusal_to_begin(db, cast.alice, cast.carol, cast.bob) == ("to", "recipient_unreachable")
    assert refusal_of_names(db, cast.alice, "carol bob") == ("recipient_unreachable", "bob")
    assert refusal_of_names(db, cast.alice, "carol bobo") == ("recipient_unreachable", "bobo")


def test_who_is_suspended_or_waits_to_be_let_in_cannot_be_written_to(
    db: Database, cast: Cast
) -> None:
    db.write(lambda s: administration.suspend(s, by=cast.alice, account_id=cast.carol.id))
    ada = make.account(db, "ada")
    db.write(
        lambda s: s.execute(update(User).where(User.account_id == ada.id).values(state=WAITING))
    )
    for person in (cast.carol, ada):
        assert refusal_to_begin(db, cast.bob, person) == ("to", "recipient_unreachable")


def test_nobody_may_write_to_nobody_to_themselves_or_to_a_crowd(db: Database, cast: Cast) -> None:
    crowd = [make.account(db, f"fan{number}") for number in range(11)]
    assert refusal_to_begin(db, cast.alice) == ("to", "recipient_missing")
    assert refusal_to_begin(db, cast.alice, cast.alice) == ("to", "recipient_missing")
    assert refusal_to_begin(db, cast.alice, *crowd) == ("to", "recipients_many")
    assert refusal_to_begin(db, cast.alice, Viewer(1, "nobody")) == ("to", "recipient_unreachable")
    assert make.message(db, cast.alice, *crowd[:10]).is_new


def test_people_are_found_by_name(db: Database, cast: Cast) -> None:
    assert names(db, cast.alice, "@bob, Carol;bob\n@alice") == ["bob", "carol"]
    assert refusal_of_names(db, cast.alice, " , @ ") == ("recipient_missing", "")
    assert refusal_of_names(db, cast.alice, "alice") == ("recipient_missing", "")
    assert refusal_of_names(db, cast.alice, "bob@elsewhere.example")[0] == "recipient_unreachable"
    assert refusal_of_names(db, cast.alice, "a " * 100_000)[0] == "recipients_many"
    many = " ".join(f"fan{number}" for number in range(11))
    assert refusal_of_names(db, cast.alice, many)[0] == "recipients_many"


# Going on


def test_the_same_people_go_on_in_the_same_conversation(db: Database, cast: Cast) -> None:
    first = make.message(db, cast.alice, cast.bob, cast.carol)
    second = make.message(db, cast.carol, cast.bob, cast.alice, text="Again")
    assert first.conversation_id == second.conversation_id
    assert Letters(db, cast.bob).texts(first.conversation_id) == ["Hello", "Again"]
    # Fewer of them are others.
    assert make.message(db, cast.alice, cast.bob).conversation_id != first.conversation_id


def test_to_answer_a_request_is_to_accept_it(db: Database, cast: Cast) -> None:
    sent = make.message(db, cast.carol, cast.bob)
    bob = Letters(db, cast.bob)
    bob.send(sent.conversation_id, "Who are you?")
    assert [found.id for found in bob.conversations()] == [sent.conversation_id]
    assert (bob.unread, Letters(db, cast.carol).unread) == (0, 1)


def test_a_stranger_may_not_go_on_in_a_conversation_of_others(db: Database, cast: Cast) -> None:
    sent = make.message(db, cast.alice, cast.bob)
    for conversation_id in (sent.conversation_id, 0, 2**63 - 1):
        with pytest.raises(NotFound):
            Letters(db, cast.carol).send(conversation_id)
    assert Letters(db, cast.bob).texts(sent.conversation_id) == ["Hello"]


@pytest.mark.parametrize("is_writer", [True, False])
def test_who_is_blocked_cannot_go_on_either(db: Database, cast: Cast, is_writer: bool) -> None:
    sent = make.message(db, cast.alice, cast.bob)
    make.block(db, *((cast.alice, cast.bob) if is_writer else (cast.bob, cast.alice)))
    for person in (cast.alice, cast.bob):
        with pytest.raises(Invalid) as refused:
            Letters(db, person).send(sent.conversation_id)
        assert refused.value.code == "conversation_over"


def test_among_several_a_message_does_not_reach_whom_its_author_has_blocked(
    db: Database, cast: Cast
) -> None:
    sent = make.message(db, cast.alice, cast.bob, cast.carol)
    for person in (cast.alice, cast.bob, cast.carol):
        Letters(db, person).accept(sent.conversation_id)
        Letters(db, person).read(sent.conversation_id)
    make.block(db, cast.alice, cast.carol)
    Letters(db, cast.alice).send(sent.conversation_id, "For Bob")
    assert (Letters(db, cast.bob).unread, Letters(db, cast.carol).unread) == (1, 0)
    assert Letters(db, cast.bob).texts(sent.conversation_id) == ["Hello", "For Bob"]
    assert Letters(db, cast.carol).texts(sent.conversation_id) == []


def test_who_is_muted_arrives_without_a_sound(db: Database, cast: Cast) -> None:
    make.mute(db, cast.bob, cast.alice)
    sent = make.message(db, cast.alice, cast.bob)
    bob = Letters(db, cast.bob)
    assert [found.id for found in bob.conversations()] == [sent.conversation_id]
    assert bob.unread == 0


# Twice, and at once


def test_a_form_sent_twice_is_one_message(db: Database, cast: Cast) -> None:
    first = begin(db, cast.alice, cast.bob, "form-0001")
    second = begin(db, cast.alice, cast.bob, "form-0001")
    assert (first.is_new, second.is_new) == (True, False)
    assert first[:2] == second[:2]
    alice = Letters(db, cast.alice)
    sent = alice.send(first.conversation_id, "More", "form-0002")
    assert alice.send(first.conversation_id, "More", "form-0002") == sent
    assert alice.texts(first.conversation_id) == ["Hello", "More"]
    # A key is its owner's: Bob's form has another one by chance alone.
    Letters(db, cast.bob).send(first.conversation_id, "Mine", "form-0002")
    assert alice.texts(first.conversation_id) == ["Hello", "More", "Mine"]


def test_a_damaged_key_is_refused(db: Database) -> None:
    with db.read() as session, pytest.raises(Invalid) as refused:
        messages.compose(session, "Hello", "a'b")
    assert refused.value.code == "form_broken"


def test_keys_are_forgotten_after_a_day(db: Database, cast: Cast) -> None:
    sent = begin(db, cast.alice, cast.bob, "form-0001")
    assert not db.write(messages.forget_old_keys)
    yesterday = ids.at(clock.now() - timedelta(hours=25))
    db.write(
        lambda s: s.execute(
            update(Message).where(Message.id == sent.message_id).values(id=yesterday)
        )
    )
    db.write(messages.forget_old_keys)
    assert begin(db, cast.alice, cast.bob, "form-0001").is_new


def test_two_who_write_to_each_other_at_once_are_in_one_conversation(
    db: Database, cast: Cast
) -> None:
    people = [cast.alice, cast.bob, cast.carol]

    def write(person: Viewer) -> int:
        others = [other for other in people if other is not person]
        return make.message(db, person, *others, text=person.username).conversation_id

    found = set(at_once(*(partial(write, person) for person in people * 3)))
    with db.read() as session:
        assert set(session.scalars(select(Conversation.id))) == found
    (conversation_id,) = found
    texts = Letters(db, cast.alice).texts(conversation_id)
    assert sorted(texts) == sorted(["alice", "bob", "carol"] * 3)


def test_one_form_sent_many_times_at_once_is_one_message(db: Database, cast: Cast) -> None:
    sent = at_once(*[partial(begin, db, cast.alice, cast.bob, "form-0001")] * 8)
    assert len({message.message_id for message in sent}) == 1
    assert sum(message.is_new for message in sent) == 1
    assert rows(db) == {"conversations": 1, "conversation_members": 2, "messages": 1}


def test_people_who_write_at_once_in_one_conversation_lose_nothing(
    db: Database, cast: Cast
) -> None:
    sent = make.message(db, cast.alice, cast.bob, cast.carol)
    people = [cast.alice, cast.bob, cast.carol]

    def write(person: Viewer) -> list[int]:
        letters = Letters(db, person)
        written = []
        for number in range(10):
            written.append(letters.send(sent.conversation_id, f"{person.username} {number}"))
            letters.read(sent.conversation_id)
        return written

    written = at_once(*(partial(write, person) for person in people))
    found = [message.id for message in Letters(db, cast.bob).messages(sent.conversation_id)]
    assert found == sorted([sent.message_id, *written[0], *written[1], *written[2]])
    assert all(
        Letters(db, p).conversation(sent.conversation_id).last_message_id == found[-1]
        for p in people
    )
