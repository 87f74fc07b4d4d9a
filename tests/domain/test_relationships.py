"""Following and no longer following, whoever does it at the same moment."""

import threading
from functools import partial

import pytest
from sqlalchemy import select

from microblog.db import Database
from microblog.domain import accounts, counters, relationships
from microblog.domain.errors import Invalid, NotFound
from microblog.domain.events import DATABASE_LANE
from microblog.domain.pages import Page
from microblog.domain.relationships import Relationship
from microblog.domain.viewer import Viewer
from microblog.models import OutboxEvent
from microblog.services import Services
from microblog.worker import Worker
from tests import make
from tests.cast import Cast
from tests.parallel import at_once
from tests.reader import Reader


def follow(db: Database, by: Viewer, account_id: int) -> bool:
    return db.write(lambda session: relationships.follow(session, by=by, account_id=account_id))


def unfollow(db: Database, by: Viewer, account_id: int) -> bool:
    return db.write(lambda session: relationships.unfollow(session, by=by, account_id=account_id))


def test_a_person_may_follow_another(db: Database, cast: Cast) -> None:
    assert follow(db, cast.carol, cast.alice.id)
    assert (following(db, "carol"), followers(db, "carol")) == (1, 0)
    assert (following(db, "alice"), followers(db, "alice")) == (0, 2)


def test_following_twice_is_following_once(db: Database, cast: Cast) -> None:
    assert not follow(db, cast.bob, cast.alice.id)
    assert (following(db, "bob"), followers(db, "alice")) == (1, 1)
    assert announced(db) == ["Followed"]


def test_a_person_may_stop_following(db: Database, cast: Cast) -> None:
    assert unfollow(db, cast.bob, cast.alice.id)
    assert (following(db, "bob"), followers(db, "alice")) == (0, 0)
    assert announced(db) == ["Followed", "Unfollowed"]


def test_who_does_not_follow_cannot_stop(db: Database, cast: Cast) -> None:
    assert not unfollow(db, cast.carol, cast.alice.id)
    assert (following(db, "carol"), followers(db, "alice")) == (0, 1)
    assert announced(db) == ["Followed"]


def test_nobody_may_follow_themselves(db: Database, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        follow(db, cast.bob, cast.bob.id)
    assert refused.value.code == "follow_self"
    assert not unfollow(db, cast.bob, cast.bob.id)


@pytest.mark.parametrize("nobody", [0, 1, 2**63 - 1])
def test_nobody_can_be_followed_who_is_not_there(db: Database, cast: Cast, nobody: int) -> None:
    with pytest.raises(NotFound):
        follow(db, cast.bob, nobody)
    assert not unfollow(db, cast.bob, nobody)
    assert announced(db) == ["Followed"]


def test_one_button_pressed_ten_times_at_once_counts_once(db: Database, cast: Cast) -> None:
    assert sum(at_once(*[partial(follow, db, cast.carol, cast.bob.id)] * 10)) == 1
    assert (following(db, "carol"), followers(db, "bob")) == (1, 1)
    assert sum(at_once(*[partial(unfollow, db, cast.carol, cast.bob.id)] * 10)) == 1
    assert (following(db, "carol"), followers(db, "bob")) == (0, 0)


def test_two_people_who_keep_following_each_other_at_once_never_stand_in_the_way(
    db: Database, cast: Cast
) -> None:
    def begin_and_end(by: Viewer, other: Viewer) -> int:
        return sum(follow(db, by, other.id) + unfollow(db, by, other.id) for _ in range(25))

    pairs = [(cast.carol, cast.bob), (cast.bob, cast.carol)]
    assert at_once(*(partial(begin_and_end, *pair) for pair in pairs)) == [50, 50]
    assert recounted(db) == []
    assert (followers(db, "carol"), followers(db, "bob")) == (0, 0)


def test_people_may_follow_and_unfollow_while_the_worker_is_at_it(
    db: Database, services: Services, cast: Cast
) -> None:
    make.post(db, cast.carol)
    done = threading.Event()

    def begin_and_end(by: Viewer, other: Viewer) -> None:
        for _ in range(15):
            follow(db, by, other.id)
            unfollow(db, by, other.id)
        follow(db, by, other.id)

    def work() -> None:
        while not done.is_set():
            Worker(services).run_due()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        pairs = [(cast.carol, cast.bob), (cast.bob, cast.carol)]
        at_once(*(partial(begin_and_end, *pair) for pair in pairs))
    finally:
        done.set()
        worker.join()
    # An event that met a deadlock three times is tried again later.
    make.events_due(db, DATABASE_LANE)
    Worker(services).run_due()
    assert recounted(db) == []
    bob = Reader(db, cast.bob)
    assert not bob.viewer().has_pending_follows
    assert len(bob.posts()) == 1


def test_many_people_may_follow_one_at_once(db: Database, cast: Cast) -> None:
    fans = [make.account(db, f"fan{number}") for number in range(12)]
    at_once(*(partial(follow, db, fan, cast.carol.id) for fan in fans))
    assert followers(db, "carol") == 12
    assert recounted(db) == []


def test_a_person_knows_how_others_stand_to_them(db: Database, cast: Cast) -> None:
    follow(db, cast.carol, cast.bob.id)
    everybody = [cast.alice.id, cast.bob.id, cast.carol.id]
    with db.read() as session:
        assert relationships.relate(session, cast.bob, everybody) == {
            cast.alice.id: Relationship(following=True),
            cast.bob.id: Relationship(is_self=True),
            cast.carol.id: Relationship(follows_you=True),
        }
        assert relationships.relate(session, None, everybody) == dict.fromkeys(
            everybody, Relationship()
        )


def test_lists_are_read_by_key_in_both_directions(db: Database, cast: Cast) -> None:
    fans = [make.account(db, f"fan{number}") for number in range(5)]
    for fan in fans:
        follow(db, fan, cast.carol.id)
        follow(db, cast.carol, fan.id)
    assert pages_of_followers(db, cast.carol) == [["fan4", "fan3"], ["fan2", "fan1"], ["fan0"]]
    with db.read() as session:
        oldest = relationships.list_followers(session, None, cast.carol.id, Page(2, after=0))
        above = relationships.list_followers(
            session, None, cast.carol.id, Page(2, after=oldest.newer)
        )
        first = relationships.list_following(session, None, cast.carol.id, Page(2))
    assert [person.account.username for person in oldest.items] == ["fan1", "fan0"]
    assert [person.account.username for person in above.items] == ["fan3", "fan2"]
    assert [person.account.username for person in first.items] == ["fan4", "fan3"]
    assert first.newer is None


def test_a_list_says_how_the_reader_stands_to_each(db: Database, cast: Cast) -> None:
    follow(db, cast.carol, cast.alice.id)
    follow(db, cast.bob, cast.carol.id)
    with db.read() as session:
        listed = relationships.list_followers(session, cast.bob, cast.alice.id, Page(20))
    assert [(person.account.username, person.relationship) for person in listed.items] == [
        ("carol", Relationship(following=True)),
        ("bob", Relationship(is_self=True)),
    ]


def test_a_key_beyond_the_list_is_an_empty_page(db: Database, cast: Cast) -> None:
    with db.read() as session:
        listed = relationships.list_followers(session, None, cast.alice.id, Page(20, before=1))
    assert (list(listed.items), listed.older, listed.newer) == ([], None, None)


def pages_of_followers(db: Database, person: Viewer) -> list[list[str]]:
    pages, page = [], Page(2)
    while True:
        with db.read() as session:
            listed = relationships.list_followers(session, None, person.id, page)
        pages.append([one.account.username for one in listed.items])
        if listed.older is None:
            return pages
        page = Page(2, before=listed.older)


def following(db: Database, username: str) -> int:
    with db.read() as session:
        return accounts.get_by_username(session, username).following_count


def followers(db: Database, username: str) -> int:
    with db.read() as session:
        return accounts.get_by_username(session, username).followers_count


def announced(db: Database) -> list[str]:
    with db.read() as session:
        return list(session.scalars(select(OutboxEvent.kind).order_by(OutboxEvent.id)))


def recounted(db: Database) -> list[counters.Correction]:
    return db.write(lambda session: counters.recount(session, 0))[1]
