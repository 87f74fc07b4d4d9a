"""Large demo data is what an ordinary server would hold, at every moment of its making."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from microblog import ids
from microblog.db import Database
from microblog.domain.demo import LargePlan, fill_large
from microblog.domain.demo.crowd import Crowd
from microblog.domain.timelines import TIMELINE_LENGTH
from microblog.domain.viewer import Viewer
from microblog.models import Account, Follow, Post, PostTag, Server, Tag, TimelineEntry, User
from microblog.worker import Worker
from tests import make
from tests.cast import Cast
from tests.demo import corrections, person
from tests.reader import Reader

SMALL = LargePlan(accounts=30, posts=400, viewers=4, follows=15)
# Whoever follows everybody has more posts to read than a timeline keeps.
LONG = LargePlan(accounts=12, posts=TIMELINE_LENGTH + 700, viewers=2, follows=11)


def silent(_stage: str, _more: int, _total: int) -> None:
    """Show no progress."""


def read_by(db: Database, viewer: Viewer) -> list[int]:
    """Return what belongs on somebody's home timeline, the newest first."""
    followed = select(Follow.followed_id).where(Follow.follower_id == viewer.id)
    theirs = (Post.account_id == viewer.id) | Post.account_id.in_(followed)
    with db.read() as session:
        return list(session.scalars(select(Post.id).where(theirs).order_by(Post.id.desc())))


def kept_by(db: Database, viewer: Viewer) -> list[int]:
    """Return what is in the table of somebody's home timeline, the newest first."""
    entries = select(TimelineEntry.id).where(TimelineEntry.account_id == viewer.id)
    with db.read() as session:
        return list(session.scalars(entries.order_by(TimelineEntry.id.desc())))


def test_there_are_as_many_as_asked_for(db: Database) -> None:
    report = fill_large(db, SMALL, "a hash", silent)
    with db.read() as session:
        counted = [
            session.scalar(select(func.count()).select_from(table))
            for table in (Account, User, Follow, Post, TimelineEntry)
        ]
    assert counted == [30, 30, report.follows, 400, report.timeline_entries]


def test_every_counter_is_right(db: Database) -> None:
    fill_large(db, SMALL, "a hash", silent)
    assert corrections(db) == []


def test_the_server_is_set_up_with_the_first_person_as_admin(db: Database) -> None:
    report = fill_large(db, SMALL, "a hash", silent)
    with db.read() as session:
        assert session.scalars(select(Server)).one()
        admins = session.scalars(select(User.account_id).where(User.role == "admin")).all()
    assert report.is_admin
    assert admins == [person(db, report.username).id]


def test_everybody_reads_their_own_posts_and_those_of_whom_they_follow(db: Database) -> None:
    fill_large(db, SMALL, "a hash", silent)
    for username in ("person00001", "person00030"):
        viewer = person(db, username)
        assert kept_by(db, viewer) == read_by(db, viewer)
        assert Reader(db, viewer).posts() == read_by(db, viewer)


def test_a_long_timeline_is_trimmed_and_goes_on_below_its_floor(db: Database) -> None:
    fill_large(db, LONG, "a hash", silent)
    viewer = person(db, "person00001")
    expected = read_by(db, viewer)
    assert len(expected) > TIMELINE_LENGTH
    assert kept_by(db, viewer) == expected[:TIMELINE_LENGTH]
    with db.read() as session:
        floor = session.scalar(select(User.timeline_floor).where(User.account_id == viewer.id))
    assert floor == expected[TIMELINE_LENGTH - 1]
    assert Reader(db, viewer, per_page=100).posts() == expected


def test_posts_are_of_the_past_year_and_have_the_time_of_their_ids(db: Database) -> None:
    fill_large(db, SMALL, "a hash", silent)
    with db.read() as session:
        rows = session.execute(select(Post.id, Post.created_at, Account.created_at).join(Account))
        for post_id, posted_at, joined_at in rows:
            assert ids.time_of(post_id) == posted_at > joined_at
        first, last = session.execute(select(func.min(Post.id), func.max(Post.id))).one()
    assert 350 < (ids.time_of(last) - ids.time_of(first)).days <= 365


def test_posts_are_under_the_tags_they_carry(db: Database) -> None:
    fill_large(db, SMALL, "a hash", silent)
    with db.read() as session:
        tagged = session.execute(
            select(Post.html, Tag.name).join(PostTag, PostTag.post_id == Post.id).join(Tag)
        ).all()
        hashtags = sum(html.count('class="hashtag"') for html in session.scalars(select(Post.html)))
    assert len(tagged) == hashtags > 0
    assert all('class="hashtag"' in html for html, _ in tagged)


def test_more_can_be_added_and_people_who_are_here_are_left_alone(
    db: Database, cast: Cast, worker: Worker
) -> None:
    make.account(db, "person00002")
    make.post(db, cast.alice, "I was here before.")
    worker.run_due()
    before = kept_by(db, cast.bob), read_by(db, cast.bob)
    fill_large(db, SMALL, "a hash", silent)
    report = fill_large(db, SMALL, "a hash", silent)
    with db.read() as session:
        names = set(session.scalars(select(Account.username)))
    assert names == {"alice", "bob", "carol", *(f"person{n:05}" for n in range(1, 62))}
    assert not report.is_admin
    assert (kept_by(db, cast.bob), read_by(db, cast.bob)) == before
    assert corrections(db) == []


class Killed(Exception):
    """The demo ended before it was done."""


def test_a_demo_that_is_cut_short_leaves_a_sound_server(db: Database) -> None:
    def end_before_timelines(stage: str, _more: int, _total: int) -> None:
        if stage == "posts":
            raise Killed

    with pytest.raises(Killed):
        fill_large(db, SMALL, "a hash", end_before_timelines)
    viewer = person(db, "person00001")
    assert corrections(db) == []
    assert kept_by(db, viewer) == []
    assert Reader(db, viewer).posts() == read_by(db, viewer)


def test_progress_adds_up_to_the_whole(db: Database) -> None:
    made, totals = Counter[str](), {}

    def add(stage: str, more: int, total: int) -> None:
        made[stage] += more
        totals[stage] = total

    fill_large(db, SMALL, "a hash", add)
    assert made == totals == {"posts": 400, "timelines": 30}


@pytest.mark.parametrize("accounts_", [1, 2])
def test_even_the_smallest_crowd_is_possible(db: Database, accounts_: int) -> None:
    fill_large(db, LargePlan(accounts=accounts_, posts=3), "a hash", silent)
    viewer = person(db, "person00001")
    assert len(Reader(db, viewer).posts()) == len(read_by(db, viewer))


def test_viewers_follow_as_many_as_asked_and_the_others_a_few() -> None:
    crowd = Crowd(LargePlan(accounts=300, posts=0, viewers=20, follows=120))
    assert {len(follows) for follows in crowd.follows[:20]} == {120}
    assert {len(follows) for follows in crowd.follows[20:]} == set(range(3, 9))


def test_nobody_follows_themselves_or_anybody_twice() -> None:
    crowd = Crowd(LargePlan(accounts=50, posts=0, viewers=50, follows=49))
    for number, follows in enumerate(crowd.follows):
        assert set(follows) == set(range(50)) - {number}
        assert len(follows) == 49


def test_the_most_followed_of_two_thousand_has_over_a_thousand_followers() -> None:
    crowd = Crowd(LargePlan(accounts=2_000, posts=0))
    followers = Counter(followed for follows in crowd.follows for followed in follows)
    assert followers.most_common(1)[0][1] > 1_000


def test_a_few_write_much_and_many_a_little() -> None:
    written = Counter(Crowd(LargePlan(accounts=1_000, posts=0)).authors(50_000))
    most = [count for _, count in written.most_common()]
    assert sum(most[:100]) > 20_000
    assert most[500] < 30


def test_a_seed_makes_the_same_crowd_again_and_another_seed_another() -> None:
    def follows(seed: int) -> list[tuple[int, ...]]:
        return [tuple(them) for them in Crowd(LargePlan(100, 0, seed=seed)).follows]

    assert follows(1) == follows(1)
    assert follows(1) != follows(2)
