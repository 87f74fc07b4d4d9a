"""Who is told what others did, once each, and who never is."""

import pytest
from sqlalchemy import update

from microblog import ids
from microblog.db import Database
from microblog.domain import posts, relationships
from microblog.domain.notifications import following_up
from microblog.domain.visibility import FOLLOWERS, MENTIONED
from microblog.models import Block, Notification, ThreadMute, User
from microblog.models.notification import KINDS
from microblog.worker import Worker
from tests import make
from tests.cast import Cast
from tests.listener import Heard, Listener, do_everything, kept


@pytest.fixture
def alice(db: Database, worker: Worker, cast: Cast) -> Listener:
    """Return Alice, who has seen that Bob follows her."""
    listener = Listener(db, worker, cast.alice)
    assert listener.kinds() == ["follow"]
    db.write(lambda session: session.query(Notification).delete())
    return listener


@pytest.fixture
def post_id(db: Database, cast: Cast) -> int:
    """Return a post of Alice's."""
    return make.post(db, cast.alice, "What a day")


# What is told.


def test_a_person_hears_of_a_mention(db: Database, cast: Cast, alice: Listener) -> None:
    post_id = make.post(db, cast.carol, "Good morning @alice and @alice")
    assert alice.heard() == [Heard("mention", post_id, ["carol"])]


def test_an_author_hears_of_an_answer(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    answer_id = make.post(db, cast.carol, "It is", reply_to=post_id)
    assert alice.heard() == [Heard("reply", answer_id, ["carol"])]


def test_an_answer_that_names_the_author_is_told_once_as_an_answer(
    db: Database, worker: Worker, cast: Cast, alice: Listener, post_id: int
) -> None:
    answer_id = make.post(db, cast.carol, "@alice @bob indeed", reply_to=post_id)
    assert alice.heard() == [Heard("reply", answer_id, ["carol"])]
    assert Listener(db, worker, cast.bob).heard() == [Heard("mention", answer_id, ["carol"])]


def test_all_who_are_mentioned_hear_of_it_however_many(
    db: Database, worker: Worker, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following_up, "CHUNK", 5)
    people = [make.account(db, f"p{number}") for number in range(12)]
    post_id = make.post(db, cast.carol, " ".join(f"@{person.username}" for person in people))
    told = [Listener(db, worker, person).heard() for person in people]
    assert told == [[Heard("mention", post_id, ["carol"])]] * 12


def test_an_author_hears_of_favourites_of_one_post_together(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    other_id = make.post(db, cast.alice, "Another")
    make.favourite(db, cast.bob, post_id)
    make.favourite(db, cast.bob, other_id)
    make.favourite(db, cast.carol, post_id)
    assert alice.heard() == [
        Heard("favourite", post_id, ["carol", "bob"]),
        Heard("favourite", other_id, ["bob"]),
    ]


def test_an_author_hears_of_boosts_of_one_post_together(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    make.boost(db, cast.bob, post_id)
    make.favourite(db, cast.bob, post_id)
    make.boost(db, cast.carol, post_id)
    assert alice.heard() == [
        Heard("boost", post_id, ["carol", "bob"]),
        Heard("favourite", post_id, ["bob"]),
    ]


def test_a_person_hears_who_began_to_follow_them_on_a_day(
    db: Database, cast: Cast, alice: Listener
) -> None:
    dave = make.account(db, "dave")
    make.follow(db, cast.carol, cast.alice)
    make.follow(db, dave, cast.alice)
    assert alice.heard() == [Heard("follow", None, ["dave", "carol"])]


def test_mentions_and_answers_are_never_gathered(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    make.post(db, cast.bob, "First", reply_to=post_id)
    make.post(db, cast.bob, "Second", reply_to=post_id)
    make.post(db, cast.bob, "@alice third")
    assert alice.kinds() == ["mention", "reply", "reply"]


def test_a_private_post_is_told_to_those_it_is_for(
    db: Database, cast: Cast, alice: Listener
) -> None:
    post_id = make.post(db, cast.carol, "Between us, @alice", visibility=MENTIONED)
    assert alice.heard() == [Heard("mention", post_id, ["carol"])]


# What is not told.


def test_nobody_hears_of_their_own_acts(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    make.post(db, cast.alice, "I go on, @alice", reply_to=post_id)
    make.favourite(db, cast.alice, post_id)
    make.boost(db, cast.alice, post_id)
    assert alice.kinds() == []


def test_everything_is_told_of_whom_nothing_stands_between(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    do_everything(db, cast.carol, cast.alice, post_id)
    assert alice.kinds() == ["follow", "boost", "favourite", "reply", "mention"]


def test_nobody_hears_of_whom_they_have_muted(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    make.mute(db, cast.alice, cast.carol)
    do_everything(db, cast.carol, cast.alice, post_id)
    assert alice.kinds() == []
    assert kept(db, cast.alice) == 0


@pytest.mark.parametrize("blocks", ["alice", "carol"])
def test_who_blocked_or_is_blocked_is_not_heard_of(
    db: Database, cast: Cast, alice: Listener, post_id: int, blocks: str
) -> None:
    do_everything(db, cast.carol, cast.alice, post_id)
    pair = (cast.alice, cast.carol) if blocks == "alice" else (cast.carol, cast.alice)
    # The row alone: what follows a block must have nothing left to do.
    row = Block(blocker_id=pair[0].id, blocked_id=pair[1].id, id=ids.new())
    db.write(lambda session: session.add(row))
    assert alice.kinds() == []
    assert kept(db, cast.alice) == 0


def test_a_muted_conversation_is_silent(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    answer_id = make.post(db, cast.bob, "Early", reply_to=post_id)
    assert alice.kinds() == ["reply"]
    mute = ThreadMute(account_id=cast.alice.id, thread_id=post_id)
    db.write(lambda session: session.add(mute))
    make.post(db, cast.carol, "Late", reply_to=post_id)
    make.post(db, cast.carol, "Deep down, @alice", reply_to=answer_id)
    make.favourite(db, cast.carol, post_id)
    make.boost(db, cast.carol, post_id)
    assert alice.kinds() == ["reply"]
    make.post(db, cast.carol, "Elsewhere, @alice")
    assert alice.kinds() == ["mention", "reply"]


def test_a_conversation_muted_by_somebody_else_is_not_silent(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    mute = ThreadMute(account_id=cast.bob.id, thread_id=post_id)
    db.write(lambda session: session.add(mute))
    make.post(db, cast.carol, "Here", reply_to=post_id)
    assert alice.kinds() == ["reply"]


def test_nobody_hears_of_an_answer_they_cannot_see(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    make.post(db, cast.carol, "For my followers", reply_to=post_id, visibility=FOLLOWERS)
    make.post(db, cast.carol, "For @bob", reply_to=post_id, visibility=MENTIONED)
    assert alice.kinds() == []
    assert kept(db, cast.alice) == 0


def test_who_follows_hears_of_an_answer_for_followers(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    make.follow(db, cast.alice, cast.carol)
    make.post(db, cast.carol, "For my followers", reply_to=post_id, visibility=FOLLOWERS)
    assert alice.kinds() == ["reply"]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "follow_request"])
def test_nobody_hears_of_a_kind_they_do_not_want(
    db: Database, cast: Cast, alice: Listener, post_id: int, kind: str
) -> None:
    unwanted = update(User).where(User.account_id == cast.alice.id)
    db.write(lambda session: session.execute(unwanted.values(unwanted_notifications=f"x,{kind}")))
    do_everything(db, cast.carol, cast.alice, post_id)
    kinds = ["follow", "boost", "favourite", "reply", "mention"]
    assert alice.kinds() == [other for other in kinds if other != kind]


def test_who_lets_in_each_by_hand_is_not_told_that_they_follow(
    db: Database, cast: Cast, alice: Listener
) -> None:
    make.locked(db, cast.alice)
    make.follow(db, cast.carol, cast.alice)
    db.write(lambda s: relationships.accept(s, by=cast.alice, account_id=cast.carol.id))
    assert alice.kinds() == []


def test_nothing_is_told_of_a_post_that_was_deleted_meanwhile(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    make.favourite(db, cast.carol, post_id)
    answer_id = make.post(db, cast.carol, "@alice hello", reply_to=post_id)
    db.write(lambda session: posts.delete(session, by=cast.carol, post_id=answer_id))
    db.write(lambda session: posts.delete(session, by=cast.alice, post_id=post_id))
    assert alice.kinds() == []
    assert kept(db, cast.alice) == 0
