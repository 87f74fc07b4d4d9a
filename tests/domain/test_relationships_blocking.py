"""Blocking and muting: what ends, what is hidden, and from whom."""

from collections.abc import Callable
from functools import partial

import pytest

from microblog.db import Database
from microblog.domain import accounts, counters, relationships, suggestions, timelines
from microblog.domain.errors import Invalid, NotFound
from microblog.domain.events import Blocked, Unfollowed
from microblog.domain.pages import Page
from microblog.domain.relationships import Relationship
from microblog.domain.viewer import Viewer
from microblog.services import Services
from microblog.worker import Worker
from tests import make
from tests.announced import announced
from tests.cast import Cast
from tests.parallel import at_once
from tests.reader import Reader

VERBS = {
    "block": (relationships.block, relationships.unblock, relationships.list_blocked),
    "mute": (relationships.mute, relationships.unmute, relationships.list_muted),
}


def act(db: Database, verb: Callable[..., bool], by: Viewer, other: Viewer) -> bool:
    return db.write(lambda session: verb(session, by=by, account_id=other.id))


def relation(db: Database, viewer: Viewer, other: Viewer) -> Relationship:
    with db.read() as session:
        return relationships.relate(session, viewer, [other.id])[other.id]


def counts(db: Database, person: Viewer) -> tuple[int, int]:
    with db.read() as session:
        account = accounts.get_by_username(session, person.username)
    return account.followers_count, account.following_count


def recounted(db: Database) -> list[counters.Correction]:
    return db.write(lambda session: counters.recount(session, 0))[1]


@pytest.mark.parametrize("verb", VERBS)
def test_a_person_may_do_it_once_and_undo_it_once(db: Database, cast: Cast, verb: str) -> None:
    do, undo, list_ = VERBS[verb]
    assert act(db, do, cast.carol, cast.bob)
    assert not act(db, do, cast.carol, cast.bob)
    with db.read() as session:
        assert [one.account.username for one in list_(session, cast.carol, Page(9)).items] == [
            "bob"
        ]
        assert not list_(session, cast.bob, Page(9)).items
    assert act(db, undo, cast.carol, cast.bob)
    assert not act(db, undo, cast.carol, cast.bob)
    assert relation(db, cast.carol, cast.bob) == Relationship()


@pytest.mark.parametrize("verb", VERBS)
def test_ten_at_once_is_once(db: Database, cast: Cast, verb: str) -> None:
    do, undo, _ = VERBS[verb]
    assert sum(at_once(*[partial(act, db, do, cast.carol, cast.bob)] * 10)) == 1
    assert sum(at_once(*[partial(act, db, undo, cast.carol, cast.bob)] * 10)) == 1


@pytest.mark.parametrize("verb", VERBS)
def test_nobody_does_it_to_themselves_or_to_nobody(db: Database, cast: Cast, verb: str) -> None:
    do, undo, _ = VERBS[verb]
    with pytest.raises(Invalid) as refused:
        act(db, do, cast.bob, cast.bob)
    assert refused.value.code == f"{verb}_self"
    assert not act(db, undo, cast.bob, cast.bob)
    for nobody in (0, 1, 2**63 - 1):
        with pytest.raises(NotFound):
            act(db, do, cast.bob, Viewer(nobody, "nobody"))
        assert not act(db, undo, cast.bob, Viewer(nobody, "nobody"))


@pytest.mark.parametrize("verb", VERBS)
def test_nobody_undoes_what_somebody_else_did(db: Database, cast: Cast, verb: str) -> None:
    do, undo, _ = VERBS[verb]
    act(db, do, cast.carol, cast.bob)
    assert not act(db, undo, cast.alice, cast.bob)
    assert not act(db, undo, cast.bob, cast.carol)


def test_a_block_ends_follows_both_ways(db: Database, cast: Cast, worker: Worker) -> None:
    make.follow(db, cast.alice, cast.bob)
    make.post(db, cast.alice)
    worker.run_due()
    assert act(db, relationships.block, cast.bob, cast.alice)
    assert relation(db, cast.bob, cast.alice) == Relationship(blocking=True)
    assert relation(db, cast.alice, cast.bob) == Relationship(blocks_you=True)
    assert (counts(db, cast.alice), counts(db, cast.bob)) == ((0, 0), (0, 0))
    assert announced(db, Blocked) == [Blocked(cast.bob.id, cast.alice.id)]
    assert {(e.follower_id, e.followed_id) for e in announced(db, Unfollowed)} == {
        (cast.bob.id, cast.alice.id),
        (cast.alice.id, cast.bob.id),
    }
    assert Reader(db, cast.bob).posts() == []
    worker.run_due()
    act(db, relationships.unblock, cast.bob, cast.alice)
    assert Reader(db, cast.bob).posts() == []


def test_a_block_before_the_backfill_leaves_nothing_pending(
    db: Database, cast: Cast, worker: Worker
) -> None:
    assert Reader(db, cast.bob).viewer().has_pending_follows
    act(db, relationships.block, cast.alice, cast.bob)
    assert not Reader(db, cast.bob).viewer().has_pending_follows
    worker.run_due()
    assert not Reader(db, cast.bob).viewer().has_pending_follows


@pytest.mark.parametrize("blocker_is_follower", [True, False])
def test_who_is_blocked_cannot_follow_or_mute(
    db: Database, cast: Cast, blocker_is_follower: bool
) -> None:
    pair = (cast.carol, cast.bob) if blocker_is_follower else (cast.bob, cast.carol)
    act(db, relationships.block, *pair)
    for verb in (relationships.follow, relationships.mute):
        with pytest.raises(NotFound):
            act(db, verb, cast.carol, cast.bob)
    assert counts(db, cast.bob) == (0, 1)


def test_two_people_may_block_each_other(db: Database, cast: Cast) -> None:
    act(db, relationships.block, cast.bob, cast.carol)
    assert act(db, relationships.block, cast.carol, cast.bob)
    act(db, relationships.unblock, cast.bob, cast.carol)
    assert relation(db, cast.bob, cast.carol) == Relationship(blocks_you=True)


def test_following_and_blocking_at_once_leaves_no_follow(db: Database, cast: Cast) -> None:
    def follow() -> None:
        try:
            act(db, relationships.follow, cast.bob, cast.carol)
        except NotFound:
            return

    for _ in range(10):
        at_once(follow, partial(make.block, db, cast.carol, cast.bob), follow)
        assert relation(db, cast.carol, cast.bob) == Relationship(blocking=True)
        assert recounted(db) == []
        act(db, relationships.unblock, cast.carol, cast.bob)


def test_people_may_block_each_other_while_the_worker_is_at_it(
    db: Database, services: Services, cast: Cast
) -> None:
    make.post(db, cast.carol)

    def in_turns(by: Viewer, other: Viewer) -> None:
        for _ in range(10):
            act(db, relationships.block, by, other)
            act(db, relationships.unblock, by, other)
            make.follow(db, by, make.account(db, f"fan{by.username}{_}"))

    def work() -> None:
        for _ in range(20):
            Worker(services).run_due()

    at_once(
        partial(in_turns, cast.bob, cast.carol),
        partial(in_turns, cast.carol, cast.bob),
        work,
    )
    assert recounted(db) == []


def test_blocked_people_are_in_no_list_and_not_suggested(db: Database, cast: Cast) -> None:
    make.follow(db, cast.carol, cast.alice)
    make.post(db, cast.carol)
    make.block(db, cast.carol, cast.bob)
    for viewer, other in ((cast.bob, "carol"), (cast.carol, "bob")):
        with db.read() as session:
            listed = relationships.list_followers(session, viewer, cast.alice.id, Page(9))
            offered = suggestions.people_to_follow(session, viewer, 9)
        names = [person.account.username for person in (*listed.items, *offered)]
        assert other not in names


def test_the_lists_of_who_is_blocked_are_empty(db: Database, cast: Cast) -> None:
    make.block(db, cast.alice, cast.carol)
    make.follow(db, cast.alice, cast.bob)
    for list_ in (relationships.list_followers, relationships.list_following):
        with db.read() as session:
            assert not list_(session, cast.carol, cast.alice.id, Page(9)).items
            assert list_(session, cast.bob, cast.alice.id, Page(9)).items
            assert not list_(session, cast.alice, cast.carol.id, Page(9)).items


def test_what_changes_whom_one_is_offered_is_told_to_what_is_kept(db: Database, cast: Cast) -> None:
    def version(person: Viewer) -> int:
        return Reader(db, person).viewer().people_version

    before = version(cast.bob)
    make.mute(db, cast.bob, cast.carol)
    assert version(cast.bob) == before + 1
    make.block(db, cast.carol, cast.bob)
    assert (version(cast.bob), version(cast.carol)) == (before + 2, 1)


def test_who_mutes_reads_less_and_nobody_knows(db: Database, cast: Cast, worker: Worker) -> None:
    make.post(db, cast.alice)
    worker.run_due()
    make.mute(db, cast.bob, cast.alice)
    assert Reader(db, cast.bob).posts() == []
    assert not timelines.explore(db, cast.bob, Page(9)).items
    assert relation(db, cast.bob, cast.alice) == Relationship(following=True, muting=True)
    assert relation(db, cast.alice, cast.bob) == Relationship(follows_you=True)
    assert counts(db, cast.alice) == (1, 0)
    act(db, relationships.unmute, cast.bob, cast.alice)
    assert len(Reader(db, cast.bob).posts()) == 1


def test_a_list_of_blocked_people_is_read_by_key(db: Database, cast: Cast) -> None:
    for number in range(5):
        make.block(db, cast.carol, make.account(db, f"troll{number}"))
    with db.read() as session:
        first = relationships.list_blocked(session, cast.carol, Page(2))
        assert first.older is not None
        second = relationships.list_blocked(session, cast.carol, Page(2, before=first.older))
        assert second.newer is not None
        again = relationships.list_blocked(session, cast.carol, Page(2, after=second.newer))
    names = [[person.account.username for person in part.items] for part in (first, second, again)]
    assert names == [["troll4", "troll3"], ["troll2", "troll1"], ["troll4", "troll3"]]
