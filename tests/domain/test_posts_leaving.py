"""What is left of the posts of others, when somebody goes who answered, boosted and liked them."""

from functools import partial

import pytest
from sqlalchemy import select

from microblog.db import Database
from microblog.domain import counters, identity, posts, relationships
from microblog.domain.events import Unboosted
from microblog.domain.pages import Page
from microblog.domain.posts import leaving
from microblog.domain.viewer import Viewer
from microblog.models import Block, Bookmark, FollowRequest, Mute, Post, ThreadMute
from microblog.worker import Worker
from tests import make
from tests.announced import announced
from tests.cast import Cast
from tests.reader import Reader


def leave(db: Database, person: Viewer) -> None:
    """Clear everything of a person away, and count after each part."""
    cursor: int | None = None
    while True:
        cursor = db.write(partial(identity.delete_account, account_id=person.id, cursor=cursor))
        assert db.write(lambda session: counters.recount(session, 0))[1] == []
        assert db.write(lambda session: counters.recount_posts(session, 0))[1] == []
        if cursor is None:
            return


def counted(db: Database, post_id: int) -> tuple[int, int, int]:
    with db.read() as session:
        post = session.get_one(Post, post_id)
        return post.replies_count, post.boosts_count, post.favourites_count


def test_what_they_did_with_others_posts_is_counted_no_more(
    db: Database, cast: Cast, worker: Worker
) -> None:
    post_id = make.post(db, cast.alice, "A question")
    for person in (cast.bob, cast.carol):
        make.post(db, person, "An answer", reply_to=post_id)
        make.post(db, person, "An answer for some", reply_to=post_id, visibility="followers")
        make.boost(db, person, post_id)
        db.write(partial(posts.favourite, by=person, post_id=post_id))
    assert counted(db, post_id) == (2, 2, 2)
    worker.run_due()
    leave(db, cast.carol)
    assert counted(db, post_id) == (1, 1, 1)
    leave(db, cast.bob)
    assert counted(db, post_id) == (0, 0, 0)


def test_what_they_boosted_leaves_the_timelines(
    db: Database, cast: Cast, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving, "ACTS_CHUNK", 2)
    dave = make.account(db, "dave")
    make.follow(db, cast.bob, dave)
    boosted = make.posts_of(db, cast.carol, 5)
    for post_id in boosted:
        make.boost(db, dave, post_id)
    worker.run_due()
    assert sorted(Reader(db, cast.bob).posts()) == boosted
    db.write(partial(posts.take_back_some, account_id=dave.id))
    assert [event.post_id for event in announced(db, Unboosted)] == boosted[:2]
    leave(db, dave)
    worker.run_due()
    assert Reader(db, cast.bob).posts() == []


def test_blocks_mutes_and_requests_go_whichever_way_they_went(db: Database, cast: Cast) -> None:
    make.locked(db, cast.carol)
    make.locked(db, cast.alice)
    others = [make.account(db, f"other{number}") for number in range(4)]
    make.follow(db, others[0], cast.carol)
    make.follow(db, cast.carol, cast.alice)
    make.block(db, cast.carol, others[1])
    make.block(db, others[2], cast.carol)
    make.mute(db, cast.carol, others[3])
    make.mute(db, others[3], cast.carol)
    make.mute(db, others[3], cast.bob)
    leave(db, cast.carol)
    with db.read() as session:
        assert not session.scalars(select(Block.id)).all()
        assert not session.scalars(select(FollowRequest.id)).all()
        assert len(session.scalars(select(Mute.id)).all()) == 1
        assert not relationships.list_requests(session, cast.alice, Page(9)).items


def test_what_they_kept_for_themselves_goes_in_parts(
    db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving, "FORGOTTEN_CHUNK", 2)
    for post_id in make.posts_of(db, cast.alice, 3):
        for verb in (posts.bookmark, posts.mute_thread):
            db.write(partial(verb, by=cast.bob, post_id=post_id))
    parts = 0
    while db.write(partial(posts.forget_some, account_id=cast.bob.id)):
        parts += 1
    assert parts == 2
    with db.read() as session:
        for table in (Bookmark, ThreadMute):
            assert session.scalars(select(table)).all() == []
