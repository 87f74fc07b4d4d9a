"""Hiding the boosts of somebody one follows, and showing them again."""

from collections.abc import Callable

import pytest

from microblog.db import Database
from microblog.domain import posts, relationships
from microblog.domain.errors import Invalid
from microblog.domain.events import BoostsHidden, BoostsShown
from microblog.domain.viewer import Viewer
from microblog.worker import Worker
from tests import make
from tests.announced import announced
from tests.cast import Cast
from tests.reader import Reader


def act(db: Database, verb: Callable[..., bool], by: Viewer, other: Viewer) -> bool:
    return db.write(lambda session: verb(session, by=by, account_id=other.id))


def boost(db: Database, by: Viewer, post_id: int) -> None:
    db.write(lambda session: posts.boost(session, by=by, post_id=post_id))


def read(db: Database, person: Viewer) -> list[tuple[int, str | None]]:
    return [(entry.post_id, entry.booster_username) for entry in Reader(db, person).entries()]


@pytest.fixture
def boosted(db: Database, cast: Cast, worker: Worker) -> int:
    """Return a post of Carol that Bob, who does not follow her, reads since Alice boosted it."""
    post_id = make.post(db, cast.carol)
    boost(db, cast.alice, post_id)
    worker.run_due()
    assert read(db, cast.bob) == [(post_id, "alice")]
    return post_id


def test_hidden_boosts_are_gone_at_once_and_come_back_at_once(
    db: Database, cast: Cast, worker: Worker, boosted: int
) -> None:
    own = make.post(db, cast.alice)
    worker.run_due()
    for work in (False, True):
        assert act(db, relationships.hide_boosts, cast.bob, cast.alice)
        assert not act(db, relationships.hide_boosts, cast.bob, cast.alice)
        assert read(db, cast.bob) == [(own, None)]
        if work:
            worker.run_due()
            assert read(db, cast.bob) == [(own, None)]
        assert act(db, relationships.show_boosts, cast.bob, cast.alice)
        assert not act(db, relationships.show_boosts, cast.bob, cast.alice)
        assert set(read(db, cast.bob)) == {(own, None), (boosted, "alice")}
        worker.run_due()
        assert set(read(db, cast.bob)) == {(own, None), (boosted, "alice")}
        assert not Reader(db, cast.bob).viewer().has_pending_follows


def test_each_is_announced_once(db: Database, cast: Cast, boosted: int) -> None:
    act(db, relationships.hide_boosts, cast.bob, cast.alice)
    act(db, relationships.hide_boosts, cast.bob, cast.alice)
    act(db, relationships.show_boosts, cast.bob, cast.alice)
    act(db, relationships.show_boosts, cast.bob, cast.alice)
    pair = (cast.bob.id, cast.alice.id)
    assert announced(db, BoostsHidden) == [BoostsHidden(*pair)]
    assert announced(db, BoostsShown) == [BoostsShown(*pair)]


def test_what_somebody_else_boosted_too_stays(
    db: Database, cast: Cast, worker: Worker, boosted: int
) -> None:
    dave = make.account(db, "dave")
    make.follow(db, cast.bob, dave)
    boost(db, dave, boosted)
    worker.run_due()
    act(db, relationships.hide_boosts, cast.bob, cast.alice)
    worker.run_due()
    assert read(db, cast.bob) == [(boosted, "dave")]


def test_boosts_of_while_they_were_hidden_come_too(
    db: Database, cast: Cast, worker: Worker
) -> None:
    worker.run_due()
    act(db, relationships.hide_boosts, cast.bob, cast.alice)
    worker.run_due()
    post_id = make.post(db, cast.carol)
    boost(db, cast.alice, post_id)
    worker.run_due()
    assert read(db, cast.bob) == []
    act(db, relationships.show_boosts, cast.bob, cast.alice)
    worker.run_due()
    assert read(db, cast.bob) == [(post_id, "alice")]


def test_a_change_of_mind_before_the_worker_comes_by(
    db: Database, cast: Cast, worker: Worker, boosted: int
) -> None:
    act(db, relationships.hide_boosts, cast.bob, cast.alice)
    act(db, relationships.show_boosts, cast.bob, cast.alice)
    worker.run_due()
    assert read(db, cast.bob) == [(boosted, "alice")]
    act(db, relationships.show_boosts, cast.bob, cast.alice)
    act(db, relationships.hide_boosts, cast.bob, cast.alice)
    worker.run_due()
    assert read(db, cast.bob) == []
    assert not Reader(db, cast.bob).viewer().has_pending_follows


def test_boosts_shown_before_the_backfill_are_pending_once(
    db: Database, cast: Cast, worker: Worker
) -> None:
    act(db, relationships.hide_boosts, cast.bob, cast.alice)
    act(db, relationships.show_boosts, cast.bob, cast.alice)
    worker.run_due()
    assert not Reader(db, cast.bob).viewer().has_pending_follows


@pytest.mark.parametrize("verb", [relationships.hide_boosts, relationships.show_boosts])
def test_who_does_not_follow_has_no_boosts_to_hide(
    db: Database, cast: Cast, verb: Callable[..., bool]
) -> None:
    for other in (cast.bob, cast.carol, Viewer(7, "nobody")):
        with pytest.raises(Invalid) as refused:
            act(db, verb, cast.carol, other)
        assert refused.value.code == "not_followed"
