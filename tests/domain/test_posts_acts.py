"""Boosting, favouriting and bookmarking posts, whoever does it at the same moment."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from microblog.db import Base, Database
from microblog.domain import posts, timelines
from microblog.domain.errors import NotAllowed, NotFound
from microblog.domain.timelines import BOOKMARKED, BOOSTED, FAVOURITED
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import FOLLOWERS, MENTIONED, QUIET
from microblog.models import Bookmark, Boost, Favourite, OutboxEvent
from tests import make
from tests.cast import Cast
from tests.parallel import at_once

Act = Callable[..., bool]
# What is done, how it is undone, what is counted, what is announced of both, and the mark.
ACTS: dict[str, tuple[Act, Act, type[Base], str, list[str], int]] = {
    "boost": (posts.boost, posts.unboost, Boost, "boosts", ["Boosted", "Unboosted"], BOOSTED),
    "favourite": (
        posts.favourite,
        posts.unfavourite,
        Favourite,
        "favourites",
        ["Favourited", "Unfavourited"],
        FAVOURITED,
    ),
    "bookmark": (posts.bookmark, posts.unbookmark, Bookmark, "", [], BOOKMARKED),
}
every_act = pytest.mark.parametrize(
    ("act", "undo", "table", "counter", "events", "mark"), ACTS.values(), ids=ACTS
)
every_verb = pytest.mark.parametrize("verb", [verb for act in ACTS.values() for verb in act[:2]])


@every_act
def test_what_is_done_twice_is_done_once_and_so_is_taking_it_back(
    db: Database,
    cast: Cast,
    act: Act,
    undo: Act,
    table: type[Base],
    counter: str,
    events: list[str],
    mark: int,
) -> None:
    post_id = make.post(db, cast.alice)
    assert [do(db, act, cast.bob, post_id) for _ in range(2)] == [True, False]
    assert counted(db, counter, post_id) == bool(counter)
    assert timelines.entry_of(db, cast.bob, post_id).marks == mark
    assert timelines.entry_of(db, cast.carol, post_id).marks == 0
    assert announced(db) == events[:1]
    assert [do(db, undo, cast.bob, post_id) for _ in range(2)] == [True, False]
    assert counted(db, counter, post_id) == 0
    assert announced(db) == events
    assert rows(db, table) == 0


def test_an_event_says_who_did_it_to_which_post(db: Database, cast: Cast) -> None:
    post_id = make.post(db, cast.alice)
    do(db, posts.favourite, cast.bob, post_id)
    do(db, posts.unfavourite, cast.bob, post_id)
    with db.read() as session:
        payloads = session.scalars(select(OutboxEvent.payload).order_by(OutboxEvent.id)).all()
    assert [json.loads(payload) for payload in payloads[-2:]] == [
        {"account_id": cast.bob.id, "post_id": post_id}
    ] * 2


@every_verb
def test_nothing_is_done_with_what_one_cannot_see(db: Database, cast: Cast, verb: Act) -> None:
    hidden = make.post(db, cast.alice, visibility=FOLLOWERS)
    named = make.post(db, cast.alice, "For @bob", visibility=MENTIONED)
    gone = make.post(db, cast.alice)
    db.write(lambda session: posts.delete(session, by=cast.alice, post_id=gone))
    for post_id in (hidden, named, gone, 1):
        with pytest.raises(NotFound):
            do(db, verb, cast.carol, post_id)


@every_verb
@pytest.mark.parametrize("who_blocks", ["the author", "the reader"])
def test_nothing_is_done_across_a_block(
    db: Database, cast: Cast, verb: Act, who_blocks: str
) -> None:
    post_id = make.post(db, cast.alice)
    pair = (cast.alice, cast.bob) if who_blocks == "the author" else (cast.bob, cast.alice)
    make.block(db, *pair)
    with pytest.raises(NotFound):
        do(db, verb, cast.bob, post_id)


def test_what_is_for_some_may_be_favourite_and_bookmark_but_is_not_carried_on(
    db: Database, cast: Cast
) -> None:
    for_followers = make.post(db, cast.alice, visibility=FOLLOWERS)
    for_bob = make.post(db, cast.alice, "For @bob", visibility=MENTIONED)
    for post_id in (for_followers, for_bob):
        assert do(db, posts.favourite, cast.bob, post_id)
        assert do(db, posts.bookmark, cast.bob, post_id)
        with pytest.raises(NotAllowed):
            do(db, posts.boost, cast.bob, post_id)
    with pytest.raises(NotAllowed):
        do(db, posts.boost, cast.alice, for_bob)
    assert rows(db, Boost) == 0


def test_authors_may_carry_on_what_their_followers_see_and_anybody_what_is_quiet(
    db: Database, cast: Cast
) -> None:
    assert do(db, posts.boost, cast.alice, make.post(db, cast.alice, visibility=FOLLOWERS))
    assert do(db, posts.boost, cast.carol, make.post(db, cast.alice, visibility=QUIET))


@every_act
def test_several_people_at_once_are_all_counted_and_each_of_them_once(
    db: Database,
    cast: Cast,
    act: Act,
    undo: Act,
    table: type[Base],
    counter: str,
    events: list[str],
    mark: int,
) -> None:
    people = [cast.alice, cast.bob, cast.carol, make.account(db, "dora")]
    post_id = make.post(db, cast.alice)
    each = [partial(do, db, act, person, post_id) for person in people] * 4
    assert sum(at_once(*each)) == len(people) == rows(db, table)
    assert counted(db, counter, post_id) == (len(people) if counter else 0)
    back = [partial(do, db, undo, person, post_id) for person in people[:3]] * 4
    assert sum(at_once(*back)) == 3
    assert counted(db, counter, post_id) == bool(counter)
    assert rows(db, table) == 1


def test_favourites_answers_and_boosts_at_once_never_stand_in_the_way(
    db: Database, cast: Cast
) -> None:
    of_alice, of_bob = make.post(db, cast.alice), make.post(db, cast.bob)

    def each(person: Viewer, post_id: int) -> list[Callable[[], Any]]:
        acts = (posts.favourite, posts.boost, posts.bookmark)
        answer = partial(make.post, db, person, "Yes", reply_to=post_id)
        return [*(partial(do, db, act, person, post_id) for act in acts), answer]

    at_once(*each(cast.alice, of_bob), *each(cast.bob, of_alice), *each(cast.carol, of_alice))
    assert timelines.entry_of(db, cast.carol, of_alice)[5:9] == (7, 2, 2, 2)
    assert timelines.entry_of(db, cast.carol, of_bob)[5:9] == (0, 1, 1, 1)


def do(db: Database, verb: Act, by: Viewer, post_id: int) -> bool:
    return db.write(lambda session: verb(session, by=by, post_id=post_id))


def counted(db: Database, counter: str, post_id: int) -> int:
    """Return a counter of a post, as its author sees it."""
    return getattr(timelines.entry_of(db, None, post_id), f"{counter}_count") if counter else 0


def announced(db: Database) -> list[str]:
    """Return what was announced of these acts, in order."""
    with db.read() as session:
        kinds = session.scalars(select(OutboxEvent.kind).order_by(OutboxEvent.id)).all()
    return [kind for kind in kinds if kind not in ("Followed", "PostPublished")]


def rows(db: Database, table: type[Base]) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0
