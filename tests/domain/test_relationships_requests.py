"""Asking to follow somebody who lets in followers by hand."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy.orm import Session

from microblog.db import Database
from microblog.domain import accounts, counters, relationships
from microblog.domain.errors import NotFound
from microblog.domain.events import Followed, FollowRequested, FollowRequestEnded, Unlocked
from microblog.domain.pages import Page
from microblog.domain.relationships import Relationship, requests
from microblog.domain.viewer import Viewer
from microblog.worker import Worker
from tests import make
from tests.announced import announced
from tests.cast import Cast
from tests.parallel import at_once
from tests.reader import Reader


@pytest.fixture(autouse=True)
def locked_carol(db: Database, cast: Cast) -> None:
    """Let Carol let in her followers by hand."""
    make.locked(db, cast.carol)


def act(db: Database, verb: Callable[..., bool], by: Viewer, other: Viewer) -> bool:
    return db.write(lambda session: verb(session, by=by, account_id=other.id))


def ask(db: Database, by: Viewer, other: Viewer) -> bool:
    return act(db, relationships.follow, by, other)


def accept(db: Database, by: Viewer, other: Viewer) -> bool:
    return act(db, relationships.accept, by, other)


def relation(db: Database, viewer: Viewer, other: Viewer) -> Relationship:
    with db.read() as session:
        return relationships.relate(session, viewer, [other.id])[other.id]


def waiting(db: Database, viewer: Viewer, page: Page | None = None) -> list[str]:
    with db.read() as session:
        found = relationships.list_requests(session, viewer, page or Page(20))
    return [person.account.username for person in found.items]


def followers_count(db: Database, person: Viewer) -> int:
    with db.read() as session:
        return accounts.get_by_username(session, person.username).followers_count


def recounted(db: Database) -> list[counters.Correction]:
    return db.write(lambda session: counters.recount(session, 0))[1]


def test_following_somebody_locked_only_asks(db: Database, cast: Cast) -> None:
    assert ask(db, cast.bob, cast.carol)
    assert relation(db, cast.bob, cast.carol) == Relationship(requested=True)
    assert relation(db, cast.carol, cast.bob) == Relationship(wants_to_follow=True)
    assert followers_count(db, cast.carol) == 0
    assert waiting(db, cast.carol) == ["bob"]
    assert announced(db, FollowRequested) == [FollowRequested(cast.bob.id, cast.carol.id)]
    assert Followed(cast.bob.id, cast.carol.id) not in announced(db, Followed)


def test_asking_twice_is_once(db: Database, cast: Cast) -> None:
    assert ask(db, cast.bob, cast.carol)
    assert not ask(db, cast.bob, cast.carol)
    assert sum(at_once(*[partial(ask, db, cast.alice, cast.carol)] * 10)) == 1
    assert waiting(db, cast.carol) == ["alice", "bob"]
    assert len(announced(db, FollowRequested)) == 2


def test_who_is_accepted_follows_and_reads(db: Database, cast: Cast, worker: Worker) -> None:
    post_id = make.post(db, cast.carol)
    ask(db, cast.bob, cast.carol)
    assert accept(db, cast.carol, cast.bob)
    assert not accept(db, cast.carol, cast.bob)
    assert relation(db, cast.bob, cast.carol) == Relationship(following=True)
    assert followers_count(db, cast.carol) == 1
    assert waiting(db, cast.carol) == []
    assert announced(db, FollowRequestEnded) == [FollowRequestEnded(cast.bob.id, cast.carol.id)]
    assert announced(db, Followed)[-1] == Followed(cast.bob.id, cast.carol.id)
    reader = Reader(db, cast.bob)
    assert reader.posts() == [post_id]
    worker.run_due()
    assert reader.posts() == [post_id]
    assert not reader.viewer().has_pending_follows


def test_who_is_refused_may_ask_again(db: Database, cast: Cast) -> None:
    ask(db, cast.bob, cast.carol)
    assert act(db, relationships.refuse, cast.carol, cast.bob)
    assert not act(db, relationships.refuse, cast.carol, cast.bob)
    assert relation(db, cast.bob, cast.carol) == Relationship()
    assert announced(db, FollowRequestEnded) == [FollowRequestEnded(cast.bob.id, cast.carol.id)]
    assert ask(db, cast.bob, cast.carol)


def test_who_asked_may_think_better_of_it(db: Database, cast: Cast) -> None:
    ask(db, cast.bob, cast.carol)
    assert act(db, relationships.unfollow, cast.bob, cast.carol)
    assert not act(db, relationships.unfollow, cast.bob, cast.carol)
    assert waiting(db, cast.carol) == []
    assert not accept(db, cast.carol, cast.bob)
    assert relation(db, cast.bob, cast.carol) == Relationship()


def test_nobody_accepts_for_somebody_else(db: Database, cast: Cast) -> None:
    ask(db, cast.bob, cast.carol)
    for verb in (relationships.accept, relationships.refuse):
        assert not act(db, verb, cast.alice, cast.bob)
        assert not act(db, verb, cast.bob, cast.bob)
        assert not act(db, verb, cast.bob, cast.carol)
    assert waiting(db, cast.carol) == ["bob"]


def test_who_is_blocked_cannot_ask_and_who_asked_waits_no_more(db: Database, cast: Cast) -> None:
    ask(db, cast.bob, cast.carol)
    make.block(db, cast.carol, cast.bob)
    assert waiting(db, cast.carol) == []
    assert not accept(db, cast.carol, cast.bob)
    with pytest.raises(NotFound):
        ask(db, cast.bob, cast.carol)
    with pytest.raises(NotFound):
        ask(db, cast.carol, cast.bob)


def test_who_follows_already_stays_when_the_account_is_locked(db: Database, cast: Cast) -> None:
    make.locked(db, cast.alice)
    assert relation(db, cast.bob, cast.alice) == Relationship(following=True)
    assert not ask(db, cast.bob, cast.alice)


def test_unlocking_lets_in_who_waits(
    db: Database, cast: Cast, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "CHUNK", 2)
    fans = [make.account(db, f"fan{number}") for number in range(5)]
    for fan in fans:
        ask(db, fan, cast.carol)
    make.locked(db, cast.carol, is_locked=False)
    assert announced(db, Unlocked) == [Unlocked(cast.carol.id)]
    worker.run_due()
    assert waiting(db, cast.carol) == []
    assert followers_count(db, cast.carol) == 5
    assert recounted(db) == []
    assert not Reader(db, fans[0]).viewer().has_pending_follows


def test_who_locks_again_in_time_still_lets_in_by_hand(
    db: Database, cast: Cast, worker: Worker
) -> None:
    ask(db, cast.bob, cast.carol)
    make.locked(db, cast.carol, is_locked=False)
    make.locked(db, cast.carol)
    worker.run_due()
    assert waiting(db, cast.carol) == ["bob"]


def test_who_follows_once_it_is_unlocked_need_not_wait(db: Database, cast: Cast) -> None:
    ask(db, cast.bob, cast.carol)
    make.locked(db, cast.carol, is_locked=False)
    assert ask(db, cast.bob, cast.carol)
    assert relation(db, cast.bob, cast.carol) == Relationship(following=True)
    assert waiting(db, cast.carol) == []


def test_locking_twice_is_once(db: Database, cast: Cast) -> None:
    def set_locked(session: Session, is_locked: bool) -> bool:
        return relationships.set_locked(session, by=cast.carol, is_locked=is_locked)

    assert not db.write(partial(set_locked, is_locked=True))
    assert db.write(partial(set_locked, is_locked=False))
    assert not db.write(partial(set_locked, is_locked=False))
    assert len(announced(db, Unlocked)) == 1


def test_accepting_and_thinking_better_of_it_at_once_ends_one_way(db: Database, cast: Cast) -> None:
    for _ in range(10):
        ask(db, cast.bob, cast.carol)
        at_once(
            partial(accept, db, cast.carol, cast.bob),
            partial(act, db, relationships.unfollow, cast.bob, cast.carol),
            partial(act, db, relationships.refuse, cast.carol, cast.bob),
        )
        assert waiting(db, cast.carol) == []
        assert recounted(db) == []
        act(db, relationships.unfollow, cast.bob, cast.carol)
    assert followers_count(db, cast.carol) == 0


def test_asking_while_the_account_is_unlocked_leaves_nobody_waiting(
    db: Database, cast: Cast, worker: Worker
) -> None:
    for _ in range(10):
        at_once(
            partial(ask, db, cast.bob, cast.carol),
            partial(make.locked, db, cast.carol, is_locked=False),
        )
        worker.run_due()
        assert relation(db, cast.bob, cast.carol).following
        act(db, relationships.unfollow, cast.bob, cast.carol)
        make.locked(db, cast.carol)
    assert recounted(db) == []


def test_requests_are_read_by_key(db: Database, cast: Cast) -> None:
    fans = [make.account(db, f"fan{number}") for number in range(4)]
    for fan in fans:
        ask(db, fan, cast.carol)
    with db.read() as session:
        first = relationships.list_requests(session, cast.carol, Page(2))
        assert first.older is not None
    assert [person.account.username for person in first.items] == ["fan3", "fan2"]
    assert {person.relationship for person in first.items} == {Relationship(wants_to_follow=True)}
    assert waiting(db, cast.carol, Page(2, before=first.older)) == ["fan1", "fan0"]
