"""Deleting: at once for every reader, then row by row."""

import pytest
from sqlalchemy import func, select

from microblog.db import Base, Database
from microblog.domain import accounts, counters, posts, threads, timelines
from microblog.domain.errors import NotAllowed, NotFound
from microblog.domain.pages import Page
from microblog.domain.viewer import Viewer
from microblog.models import OutboxEvent, Post, PostTag, TimelineEntry
from microblog.worker import Worker
from tests import make
from tests.cast import Cast
from tests.parallel import at_once
from tests.reader import Reader


def delete(db: Database, by: Viewer, post_id: int) -> None:
    db.write(lambda session: posts.delete(session, by=by, post_id=post_id))


def test_an_author_may_delete_their_post(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.alice, "A secret #regret")
    delete(db, cast.alice, post_id)
    with db.read() as session:
        row = session.get_one(Post, post_id)
        assert (row.text, row.html) == ("", "")
        assert row.version == 2
        assert posts.list_posts(session, None, [post_id]) == []
        assert accounts.get_by_username(session, "alice").posts_count == 0


def test_a_deleted_post_vanishes_from_every_timeline_at_once(
    db: Database, cast: Cast, worker: Worker
) -> None:
    reader = Reader(db, cast.bob)
    kept, post_id = make.post(db, cast.alice, "#cats"), make.post(db, cast.alice, "#cats too")
    worker.run_due()
    assert reader.posts() == [post_id, kept]
    delete(db, cast.alice, post_id)
    alice = timelines.profile(db, None, "alice", Page(20))
    assert reader.posts() == [kept]
    for page in (
        timelines.home(db, cast.alice, Page(20)),
        timelines.explore(db, None, Page(20)),
        timelines.tagged(db, None, "cats", Page(20)),
        alice.posts,
    ):
        assert [entry.post_id for entry in page.items] == [kept]
    assert alice.account.posts_count == 1
    with pytest.raises(NotFound):
        threads.find(db, None, "alice", post_id)


def test_a_stranger_may_not_delete_a_post(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.alice)
    with pytest.raises(NotAllowed):
        delete(db, cast.bob, post_id)
    with db.read() as session:
        with pytest.raises(NotAllowed):
            posts.get_own(session, by=cast.bob, post_id=post_id)
        assert session.get_one(Post, post_id).text == "Hello"


def test_a_post_is_deleted_once(db: Database, cast: Cast) -> None:
    make.post(db, cast.alice)
    post_id = make.post(db, cast.alice)
    delete(db, cast.alice, post_id)
    with pytest.raises(NotFound):
        delete(db, cast.alice, post_id)
    with db.read() as session, pytest.raises(NotFound):
        posts.get_own(session, by=cast.alice, post_id=post_id)
    assert_counters_are_right(db)


@pytest.mark.parametrize("post_id", [0, 1, 2**63 - 1])
def test_what_is_no_post_cannot_be_deleted(db: Database, cast: Cast, post_id: int) -> None:
    with pytest.raises(NotFound):
        delete(db, cast.alice, post_id)


def test_a_post_deleted_ten_times_at_once_is_counted_once(db: Database, cast: Cast) -> None:
    make.post(db, cast.alice)
    post_id = make.post(db, cast.alice)

    def try_to_delete() -> bool:
        try:
            delete(db, cast.alice, post_id)
        except NotFound:
            return False
        return True

    assert sum(at_once(*[try_to_delete] * 10)) == 1
    assert_counters_are_right(db)


def test_a_deletion_is_announced(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.alice)
    delete(db, cast.alice, post_id)
    with db.read() as session:
        event = session.scalars(select(OutboxEvent).order_by(OutboxEvent.id.desc())).first()
    assert event is not None
    assert (event.kind, event.payload) == ("PostDeleted", f'{{"post_id": {post_id}}}')


def test_an_author_sees_the_post_they_are_about_to_delete(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.alice, "Hello")
    with db.read() as session:
        assert posts.get_own(session, by=cast.alice, post_id=post_id).text == "Hello"


def test_the_worker_clears_away_what_points_to_a_deleted_post(
    db: Database, cast: Cast, worker: Worker
) -> None:
    post_id, kept = make.post(db, cast.alice, "#cats"), make.post(db, cast.alice, "#cats")
    worker.run_due()
    delete(db, cast.alice, post_id)
    worker.run_due()
    with db.read() as session:
        assert session.scalars(select(Post.id)).all() == [kept]
        assert session.scalars(select(PostTag.post_id)).all() == [kept]
    assert (count(db, TimelineEntry), count(db, OutboxEvent)) == (2, 0)


def test_many_timelines_are_cleared_in_chunks(
    db: Database, cast: Cast, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("microblog.domain.posts.deleting.CHUNK", 2)
    for number in range(4):
        make.follow(db, make.account(db, f"follower{number}"), cast.alice)
    post_id = make.post(db, cast.alice)
    worker.run_due()
    delete(db, cast.alice, post_id)
    left = []
    while db.write(lambda session: posts.clear_away(session, post_id)):
        left.append(count(db, TimelineEntry))
    assert left == [4, 2, 0]
    assert count(db, Post) == 0


def test_only_a_deleted_post_is_cleared_away(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.alice)
    db.write(lambda session: posts.clear_away(session, post_id))
    assert count(db, Post) == 1


def test_a_post_deleted_before_it_was_delivered_reaches_nobody(
    db: Database, cast: Cast, worker: Worker
) -> None:
    delete(db, cast.alice, make.post(db, cast.alice))
    worker.run_due()
    assert Reader(db, cast.bob).posts() == []
    assert (count(db, TimelineEntry), count(db, OutboxEvent)) == (0, 0)


def count(db: Database, model: type[Base]) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def assert_counters_are_right(db: Database) -> None:
    assert db.write(lambda session: counters.recount(session, 0)) == (None, [])
