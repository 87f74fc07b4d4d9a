"""What somebody keeps and what they like, page by page; who else liked a post."""

from collections.abc import Callable
from functools import partial

import pytest

from microblog.db import Database
from microblog.domain import posts, relationships, timelines
from microblog.domain.pages import Page, Slice
from microblog.domain.timelines import Entry
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import FOLLOWERS
from tests import make
from tests.cast import Cast
from tests.reader import read_down, read_up

Read = Callable[[Database, Viewer, Page], Slice[Entry]]
KEPT = pytest.mark.parametrize(
    ("verb", "read"),
    [(posts.bookmark, timelines.bookmarks), (posts.favourite, timelines.favourites)],
    ids=["bookmarks", "favourites"],
)
LISTED = pytest.mark.parametrize(
    ("verb", "list_people"),
    [
        (posts.favourite, relationships.list_favouriters),
        (posts.boost, relationships.list_boosters),
    ],
    ids=["favourites", "boosts"],
)


@KEPT
def test_the_last_chosen_comes_first_in_both_directions(
    db: Database, cast: Cast, verb: Callable[..., bool], read: Read
) -> None:
    chosen = [*make.posts_of(db, cast.alice, 5)[::2], make.post(db, cast.bob)]
    for post_id in chosen:
        do(db, verb, cast.carol, post_id)
    reading = partial(read, db, cast.carol)
    for found in (read_down(reading, 2), read_up(reading, 2)):
        assert [entry.post_id for entry in found] == chosen[::-1]
    assert read(db, cast.bob, Page(9)).items == []


@KEPT
def test_what_one_may_not_see_any_more_is_not_there(
    db: Database, cast: Cast, verb: Callable[..., bool], read: Read
) -> None:
    deleted, hidden, narrowed = make.posts_of(db, cast.alice, 3)
    of_bob, left = make.post(db, cast.bob), make.post(db, cast.bob, visibility=FOLLOWERS)
    make.follow(db, cast.carol, cast.bob)
    for post_id in (deleted, hidden, narrowed, of_bob, left):
        do(db, verb, cast.carol, post_id)
    db.write(lambda session: posts.delete(session, by=cast.alice, post_id=deleted))
    make.narrow(db, cast.alice, narrowed, FOLLOWERS)
    make.unfollow(db, cast.carol, cast.bob)
    assert kept(db, read, cast.carol) == [of_bob, hidden]
    make.block(db, cast.alice, cast.carol)
    assert kept(db, read, cast.carol) == [of_bob]
    make.block(db, cast.carol, cast.bob)
    assert kept(db, read, cast.carol) == []


@LISTED
def test_the_people_are_listed_the_last_first_without_those_one_has_nothing_to_do_with(
    db: Database,
    cast: Cast,
    verb: Callable[..., bool],
    list_people: Callable[..., Slice[relationships.Person]],
) -> None:
    post_id, other = make.posts_of(db, cast.alice, 2)
    for person in (cast.alice, cast.bob, cast.carol):
        do(db, verb, person, post_id)

    def names(viewer: Viewer | None, limit: int = 9, of: int = post_id) -> list[str]:
        with db.read() as session:
            found = list_people(session, viewer, of, Page(limit))
        return [person.account.username for person in found.items]

    assert names(None) == ["carol", "bob", "alice"]
    assert names(None, 2) == ["carol", "bob"]
    assert names(None, of=other) == []
    make.block(db, cast.bob, cast.carol)
    assert names(cast.bob) == ["bob", "alice"]
    assert names(cast.carol) == ["carol", "alice"]


def do(db: Database, verb: Callable[..., bool], by: Viewer, post_id: int) -> None:
    db.write(lambda session: verb(session, by=by, post_id=post_id))


def kept(db: Database, read: Read, viewer: Viewer) -> list[int]:
    return [entry.post_id for entry in read(db, viewer, Page(20)).items]
