"""What somebody reads of what others did, and how much of it is new."""

from functools import partial

import pytest
from sqlalchemy import insert

from microblog import ids
from microblog.db import Database
from microblog.domain import notifications, posts
from microblog.domain.notifications import NotificationView
from microblog.domain.notifications.people import COUNTED, NAMED
from microblog.domain.pages import Page
from microblog.domain.viewer import Viewer
from microblog.models import Notification, NotificationActor
from microblog.worker import Worker
from tests import make
from tests.cast import Cast
from tests.listener import Heard, Listener, do_everything


@pytest.fixture
def alice(db: Database, worker: Worker, cast: Cast) -> Listener:
    """Return Alice, who has read that Bob follows her."""
    listener = Listener(db, worker, cast.alice)
    listener.read()
    return listener


@pytest.fixture
def post_id(db: Database, cast: Cast) -> int:
    """Return a post of Alice's."""
    return make.post(db, cast.alice, "What a day")


def listed(db: Database, person: Viewer, page: Page) -> list[NotificationView]:
    return list(notifications.list_notifications(db, person, page).items)


def test_a_page_says_who_did_what_with_which_post(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    make.favourite(db, cast.carol, post_id)
    assert alice.unread() == 1
    told = listed(db, cast.alice, Page(20))[0]
    assert (told.kind, told.is_unread, told.excerpt) == ("favourite", True, "What a day")
    assert told.entry is not None
    assert (told.entry.post_id, told.entry.author_id) == (post_id, cast.alice.id)
    assert told.entry.favourites_count == 1
    assert [face.name for face in told.people.named] == ["carol"]
    assert (told.people.others, told.people.has_more) == (0, False)


def test_talk_is_read_by_itself(db: Database, cast: Cast, alice: Listener, post_id: int) -> None:
    do_everything(db, cast.carol, cast.alice, post_id)
    assert [heard.kind for heard in alice.heard(only_talk=True)] == ["reply", "mention"]


@pytest.mark.parametrize("only_talk", [False, True])
def test_pages_are_read_by_key_in_both_directions(
    db: Database, cast: Cast, alice: Listener, post_id: int, only_talk: bool
) -> None:
    for number in range(5):
        make.post(db, cast.carol, f"@alice {number}", reply_to=post_id if number % 2 else None)
    everything = alice.keys()[:5]
    read = partial(notifications.list_notifications, db, cast.alice, only_talk=only_talk)
    pages = [read(Page(2))]
    while len(pages) < 3:
        assert pages[-1].older is not None
        pages.append(read(Page(2, before=pages[-1].older)))
    assert [view.key for page in pages for view in page.items][:5] == everything
    assert pages[1].newer is not None
    assert list(read(Page(2, after=pages[1].newer)).items) == list(pages[0].items)
    assert pages[0].newer is None
    assert list(read(Page(2, before=1)).items) == []


def test_a_few_are_named_and_the_others_counted(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    for number in range(NAMED + 2):
        make.favourite(db, make.account(db, f"fan{number}"), post_id)
    assert alice.unread() == 1
    people = listed(db, cast.alice, Page(20))[0].people
    assert [face.username for face in people.named] == ["fan4", "fan3", "fan2"]
    assert (people.others, people.has_more) == (2, False)


def test_nobody_counts_more_than_a_hundred_others(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    make.favourite(db, cast.carol, post_id)
    alice.heard()
    fans = [make.account(db, f"fan{number}") for number in range(COUNTED + 5)]
    with db.read() as session:
        group_id = session.query(Notification.id).filter_by(kind="favourite").scalar()
    rows = [
        {"notification_id": group_id, "actor_id": fan.id, "account_id": cast.alice.id, "id": key}
        for fan, key in ((fan, ids.new()) for fan in fans)
    ]
    db.write(lambda session: session.execute(insert(NotificationActor), rows))
    people = listed(db, cast.alice, Page(20))[0].people
    assert (people.others, people.has_more) == (COUNTED - NAMED, True)


# Who and what has gone since.


@pytest.mark.parametrize("how", ["mute", "block", "blocked", "suspended"])
def test_who_is_hidden_since_is_left_out_and_counted_no_more(
    db: Database, cast: Cast, alice: Listener, post_id: int, how: str
) -> None:
    dave = make.account(db, "dave")
    for person in (cast.bob, dave, cast.carol):
        make.favourite(db, person, post_id)
    make.post(db, cast.carol, "@alice hello")
    make.boost(db, cast.carol, post_id)
    assert alice.unread() == 3
    hide(db, cast.alice, cast.carol, how)
    assert alice.heard()[0] == Heard("favourite", post_id, ["dave", "bob"])
    assert listed(db, cast.alice, Page(20))[0].people.others == 0
    assert alice.unread() == 1
    assert alice.heard(only_talk=True) == []


def test_who_is_back_is_heard_of_again(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    make.favourite(db, cast.carol, post_id)
    assert alice.unread() == 1
    make.suspended(db, cast.carol)
    assert alice.unread() == 0
    make.suspended(db, cast.carol, is_suspended=False)
    assert alice.heard()[0] == Heard("favourite", post_id, ["carol"])
    assert alice.unread() == 1


def test_a_post_that_is_gone_is_told_of_no_more_before_the_worker_comes_by(
    db: Database, cast: Cast, alice: Listener
) -> None:
    post_id = make.post(db, cast.carol, "@alice hello")
    assert alice.unread() == 1
    db.write(lambda session: posts.delete(session, by=cast.carol, post_id=post_id))
    assert [view.kind for view in listed(db, cast.alice, Page(20))] == ["follow"]


def test_a_request_that_has_ended_is_shown_no_more_before_the_worker_comes_by(
    db: Database, cast: Cast, alice: Listener
) -> None:
    make.locked(db, cast.alice)
    make.follow(db, cast.carol, cast.alice)
    assert (alice.kinds()[0], alice.unread()) == ("follow_request", 1)
    make.unfollow(db, cast.carol, cast.alice)
    assert [view.kind for view in listed(db, cast.alice, Page(20))] == ["follow"]


# What is new.


def test_what_somebody_has_seen_is_new_no_more(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    make.favourite(db, cast.carol, post_id)
    make.post(db, cast.carol, "@alice hello")
    assert alice.unread() == 2
    assert alice.read()
    assert alice.unread() == 0
    assert not alice.read()
    assert not any(view.is_unread for view in listed(db, cast.alice, Page(20)))


def test_what_was_seen_is_new_again_when_somebody_else_does_it(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    make.favourite(db, cast.carol, post_id)
    alice.read()
    make.favourite(db, cast.bob, post_id)
    assert alice.unread() == 1
    make.unfavourite(db, cast.bob, post_id)
    assert alice.unread() == 0
    assert alice.heard()[0] == Heard("favourite", post_id, ["carol"])


def test_reading_up_to_a_key_leaves_what_is_newer(
    db: Database, cast: Cast, alice: Listener
) -> None:
    for number in range(3):
        make.post(db, cast.carol, f"@alice {number}")
    keys = alice.keys()
    alice.read(keys[1])
    assert alice.unread() == 1
    assert not alice.read(keys[2])
    assert alice.unread() == 1


@pytest.mark.parametrize("key", [2**63 - 1, 0, -5])
def test_what_is_still_to_come_cannot_be_read(
    db: Database, cast: Cast, alice: Listener, key: int
) -> None:
    alice.read(key)
    make.post(db, cast.carol, "@alice hello")
    assert alice.unread() == 1
    assert alice.keys()[0] < ids.new()


def test_reading_is_of_ones_own(db: Database, worker: Worker, cast: Cast, alice: Listener) -> None:
    make.post(db, cast.carol, "@alice @bob hello")
    Listener(db, worker, cast.bob).read()
    assert alice.unread() == 1


def test_new_things_are_counted_up_to_a_hundred(db: Database, cast: Cast, alice: Listener) -> None:
    for number in range(12):
        make.post(db, cast.carol, f"@alice {number}")
    assert alice.unread() == 12
    rows = [
        {"id": key, "account_id": cast.alice.id, "kind": "follow", "group_key": f"follow:{number}"}
        | {"last_id": key, "mailed_id": 0}
        for number, key in enumerate(ids.new() for _ in range(110))
    ]
    people = [
        {"notification_id": row["id"], "actor_id": cast.bob.id, "id": row["id"]}
        | {"account_id": cast.alice.id}
        for row in rows
    ]
    db.write(lambda session: session.execute(insert(Notification), rows))
    db.write(lambda session: session.execute(insert(NotificationActor), people))
    assert alice.unread() == 100


def test_a_page_takes_two_statements_whatever_is_on_it(
    db: Database, cast: Cast, alice: Listener, post_id: int
) -> None:
    fans = [make.account(db, f"fan{number}") for number in range(6)]
    for fan in fans:
        do_everything(db, fan, cast.alice, post_id)
    assert len(alice.keys()) > 10
    for only_talk in (False, True):
        db.reset_statements()
        notifications.list_notifications(db, cast.alice, Page(20), only_talk=only_talk)
        assert db.statements == 2


def hide(db: Database, viewer: Viewer, person: Viewer, how: str) -> None:
    if how == "mute":
        make.mute(db, viewer, person)
    elif how == "block":
        make.block(db, viewer, person)
    elif how == "blocked":
        make.block(db, person, viewer)
    else:
        make.suspended(db, person)
