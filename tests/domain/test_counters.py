"""Counters are proven, and mended where they are wrong."""

import re
import threading
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from microblog.db import Database
from microblog.domain import accounts, counters, posts, relationships, timelines
from microblog.domain.counters import Correction
from microblog.domain.visibility import FOLLOWERS
from microblog.models import Account, Post
from tests import make
from tests.cast import Cast
from tests.parallel import at_once


def test_recounting_finds_nothing_where_everything_went_well(db: Database, cast: Cast) -> None:
    first = make.post(db, cast.alice)
    make.post(db, cast.alice)
    make.follow(db, cast.alice, cast.bob)
    make.unfollow(db, cast.bob, cast.alice)
    db.write(lambda session: posts.delete(session, by=cast.alice, post_id=first))
    assert recount_all(db) == []


def test_recounting_mends_what_is_wrong_and_says_what_it_was(db: Database, cast: Cast) -> None:
    make.post(db, cast.alice)
    broken = {"posts_count": 7, "followers_count": 0, "following_count": -1}
    db.write(
        lambda session: session.execute(
            update(Account).where(Account.id == cast.alice.id).values(broken)
        )
    )
    assert recount_all(db) == [
        Correction("alice", "posts_count", 7, 1),
        Correction("alice", "followers_count", 0, 1),
        Correction("alice", "following_count", -1, 0),
    ]
    assert recount_all(db) == []


def test_everybody_is_counted_in_chunks(
    db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counters, "CHUNK", 2)
    db.write(lambda session: session.execute(update(Account).values(posts_count=3)))
    assert [one.username for one in recount_all(db)] == ["alice", "bob", "carol"]


def test_recounting_loses_nothing_that_is_counted_at_the_same_moment(
    db: Database, cast: Cast
) -> None:
    db.write(lambda session: session.execute(update(Account).values(followers_count=7)))
    has_followed, recounts = threading.Event(), threading.Event()

    def follow_slowly(session: Session) -> None:
        relationships.follow(session, by=cast.carol, account_id=cast.alice.id)
        has_followed.set()
        recounts.wait(10)

    def notice(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        # What has to wait for the other one, whichever way it is done.
        if has_followed.is_set() and re.search("^BEGIN|^UPDATE|FOR .*UPDATE", statement):
            recounts.set()

    def recount_meanwhile() -> None:
        has_followed.wait(10)
        recount_all(db)

    event.listen(db.engine, "before_cursor_execute", notice)
    try:
        at_once(partial(db.write, follow_slowly), recount_meanwhile)
    finally:
        event.remove(db.engine, "before_cursor_execute", notice)
    assert recount_all(db) == []
    with db.read() as session:
        assert accounts.get_by_username(session, "alice").followers_count == 2


def test_the_counters_of_posts_are_proven_and_mended_too(
    db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counters, "CHUNK", 2)
    first, second, third = make.posts_of(db, cast.alice, 3)
    make.post(db, cast.bob, reply_to=first)
    make.post(db, cast.bob, reply_to=first, visibility=FOLLOWERS)
    gone = make.post(db, cast.bob, reply_to=first)
    db.write(lambda session: posts.delete(session, by=cast.bob, post_id=gone))
    for verb in (posts.favourite, posts.boost):
        db.write(partial(verb, by=cast.bob, post_id=third))
    assert recount_posts(db) == []
    broken = {"replies_count": 7, "boosts_count": -1, "favourites_count": 3}
    db.write(lambda session: session.execute(update(Post).values(broken)))
    found = recount_posts(db)
    assert found[0] == Correction("alice", "replies_count", 7, 1, first)
    assert {one.post_id for one in found} >= {first, second, third}
    assert gone not in {one.post_id for one in found}
    assert recount_posts(db) == []
    entry = timelines.entry_of(db, cast.carol, third)
    assert (entry.boosts_count, entry.favourites_count) == (1, 1)


def test_recounting_posts_loses_nothing_that_is_counted_at_the_same_moment(
    db: Database, cast: Cast
) -> None:
    post_id = make.post(db, cast.alice)
    people = [cast.alice, cast.bob, cast.carol]
    acts = [partial(db.write, partial(posts.favourite, by=by, post_id=post_id)) for by in people]
    at_once(*acts, partial(recount_posts, db), partial(recount_posts, db))
    assert recount_posts(db) == []
    assert timelines.entry_of(db, None, post_id).favourites_count == 3


def recount_posts(db: Database) -> list[Correction]:
    found: list[Correction] = []
    after: int | None = 0
    while after is not None:
        after, more = db.write(partial(counters.recount_posts, after=after))
        found += more
    return found


def recount_all(db: Database) -> list[Correction]:
    found: list[Correction] = []
    after: int | None = 0
    while after is not None:
        after, more = db.write(partial(counters.recount, after=after))
        found += more
    return found
