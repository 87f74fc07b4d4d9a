"""Boosts on the home timeline: a post is there once, and for as long as somebody brings it."""

from dataclasses import dataclass, replace

import pytest

from microblog.db import Database
from microblog.domain import posts
from microblog.domain.errors import NotAllowed
from microblog.domain.timelines import Entry
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import FOLLOWERS, MENTIONED, QUIET
from microblog.worker import Worker
from tests import make
from tests.cast import Cast
from tests.reader import Reader


@dataclass
class Scene:
    """Bob follows Alice and Dan, but not Carol, who writes."""

    db: Database
    worker: Worker
    alice: Viewer
    bob: Viewer
    carol: Viewer
    dan: Viewer

    def boost(self, by: Viewer, post_id: int) -> None:
        make.boost(self.db, by, post_id)
        self.worker.run_due()

    def unboost(self, by: Viewer, post_id: int) -> None:
        self.db.write(lambda session: posts.unboost(session, by=by, post_id=post_id))

    def home(self, reader: Viewer | None = None) -> list[Entry]:
        return Reader(self.db, reader or self.bob).entries()

    def seen(self) -> list[int]:
        return [entry.post_id for entry in self.home()]


@pytest.fixture
def scene(db: Database, cast: Cast, worker: Worker) -> Scene:
    dan = make.account(db, "dan")
    make.follow(db, cast.bob, dan)
    worker.run_due()
    return Scene(db, worker, cast.alice, cast.bob, cast.carol, dan)


def test_a_boost_brings_a_post_and_says_whose_it_is(scene: Scene) -> None:
    post_id = make.post(scene.db, scene.carol)
    make.boost(scene.db, scene.alice, post_id)
    assert scene.seen() == []
    scene.worker.run_due()
    (entry,) = scene.home()
    assert (entry.post_id, entry.author_id) == (post_id, scene.carol.id)
    assert (entry.booster_id, entry.booster_username) == (scene.alice.id, "alice")
    assert entry.boosts_count == 1


def test_a_post_that_several_boost_is_there_once_where_it_came_first(scene: Scene) -> None:
    first, second = make.post(scene.db, scene.carol), make.post(scene.db, scene.carol)
    scene.boost(scene.alice, first)
    scene.boost(scene.alice, second)
    scene.boost(scene.dan, first)
    assert scene.seen() == [second, first]


def test_a_post_of_somebody_followed_stays_in_its_place_when_it_is_boosted(scene: Scene) -> None:
    old, new = make.post(scene.db, scene.alice), make.post(scene.db, scene.alice)
    scene.worker.run_due()
    scene.boost(scene.dan, old)
    assert scene.seen() == [new, old]
    assert [entry.booster_id for entry in scene.home()] == [None, None]


def test_a_boost_taken_back_is_gone_at_once(scene: Scene) -> None:
    post_id = make.post(scene.db, scene.carol)
    scene.boost(scene.alice, post_id)
    scene.unboost(scene.alice, post_id)
    assert scene.seen() == []
    scene.worker.run_due()
    assert scene.seen() == []


def test_a_post_stays_while_somebody_else_boosts_it(scene: Scene) -> None:
    post_id = make.post(scene.db, scene.carol)
    scene.boost(scene.alice, post_id)
    scene.boost(scene.dan, post_id)
    scene.unboost(scene.alice, post_id)
    scene.worker.run_due()
    (entry,) = scene.home()
    assert entry.booster_username == "dan"


def test_a_post_stays_for_its_author_when_a_boost_is_taken_back(scene: Scene) -> None:
    post_id = make.post(scene.db, scene.carol)
    scene.boost(scene.alice, post_id)
    make.follow(scene.db, scene.bob, scene.carol)
    scene.worker.run_due()
    scene.unboost(scene.alice, post_id)
    scene.worker.run_due()
    (entry,) = scene.home()
    assert (entry.post_id, entry.booster_id) == (post_id, None)


def test_a_post_stays_for_another_boost_when_the_first_booster_is_unfollowed(scene: Scene) -> None:
    post_id, lonely = make.post(scene.db, scene.carol), make.post(scene.db, scene.carol)
    scene.boost(scene.alice, post_id)
    scene.boost(scene.alice, lonely)
    scene.boost(scene.dan, post_id)
    make.unfollow(scene.db, scene.bob, scene.alice)
    scene.worker.run_due()
    (entry,) = scene.home()
    assert (entry.post_id, entry.booster_username) == (post_id, "dan")


def test_an_answer_to_a_stranger_is_there_only_when_it_is_boosted(scene: Scene) -> None:
    question = make.post(scene.db, scene.carol)
    answer = make.post(scene.db, scene.alice, reply_to=question)
    scene.worker.run_due()
    assert scene.seen() == []
    scene.boost(scene.dan, answer)
    (entry,) = scene.home()
    assert (entry.post_id, entry.booster_username) == (answer, "dan")


def test_whoever_follows_both_reads_the_answer(scene: Scene) -> None:
    question = make.post(scene.db, scene.alice)
    answer = make.post(scene.db, scene.dan, reply_to=question)
    scene.worker.run_due()
    assert scene.seen() == [answer, question]
    assert [entry.post_id for entry in scene.home(scene.alice)] == [question]


def test_going_on_with_ones_own_post_is_read_by_every_follower(scene: Scene) -> None:
    first = make.post(scene.db, scene.alice)
    second = make.post(scene.db, scene.alice, reply_to=first)
    scene.worker.run_due()
    assert scene.seen() == [second, first]


def test_the_boosts_of_somebody_newly_followed_are_there_at_once(scene: Scene) -> None:
    theirs, own = make.post(scene.db, scene.carol), make.post(scene.db, scene.bob)
    erin = make.account(scene.db, "erin")
    for post_id in (theirs, own):
        scene.boost(erin, post_id)
    make.follow(scene.db, scene.bob, erin)
    assert set(scene.seen()) == {theirs, own}
    assert len(scene.seen()) == 2
    scene.worker.run_due()
    assert set(scene.seen()) == {theirs, own}


def test_boosts_older_than_what_is_kept_are_merged_in(scene: Scene) -> None:
    boosted, own = make.post(scene.db, scene.carol), make.post(scene.db, scene.alice)
    for booster in (scene.alice, scene.dan):
        scene.boost(booster, boosted)
    scene.boost(scene.dan, own)
    reader = Reader(scene.db, scene.bob)
    viewer = replace(reader.viewer(), timeline_floor=2**62)
    reader.viewer = lambda: viewer  # type: ignore[method-assign] # Everything is older.
    down, up = reader.entries(), reader.entries_upwards()
    assert down == up
    assert [entry.post_id for entry in down] == [boosted, own]
    assert [entry.booster_username for entry in down] == ["alice", None]


def test_ones_own_boost_is_on_the_profile_and_not_on_ones_home(scene: Scene) -> None:
    post_id = make.post(scene.db, scene.carol)
    scene.boost(scene.bob, post_id)
    assert scene.seen() == []


@pytest.mark.parametrize("visibility", [FOLLOWERS, MENTIONED])
def test_what_was_written_for_some_is_boosted_by_nobody_else(scene: Scene, visibility: str) -> None:
    post_id = make.post(scene.db, scene.alice, "For @bob", visibility=visibility)
    with pytest.raises(NotAllowed):
        make.boost(scene.db, scene.bob, post_id)


def test_quiet_posts_are_boosted_and_ones_own_for_followers(scene: Scene) -> None:
    quiet = make.post(scene.db, scene.carol, visibility=QUIET)
    scene.boost(scene.alice, quiet)
    own = make.post(scene.db, scene.alice, visibility=FOLLOWERS)
    scene.boost(scene.alice, own)
    assert set(scene.seen()) == {quiet, own}


@pytest.mark.parametrize("chunk", [1, 1000])
def test_a_boost_is_taken_off_every_timeline(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr("microblog.domain.timelines.delivery.CHUNK", chunk)
    readers = [make.account(scene.db, f"reader{number}") for number in range(3)]
    for reader in readers:
        make.follow(scene.db, reader, scene.alice)
    post_id = make.post(scene.db, scene.carol)
    scene.boost(scene.alice, post_id)
    assert [len(scene.home(reader)) for reader in readers] == [1, 1, 1]
    scene.unboost(scene.alice, post_id)
    scene.worker.run_due()
    assert [len(scene.home(reader)) for reader in readers] == [0, 0, 0]
