"""Pinning one's posts, and muting threads."""

from functools import partial

import pytest
from sqlalchemy import select

from microblog.db import Database
from microblog.domain import posts
from microblog.domain.errors import Invalid, NotAllowed, NotFound
from microblog.domain.posts import Choices
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import FOLLOWERS, MENTIONED, QUIET
from microblog.models import Pin, ThreadMute
from tests import make
from tests.cast import Cast
from tests.parallel import at_once


def pin(db: Database, by: Viewer, post_id: int) -> bool:
    return db.write(lambda session: posts.pin(session, by=by, post_id=post_id))


def unpin(db: Database, by: Viewer, post_id: int) -> bool:
    return db.write(lambda session: posts.unpin(session, by=by, post_id=post_id))


def mute(db: Database, by: Viewer, post_id: int) -> bool:
    return db.write(lambda session: posts.mute_thread(session, by=by, post_id=post_id))


def unmute(db: Database, by: Viewer, post_id: int) -> bool:
    return db.write(lambda session: posts.unmute_thread(session, by=by, post_id=post_id))


def test_a_post_is_pinned_once_and_unpinned_once(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.alice)
    assert [pin(db, cast.alice, post_id) for _ in range(2)] == [True, False]
    assert choices(db, cast.alice, post_id).is_pinned
    assert [unpin(db, cast.alice, post_id) for _ in range(2)] == [True, False]
    assert not choices(db, cast.alice, post_id).is_pinned


@pytest.mark.parametrize("visibility", [QUIET, FOLLOWERS])
def test_what_followers_see_may_be_pinned(db: Database, cast: Cast, visibility: str) -> None:
    assert pin(db, cast.alice, make.post(db, cast.alice, visibility=visibility))


def test_what_is_for_mentioned_people_only_is_not_pinned(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.alice, "@bob", visibility=MENTIONED)
    with pytest.raises(Invalid) as refused:
        pin(db, cast.alice, post_id)
    assert refused.value.code == "pin_mentioned"
    assert not choices(db, cast.alice, post_id).may_pin


def test_nobody_pins_what_others_wrote(db: Database, cast: Cast) -> None:
    seen = make.post(db, cast.alice)
    hidden = make.post(db, cast.alice, visibility=FOLLOWERS)
    for act in (pin, unpin):
        with pytest.raises(NotAllowed):
            act(db, cast.carol, seen)
        with pytest.raises(NotFound):
            act(db, cast.carol, hidden)
    assert pinned(db) == []


def test_five_posts_can_be_pinned_also_at_once_and_a_deleted_one_makes_room(
    db: Database, cast: Cast
) -> None:
    written = make.posts_of(db, cast.alice, 8)
    for post_id in written[:3]:
        pin(db, cast.alice, post_id)

    refused: list[tuple[str, dict[str, int | str]]] = []

    def try_to_pin(post_id: int) -> bool:
        try:
            return pin(db, cast.alice, post_id)
        except Invalid as error:
            refused.append((error.code, error.values))
            return False

    assert sum(at_once(*[partial(try_to_pin, post_id) for post_id in written[3:]])) == 2
    assert refused == [("pins_many", {"maximum": 5})] * 3
    assert len(pinned(db)) == 5
    db.write(lambda session: posts.delete(session, by=cast.alice, post_id=written[0]))
    left = next(post_id for post_id in written if post_id not in [*pinned(db), written[0]])
    assert try_to_pin(left)


def test_a_thread_is_muted_by_any_of_its_posts(db: Database, cast: Cast) -> None:
    first = make.post(db, cast.alice)
    answer = make.post(db, cast.bob, reply_to=first)
    other = make.post(db, cast.alice)
    assert mute(db, cast.carol, answer)
    assert not mute(db, cast.carol, first)
    assert [choices(db, cast.carol, each).is_thread_muted for each in (first, answer, other)] == [
        True,
        True,
        False,
    ]
    assert not choices(db, cast.bob, first).is_thread_muted
    assert [unmute(db, cast.carol, first) for _ in range(2)] == [True, False]
    assert not choices(db, cast.carol, answer).is_thread_muted


def test_ten_clicks_at_once_mute_once(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.alice)
    assert sum(at_once(*[partial(mute, db, cast.bob, post_id)] * 10)) == 1
    assert sum(at_once(*[partial(unmute, db, cast.bob, post_id)] * 10)) == 1
    with db.read() as session:
        assert session.scalars(select(ThreadMute)).all() == []


def test_a_thread_of_what_one_cannot_see_is_not_muted(db: Database, cast: Cast) -> None:
    hidden = make.post(db, cast.alice, visibility=FOLLOWERS)
    seen = make.post(db, cast.alice)
    make.block(db, cast.alice, cast.bob)
    for by, post_id in ((cast.carol, hidden), (cast.bob, seen), (cast.bob, 1)):
        for act in (mute, unmute, choices):
            with pytest.raises(NotFound):
                act(db, by, post_id)


def choices(db: Database, by: Viewer, post_id: int) -> Choices:
    with db.read() as session:
        return posts.get_choices(session, by=by, post_id=post_id)


def pinned(db: Database) -> list[int]:
    with db.read() as session:
        return list(session.scalars(select(Pin.post_id)))
