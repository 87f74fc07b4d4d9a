"""The timelines anybody may read: explore, a tag's, a person's, and a single post."""

from collections.abc import Callable
from functools import partial

import pytest

from microblog import clock
from microblog.db import Database
from microblog.domain import accounts, posts, sessions, threads, timelines
from microblog.domain.errors import NotFound
from microblog.domain.pages import Page, Slice
from microblog.domain.relationships import Relationship
from microblog.domain.timelines import Entry
from microblog.ids import MAX_ID
from tests import make
from tests.cast import Cast
from tests.reader import read_down, read_up

Read = Callable[[Database, Page], Slice[Entry]]


def explore(db: Database, page: Page) -> Slice[Entry]:
    return timelines.explore(db, None, page)


def tagged(db: Database, page: Page) -> Slice[Entry]:
    return timelines.tagged(db, None, "cats", page)


def posts_of_alice(db: Database, page: Page) -> Slice[Entry]:
    return timelines.profile(db, None, "alice", page).posts


every_timeline = pytest.mark.parametrize("read", [explore, tagged, posts_of_alice])


@every_timeline
def test_pages_are_read_to_the_end_and_back(db: Database, cast: Cast, read: Read) -> None:
    written = [make.post(db, cast.alice, f"Number {number} of #cats") for number in range(7)]
    down, up = read_down(partial(read, db), 3), read_up(partial(read, db), 3)
    assert [entry.post_id for entry in down] == written[::-1]
    assert down == up


@every_timeline
def test_pages_neither_lose_nor_repeat_a_post_while_people_write(
    db: Database, cast: Cast, read: Read
) -> None:
    written = [make.post(db, cast.alice, f"Number {number} of #cats") for number in range(7)]

    def read_and_write(page: Page) -> Slice[Entry]:
        found = read(db, page)
        make.post(db, cast.alice, "Meanwhile, #cats")
        return found

    assert [entry.post_id for entry in read_down(read_and_write, 3)] == written[::-1]


@every_timeline
@pytest.mark.parametrize("page", [Page(3, before=0), Page(3, before=1), Page(3, after=MAX_ID)])
def test_a_stale_key_answers_an_empty_page(
    db: Database, cast: Cast, read: Read, page: Page
) -> None:
    make.post(db, cast.alice, "About #cats")
    found = read(db, page)
    assert (list(found.items), found.older, found.newer) == ([], None, None)


@every_timeline
def test_a_deleted_post_is_gone_at_once(db: Database, cast: Cast, read: Read) -> None:
    kept, deleted = (make.post(db, cast.alice, "About #cats") for _ in range(2))
    db.write(lambda session: posts.delete(session, by=cast.alice, post_id=deleted))
    assert [entry.post_id for entry in read(db, Page(3)).items] == [kept]


def test_a_profile_says_how_the_reader_stands_to_the_person(db: Database, cast: Cast) -> None:
    assert stand(db, cast, "bob", "alice") == Relationship(following=True)
    assert stand(db, cast, "alice", "bob") == Relationship(follows_you=True)
    assert stand(db, cast, "alice", "alice") == Relationship(is_self=True)
    assert stand(db, cast, "carol", "alice") == Relationship()
    assert timelines.profile(db, None, "alice", Page(3)).relationship == Relationship()


def test_a_profile_without_posts_is_found_too(db: Database, cast: Cast) -> None:
    profile = timelines.profile(db, None, "Carol", Page(3))
    assert profile.account.username == "carol"
    assert (list(profile.posts.items), profile.posts.older) == ([], None)


def test_a_profile_shows_when_a_person_was_here_unless_they_hide_it(
    db: Database, cast: Cast
) -> None:
    moment = clock.now()
    db.write(lambda session: sessions.touch(session, 0, cast.alice.id, moment))
    assert timelines.profile(db, None, "alice", Page(3)).account.last_seen_at == moment
    db.write(
        lambda session: accounts.edit_preferences(
            session,
            by=cast.alice,
            locale=None,
            time_zone=None,
            theme="auto",
            shows_last_seen=False,
        )
    )
    with db.read() as session:
        alike = accounts.get_by_username(session, "alice")
    profile = timelines.profile(db, None, "alice", Page(3))
    assert profile.account == alike
    assert profile.account.last_seen_at is None


@pytest.mark.parametrize(
    "username",
    ["nobody", "", "ali%", "ali_e", "alice ", "alice\x00", "a\x00b", "\ud800", "a" * 100_000],
)
def test_there_is_no_profile_of_nobody(db: Database, cast: Cast, username: str) -> None:
    post_id = make.post(db, cast.alice)
    with pytest.raises(NotFound):
        timelines.profile(db, None, username, Page(3))
    with pytest.raises(NotFound):
        threads.find(db, None, username, post_id)
    with db.read() as session:
        assert accounts.find_id_by_username(session, username) is None
        with pytest.raises(NotFound):
            accounts.get_by_username(session, username)


def stand(db: Database, cast: Cast, reader: str, username: str) -> Relationship:
    return timelines.profile(db, getattr(cast, reader), username, Page(3)).relationship
