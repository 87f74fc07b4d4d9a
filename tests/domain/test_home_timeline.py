"""The home timeline: whose posts are on it, and links between pages that stay right."""

import pytest
from sqlalchemy import func, select, true

from microblog.db import Database
from microblog.domain import posts, timelines
from microblog.ids import MAX_ID
from microblog.models import TimelineEntry
from microblog.worker import Worker
from tests import make
from tests.cast import Cast
from tests.reader import Reader


@pytest.fixture
def bob(db: Database, cast: Cast) -> Reader:
    """Return Bob, who follows Alice, reading three posts a page."""
    return Reader(db, cast.bob, per_page=3)


def test_a_person_reads_themselves_and_those_they_follow(
    db: Database, cast: Cast, worker: Worker, bob: Reader
) -> None:
    by_alice, _, own = (make.post(db, person) for person in (cast.alice, cast.carol, cast.bob))
    worker.run_due()
    # What was delivered stands where it arrived; one's own post was there before.
    assert set(bob.posts()) == {own, by_alice}
    assert len(bob.posts()) == 2


def test_a_new_account_has_an_empty_home_page(db: Database, cast: Cast) -> None:
    page = Reader(db, cast.carol).first_page()
    assert (list(page.items), page.older, page.newer) == ([], None, None)


def test_pages_are_read_to_the_end_and_back(
    db: Database, cast: Cast, worker: Worker, bob: Reader
) -> None:
    written = make.posts_of(db, cast.alice, 8)
    worker.run_due()
    first = bob.first_page()
    second = bob.page_before(first.older)
    third = bob.page_before(second.older)
    assert first.newer is None
    assert third.older is None
    down = [entry.post_id for page in (first, second, third) for entry in page.items]
    assert down == written[::-1]
    assert bob.page_after(third.newer).items == second.items
    assert bob.page_after(second.newer).items == first.items
    assert bob.page_after(second.newer).newer is None


def test_a_full_last_page_leads_nowhere(
    db: Database, cast: Cast, worker: Worker, bob: Reader
) -> None:
    make.posts_of(db, cast.alice, 3)
    worker.run_due()
    assert bob.first_page().older is None


def test_older_pages_neither_lose_nor_repeat_a_post_while_people_write(
    db: Database, cast: Cast, worker: Worker, bob: Reader
) -> None:
    written = make.posts_of(db, cast.alice, 9)
    worker.run_due()
    page, read = bob.first_page(), []
    while True:
        read += [entry.post_id for entry in page.items]
        if page.older is None:
            break
        make.post(db, cast.alice, "Another one")
        make.post(db, cast.bob, "And mine")
        worker.run_due()
        page = bob.page_before(page.older)
    assert read == written[::-1]


def test_newer_pages_neither_lose_nor_repeat_a_post_while_people_write(
    db: Database, cast: Cast, worker: Worker, bob: Reader
) -> None:
    written = make.posts_of(db, cast.alice, 4)
    worker.run_due()
    page = bob.page_after(0)
    read = [entry.post_id for entry in reversed(page.items)]
    for _ in range(5):
        written.append(make.post(db, cast.alice, "Another one"))
        worker.run_due()
        page = bob.page_after(page.items[0].key)
        read += [entry.post_id for entry in reversed(page.items)]
    assert read == written


def test_a_post_that_arrives_late_is_seen_as_new(
    db: Database, cast: Cast, worker: Worker, bob: Reader
) -> None:
    make.follow(db, cast.bob, cast.carol)
    worker.run_due()
    late, early = make.post(db, cast.alice), make.post(db, cast.carol)
    db.write(lambda session: timelines.deliver(session, early, None))
    (newest,) = bob.first_page().items
    assert newest.post_id == early
    worker.run_due()
    assert bob.count_new(newest.key) == 1
    assert [entry.post_id for entry in bob.page_after(newest.key).items] == [late]
    assert bob.posts() == [late, early]


def test_posts_of_somebody_newly_followed_are_there_at_once_and_once(
    db: Database, cast: Cast, worker: Worker, bob: Reader
) -> None:
    written = [make.post(db, person) for person in (cast.carol, cast.alice, cast.carol, cast.alice)]
    make.posts_of(db, cast.carol, 2)
    worker.run_due()
    before = bob.posts()
    make.follow(db, cast.bob, cast.carol)
    pending = bob.posts()
    assert len(pending) == len(set(pending)) == 6
    assert set(pending) > {*before, *written}
    worker.run_due()
    assert bob.posts() == pending
    assert [entry.post_id for entry in bob.entries_upwards()] == pending


def test_what_is_written_between_a_follow_and_the_worker_is_there_once(
    db: Database, cast: Cast, worker: Worker, bob: Reader
) -> None:
    make.follow(db, cast.bob, cast.carol)
    post_id = make.post(db, cast.carol)
    assert bob.posts() == [post_id]
    worker.run_due()
    assert bob.posts() == [post_id]


def test_posts_of_somebody_no_longer_followed_are_gone_at_once_and_for_good(
    db: Database, cast: Cast, worker: Worker, bob: Reader
) -> None:
    own = make.post(db, cast.bob)
    make.posts_of(db, cast.alice, 5)
    worker.run_due()
    make.unfollow(db, cast.bob, cast.alice)
    assert bob.posts() == [own]
    assert bob.count_new(0) == 0
    worker.run_due()
    assert bob.posts() == [own]
    assert kept(db, cast.bob.id) == 1


def test_who_is_followed_again_before_the_worker_came_by_was_never_gone(
    db: Database, cast: Cast, worker: Worker, bob: Reader
) -> None:
    written = make.posts_of(db, cast.alice, 5)
    worker.run_due()
    make.unfollow(db, cast.bob, cast.alice)
    make.follow(db, cast.bob, cast.alice)
    assert bob.posts() == written[::-1]
    worker.run_due()
    assert bob.posts() == written[::-1]


def test_who_is_followed_again_later_is_there_at_once(
    db: Database, cast: Cast, worker: Worker, bob: Reader
) -> None:
    written = make.posts_of(db, cast.alice, 2)
    worker.run_due()
    make.unfollow(db, cast.bob, cast.alice)
    worker.run_due()
    make.follow(db, cast.bob, cast.alice)
    assert bob.posts() == written[::-1]


def test_who_unfollows_before_the_worker_came_by_gets_nothing(
    db: Database, cast: Cast, worker: Worker
) -> None:
    make.posts_of(db, cast.alice, 3)
    make.follow(db, cast.carol, cast.alice)
    make.unfollow(db, cast.carol, cast.alice)
    worker.run_due()
    assert kept(db, cast.carol.id) == 0


@pytest.mark.parametrize("key", [0, 1, MAX_ID])
def test_a_stale_key_answers_an_empty_page(
    db: Database, cast: Cast, worker: Worker, bob: Reader, key: int
) -> None:
    make.posts_of(db, cast.alice, 5)
    worker.run_due()
    page = bob.page_after(key) if key == MAX_ID else bob.page_before(key)
    assert (list(page.items), page.older, page.newer) == ([], None, None)


def test_the_key_of_a_deleted_post_still_finds_its_place(
    db: Database, cast: Cast, worker: Worker, bob: Reader
) -> None:
    written = make.posts_of(db, cast.alice, 7)
    worker.run_due()
    key = bob.first_page().older
    db.write(lambda session: posts.delete(session, by=cast.alice, post_id=written[4]))
    worker.run_due()
    assert [entry.post_id for entry in bob.page_before(key).items] == written[3:0:-1]


def test_new_posts_of_others_are_counted(
    db: Database, cast: Cast, worker: Worker, bob: Reader
) -> None:
    make.post(db, cast.alice)
    worker.run_due()
    newest = bob.first_page().items[0].key
    assert bob.count_new(newest) == 0
    _, gone = make.posts_of(db, cast.alice, 2)
    make.post(db, cast.bob, "My own is no news to me")
    make.post(db, cast.carol, "A stranger's neither")
    worker.run_due()
    assert bob.count_new(newest) == 2
    db.write(lambda session: posts.delete(session, by=cast.alice, post_id=gone))
    assert bob.count_new(newest) == 1


def test_new_posts_are_counted_up_to_a_limit(
    db: Database, cast: Cast, worker: Worker, bob: Reader
) -> None:
    make.posts_of(db, cast.alice, 45)
    worker.run_due()
    assert bob.count_new(0) == 40


def kept(db: Database, account_id: int) -> int:
    of_account = select(func.count()).where(TimelineEntry.account_id == account_id)
    with db.read() as session:
        return session.scalar(of_account) or 0


def test_answers_to_strangers_wait_until_whom_they_answer_is_followed(
    db: Database, cast: Cast, worker: Worker
) -> None:
    asking = make.account(db, "asking")
    reader = Reader(db, cast.bob)
    question = make.post(db, asking, "Who has seen the heron?")
    answer = make.post(db, cast.alice, "I have.", reply_to=question)
    worker.run_due()
    assert answer not in reader.posts()
    assert held_back(db, cast.bob.id) == {answer}

    make.follow(db, cast.bob, asking)
    worker.run_due()
    assert {question, answer} <= set(reader.posts())
    assert held_back(db, cast.bob.id) == set()


def test_older_answers_of_somebody_newly_followed_wait_too(
    db: Database, cast: Cast, worker: Worker
) -> None:
    asking = make.account(db, "asking")
    question = make.post(db, asking, "Who has seen the heron?")
    answer = make.post(db, cast.alice, "I have.", reply_to=question)
    worker.run_due()
    make.follow(db, cast.carol, cast.alice)
    worker.run_due()
    assert answer not in Reader(db, cast.carol).posts()
    assert held_back(db, cast.carol.id) == {answer}


def held_back(db: Database, account_id: int) -> set[int]:
    with db.read() as session:
        return set(
            session.scalars(
                select(TimelineEntry.post_id).where(
                    TimelineEntry.account_id == account_id, TimelineEntry.is_held_back == true()
                )
            )
        )
