"""A home timeline keeps its newest entries; older pages are merged from the posts themselves."""

import importlib
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from microblog import ids
from microblog.db import Database
from microblog.domain import posts
from microblog.domain.timelines import delivery, following
from microblog.domain.viewer import Viewer
from microblog.models import Post, TimelineEntry
from microblog.worker import Worker
from tests import make
from tests.cast import Cast
from tests.reader import Reader

LENGTH = 6


@pytest.fixture(autouse=True)
def short_timelines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make timelines short, and cut them at every delivery."""
    monkeypatch.setattr(delivery, "TIMELINE_LENGTH", LENGTH)
    monkeypatch.setattr(following, "BACKFILL", 4)
    monkeypatch.setattr(delivery, "_TRIM_INTERVAL", 1)


@pytest.fixture
def bob(db: Database, cast: Cast) -> Reader:
    """Return Bob, who follows Alice, reading four posts a page."""
    return Reader(db, cast.bob, per_page=4)


def write_and_deliver(db: Database, worker: Worker, *authors: Viewer) -> list[int]:
    """Let each author write a post that arrives before the next one is written."""
    written = []
    for author in authors:
        written.append(make.post(db, author))
        worker.run_due()
    return written


def test_the_newest_entries_are_kept_and_older_pages_go_on(
    db: Database, cast: Cast, worker: Worker, bob: Reader
) -> None:
    written = write_and_deliver(db, worker, *[cast.alice] * 15)
    assert kept(db, cast.bob) == LENGTH
    assert bob.viewer().timeline_floor > 0
    assert bob.posts() == written[::-1]
    assert [entry.post_id for entry in bob.entries_upwards()] == written[::-1]


def test_one_page_goes_across_the_end_of_what_is_kept(
    db: Database, cast: Cast, worker: Worker, bob: Reader
) -> None:
    written = write_and_deliver(db, worker, *[cast.alice] * 12)
    down = bob.page_before(bob.first_page().older)
    assert [entry.post_id for entry in down.items] == written[7:3:-1]
    up = bob.page_after(bob.page_before(down.older).items[0].key)
    assert up.items == down.items


def test_older_pages_show_only_what_may_be_seen_now(
    db: Database, cast: Cast, worker: Worker, bob: Reader
) -> None:
    make.follow(db, cast.bob, cast.carol)
    written = write_and_deliver(db, worker, *[cast.alice, cast.carol, cast.bob] * 5)
    db.write(lambda session: posts.delete(session, by=cast.alice, post_id=written[0]))
    make.unfollow(db, cast.bob, cast.carol)
    expected = [post_id for number, post_id in enumerate(written) if number % 3 != 1][:0:-1]
    assert bob.posts() == expected
    worker.run_due()
    assert bob.posts() == expected


def test_a_long_past_is_brought_in_for_the_newest_part_and_merged_for_the_rest(
    db: Database, cast: Cast, worker: Worker
) -> None:
    carol = Reader(db, cast.carol, per_page=3)
    written = write_and_deliver(db, worker, *[cast.alice] * 10)
    make.follow(db, cast.carol, cast.alice)
    assert carol.posts() == written[::-1]
    worker.run_due()
    assert kept(db, cast.carol) == 4
    assert carol.posts() == written[::-1]
    assert [entry.post_id for entry in carol.entries_upwards()] == written[::-1]


def test_somebody_with_a_long_past_may_be_followed_again(
    db: Database, cast: Cast, worker: Worker
) -> None:
    carol = Reader(db, cast.carol, per_page=3)
    written = write_and_deliver(db, worker, *[cast.alice] * 10)
    for _ in range(2):
        make.follow(db, cast.carol, cast.alice)
        worker.run_due()
        assert carol.posts() == written[::-1]
        make.unfollow(db, cast.carol, cast.alice)
        worker.run_due()
        assert carol.posts() == []


def test_a_long_past_hides_nothing_that_was_kept_before(
    db: Database, cast: Cast, worker: Worker
) -> None:
    carol = Reader(db, cast.carol, per_page=3)
    make.follow(db, cast.carol, cast.bob)
    worker.run_due()
    written = write_and_deliver(db, worker, cast.bob, cast.carol, *[cast.alice] * 8)
    make.follow(db, cast.carol, cast.alice)
    worker.run_due()
    assert carol.viewer().timeline_floor == written[6]
    assert carol.posts() == written[::-1]
    assert [entry.post_id for entry in carol.entries_upwards()] == written[::-1]


def test_somebody_followed_late_fills_in_among_what_is_older_than_kept(
    db: Database, cast: Cast, worker: Worker, bob: Reader
) -> None:
    written = write_and_deliver(db, worker, *[cast.alice, cast.carol] * 8)
    make.follow(db, cast.bob, cast.carol)
    pending = bob.posts()
    worker.run_due()
    assert sorted(pending) == sorted(bob.posts()) == written
    assert [entry.post_id for entry in bob.entries_upwards()] == bob.posts()


def test_a_post_that_arrived_late_is_shown_once_where_it_arrived(
    db: Database, cast: Cast, worker: Worker, bob: Reader
) -> None:
    make.follow(db, cast.bob, cast.carol)
    worker.run_due()
    late = make.post(db, cast.carol)
    on_time = make.posts_of(db, cast.alice, 5)
    for post_id in on_time:
        db.write(partial(delivery.deliver, post_id=post_id, after=None))
    worker.run_due()
    assert bob.posts() == [late, *on_time[::-1]]
    # Its entry is among those kept, its own key is below them.
    newest = write_and_deliver(db, worker, *[cast.alice] * 3)
    assert bob.viewer().timeline_floor > late
    assert bob.posts() == [*newest[::-1], late, *on_time[::-1]]


def test_posts_of_years_are_found_however_long_nobody_wrote(
    db: Database, cast: Cast, worker: Worker, bob: Reader
) -> None:
    long_ago = [written_at(db, cast.alice, days) for days in (900, 700, 699, 30, 2)]
    written = write_and_deliver(db, worker, *[cast.alice] * 8)
    assert bob.posts() == [*written[::-1], *long_ago[::-1]]
    assert [entry.post_id for entry in bob.entries_upwards()] == bob.posts()


def test_posts_side_by_side_are_found_wherever_a_stretch_of_time_ends(
    db: Database, cast: Cast, worker: Worker, bob: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = importlib.import_module("microblog.domain.timelines.home")
    monkeypatch.setattr(home, "_FIRST_WINDOW", 1)
    write_and_deliver(db, worker, *[cast.alice] * (LENGTH + 1))
    floor = bob.viewer().timeline_floor
    old = [write_as(db, cast.alice, floor - 90 + number) for number in range(90)]
    found = bob.posts()
    assert set(old) < set(found)
    assert len(found) == len(set(found)) == 90 + LENGTH + 1
    assert [entry.post_id for entry in bob.entries_upwards()] == found


@pytest.mark.parametrize("key", [0, 1])
def test_a_stale_key_below_what_is_kept_answers_an_empty_page(
    db: Database, cast: Cast, worker: Worker, bob: Reader, key: int
) -> None:
    write_and_deliver(db, worker, *[cast.alice] * 9)
    page = bob.page_before(key)
    assert (list(page.items), page.older, page.newer) == ([], None, None)


def test_reading_on_while_the_timeline_is_cut_loses_nothing(
    db: Database, cast: Cast, worker: Worker, bob: Reader
) -> None:
    written = write_and_deliver(db, worker, *[cast.alice] * 9)
    page = bob.first_page()
    read = [entry.post_id for entry in page.items]
    while page.older is not None:
        write_and_deliver(db, worker, *[cast.alice] * 3)
        page = bob.page_before(page.older)
        found = [entry.post_id for entry in page.items]
        # When the entry that a page ended with was cut off in between, only the moment at which
        # it had arrived is known, and its post is a little older: it may be shown again.
        read += found[1:] if found[0] == read[-1] else found
    assert read == written[::-1]


def test_who_only_reads_themselves_keeps_no_more_than_others(
    db: Database, cast: Cast, worker: Worker
) -> None:
    carol = Reader(db, cast.carol, per_page=4)
    written = write_and_deliver(db, worker, *[cast.carol] * 10)
    assert kept(db, cast.carol) == LENGTH
    assert carol.posts() == written[::-1]


def kept(db: Database, person: Viewer) -> int:
    of_account = select(func.count()).where(TimelineEntry.account_id == person.id)
    with db.read() as session:
        return session.scalar(of_account) or 0


def written_at(db: Database, author: Viewer, days_ago: int) -> int:
    return write_as(db, author, ids.new() - ids.distance(timedelta(days=days_ago)))


def write_as(db: Database, author: Viewer, post_id: int) -> int:
    """Make a post with an id of the past."""
    row = Post(
        id=post_id,
        account_id=author.id,
        text="Old",
        html="<p>Old</p>",
        created_at=ids.time_of(post_id),
    )
    db.write(lambda session: session.add(row))
    return post_id
