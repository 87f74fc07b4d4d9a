"""What is told once, and what is taken back, whoever does it at the same moment."""

import threading
from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from microblog.db import Database
from microblog.domain import notifications, outbox, posts, relationships
from microblog.domain.events import (
    DATABASE_LANE,
    Favourited,
    PostPublished,
    Unboosted,
    Unfavourited,
    Unfollowed,
)
from microblog.domain.notifications import following_up
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import FOLLOWERS, PUBLIC
from microblog.models import Notification, NotificationActor
from microblog.services import Services
from microblog.worker import Worker
from tests import make
from tests.cast import Cast
from tests.listener import Heard, Listener, do_everything, kept
from tests.parallel import at_once


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


# What is taken back.


def test_what_is_taken_back_is_told_no_more(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    do_everything(db, cast.carol, cast.alice, post_id)
    assert len(alice.kinds()) == 5
    make.unfavourite(db, cast.carol, post_id)
    assert alice.kinds() == ["follow", "boost", "reply", "mention"]
    make.unboost(db, cast.carol, post_id)
    make.unfollow(db, cast.carol, cast.alice)
    assert alice.kinds() == ["reply", "mention"]
    assert kept(db, cast.alice) == 2


def test_what_one_of_several_takes_back_is_told_of_the_others(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    make.favourite(db, cast.bob, post_id)
    make.favourite(db, cast.carol, post_id)
    make.unfavourite(db, cast.carol, post_id)
    assert alice.heard() == [Heard("favourite", post_id, ["bob"])]


def test_what_is_done_again_stays_told(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    for _ in range(2):
        make.favourite(db, cast.carol, post_id)
        make.unfavourite(db, cast.carol, post_id)
        make.boost(db, cast.carol, post_id)
        make.unboost(db, cast.carol, post_id)
    make.favourite(db, cast.carol, post_id)
    make.boost(db, cast.carol, post_id)
    assert alice.kinds() == ["boost", "favourite"]


def test_what_was_done_again_stays_told_when_word_of_its_end_comes_late(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    make.favourite(db, cast.carol, post_id)
    make.boost(db, cast.carol, post_id)
    make.follow(db, cast.carol, cast.alice)
    before = alice.keys()
    for event in (
        Unfavourited(cast.carol.id, post_id),
        Unboosted(1, post_id, cast.carol.id),
        Unfollowed(cast.carol.id, cast.alice.id),
    ):
        db.write(partial(outbox.announce, event=event))
    assert alice.keys() == before
    assert alice.kinds() == ["follow", "boost", "favourite"]


def test_a_deleted_post_takes_what_was_told_of_it_along(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    do_everything(db, cast.carol, cast.alice, post_id)
    assert len(alice.kinds()) == 5
    db.write(lambda session: posts.delete(session, by=cast.alice, post_id=post_id))
    assert alice.kinds() == ["follow", "reply", "mention"]
    assert kept(db, cast.alice) == 3


def test_people_who_block_each_other_leave_nothing_behind(
    db: Database, cast: Cast, alice: Listener, post_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following_up, "CHUNK", 2)
    do_everything(db, cast.carol, cast.alice, post_id)
    make.favourite(db, cast.bob, post_id)
    assert len(alice.kinds()) == 5
    make.block(db, cast.carol, cast.alice)
    assert alice.heard() == [Heard("favourite", post_id, ["bob"])]
    assert kept(db, cast.alice) == 1


# What an edit changes.


def edit(db: Database, by: Viewer, post_id: int, text: str, visibility: str = PUBLIC) -> None:
    with db.read() as session:
        draft = posts.compose(session, text, visibility=visibility)
    db.write(lambda session: posts.edit(session, by=by, post_id=post_id, draft=draft))


def test_who_is_named_by_an_edit_hears_of_it_once_and_who_no_more_does_not(
    db: Database, worker: Worker, cast: Cast, alice: Listener
) -> None:
    bob = Listener(db, worker, cast.bob)
    talk_id = make.post(db, cast.carol, "Hello @alice")
    assert (alice.kinds(), bob.kinds()) == (["mention"], [])
    edit(db, cast.carol, talk_id, "Hello @alice and @bob")
    assert (alice.kinds(), bob.kinds()) == (["mention"], ["mention"])
    edit(db, cast.carol, talk_id, "Hello @bob")
    assert (alice.kinds(), bob.kinds()) == ([], ["mention"])
    assert kept(db, cast.alice) == 0


def test_boosts_of_what_may_not_be_carried_on_any_more_are_told_no_more(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    make.boost(db, cast.carol, post_id)
    make.favourite(db, cast.bob, post_id)
    assert alice.kinds() == ["favourite", "boost"]
    edit(db, cast.alice, post_id, "What a day", FOLLOWERS)
    assert alice.kinds() == ["favourite"]
    assert kept(db, cast.alice) == 1


# Requests to follow.


def test_a_person_hears_of_each_request_to_follow_until_it_ends(
    db: Database, cast: Cast, alice: Listener
) -> None:
    dave = make.account(db, "dave")
    make.locked(db, cast.alice)
    make.follow(db, cast.carol, cast.alice)
    make.follow(db, dave, cast.alice)
    carols, daves = (Heard("follow_request", None, [name]) for name in ("carol", "dave"))
    assert alice.heard() == [daves, carols]
    make.unfollow(db, dave, cast.alice)
    assert alice.heard() == [carols]
    db.write(lambda s: relationships.accept(s, by=cast.alice, account_id=cast.carol.id))
    assert alice.heard() == []
    assert kept(db, cast.alice) == 0


def test_who_unlocks_their_account_hears_who_follows_them_now(
    db: Database, cast: Cast, alice: Listener
) -> None:
    make.locked(db, cast.alice)
    make.follow(db, cast.carol, cast.alice)
    assert alice.kinds() == ["follow_request"]
    make.locked(db, cast.alice, is_locked=False)
    assert alice.heard() == [Heard("follow", None, ["carol"])]


# Once each.


def test_an_event_that_comes_twice_is_told_once(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    make.favourite(db, cast.carol, post_id)
    talk_id = make.post(db, cast.carol, "@alice hello")
    before = alice.keys()
    db.write(lambda s: outbox.announce(s, Favourited(cast.carol.id, post_id)))
    db.write(lambda s: outbox.announce(s, PostPublished(talk_id)))
    assert alice.keys() == before
    assert len(before) == 2


def test_many_workers_at_once_tell_each_thing_once(
    db: Database, services: Services, cast: Cast, alice: Listener, post_id: int
) -> None:
    fans = [make.account(db, f"fan{number}") for number in range(8)]
    for fan in fans:
        make.favourite(db, fan, post_id)
        make.boost(db, fan, post_id)
        make.post(db, fan, "@alice hello", reply_to=post_id)
        make.unboost(db, fan, post_id)
    workers = [Worker(services) for _ in range(4)]
    at_once(*(partial(run_out, db, worker) for worker in workers))
    heard = alice.heard()
    assert sorted(each.kind for each in heard) == ["favourite"] + ["reply"] * 8
    assert actors(db, "favourite") == 8
    assert len(set(alice.keys())) == 9


@pytest.mark.servers_only
def test_what_is_taken_back_while_it_is_being_told_is_told_no_more(
    db: Database, cast: Cast, alice: Listener
) -> None:
    make.follow(db, cast.carol, cast.alice)
    pair = (cast.carol.id, cast.alice.id)
    telling, undone = threading.Event(), threading.Event()

    def tell(session: Session) -> None:
        notifications.tell_of_follow(session, *pair)
        telling.set()
        # Whoever takes it back has to wait for this, so it is not done before the time is up.
        assert not undone.wait(timeout=0.3)

    def take_back() -> None:
        assert telling.wait(timeout=30)
        make.unfollow(db, cast.carol, cast.alice)
        db.write(lambda session: notifications.take_back_follow(session, *pair))
        undone.set()

    at_once(partial(db.write, tell), take_back)
    assert kept(db, cast.alice) == 0


def test_people_who_change_their_minds_beside_workers_are_told_of_rightly(
    db: Database, services: Services, cast: Cast, alice: Listener, post_id: int
) -> None:
    fans = [make.account(db, f"fan{number}") for number in range(4)]
    faithful = fans[::2]
    done = threading.Event()

    def change_minds(fan: Viewer) -> None:
        for _ in range(6):
            make.favourite(db, fan, post_id)
            make.unfavourite(db, fan, post_id)
        if fan in faithful:
            make.favourite(db, fan, post_id)

    def work() -> None:
        while not done.is_set():
            Worker(services).run_due()

    working = [threading.Thread(target=work) for _ in range(2)]
    for thread in working:
        thread.start()
    try:
        at_once(*(partial(change_minds, fan) for fan in fans))
    finally:
        done.set()
        for thread in working:
            thread.join()
    run_out(db, Worker(services))
    assert actors(db, "favourite") == 2
    assert sorted(alice.heard()[0].names) == ["fan0", "fan2"]


def run_out(db: Database, worker: Worker) -> None:
    """Work until nothing waits, also what met a deadlock and is tried again later."""
    for _ in range(5):
        worker.run_due()
        make.events_due(db, DATABASE_LANE)
    worker.run_due()


def actors(db: Database, kind: str) -> int:
    with db.read() as session:
        return (
            session.scalar(
                select(func.count())
                .select_from(NotificationActor)
                .join(Notification, Notification.id == NotificationActor.notification_id)
                .where(Notification.kind == kind)
            )
            or 0
        )
