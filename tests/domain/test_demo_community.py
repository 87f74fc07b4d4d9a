"""The demo community is what an ordinary server would hold after six weeks."""

from collections.abc import Callable

import pytest
from PIL import Image
from sqlalchemy import func, select

from microblog import clock, ids
from microblog.db import Database
from microblog.domain import accounts, counters, messages, notifications
from microblog.domain.demo import DemoReport, fill_community, script
from microblog.domain.errors import Conflict
from microblog.domain.pages import Page
from microblog.domain.timelines import TIMELINE_LENGTH
from microblog.domain.viewer import Viewer
from microblog.files.storage import is_gated
from microblog.models import (
    Account,
    Attachment,
    Bookmark,
    Boost,
    Favourite,
    Follow,
    OutboxEvent,
    Pin,
    Post,
    PostTag,
    Server,
    TimelineEntry,
    User,
)
from microblog.services import Services
from microblog.worker import Worker
from tests import make
from tests.cast import Cast
from tests.reader import Reader

Fill = Callable[[], DemoReport]


@pytest.fixture
def fill(services: Services) -> Fill:
    """Return a function that runs the demo."""
    return lambda: fill_community(services.db, services.storage, "a hash")


def person(db: Database, username: str) -> Viewer:
    with db.read() as session:
        account_id = accounts.find_id_by_username(session, username)
    assert account_id is not None
    return Viewer(account_id, username)


def corrections(db: Database) -> list[counters.Correction]:
    return db.write(lambda session: counters.recount(session, 0))[1]


def test_an_empty_server_is_named_and_led_by_the_first_person(db: Database, fill: Fill) -> None:
    report = fill()
    first = script.read().people[0].username
    with db.read() as session:
        server = session.scalars(select(Server)).one()
        roles = dict(session.execute(select(Account.username, User.role).join(User)).all())
    assert server.name == script.read().server_name
    assert (report.username, report.is_admin) == (first, True)
    assert [name for name, role in roles.items() if role == "admin"] == [first]


def test_a_server_that_is_set_up_keeps_its_name_and_its_admin(
    db: Database, cast: Cast, fill: Fill
) -> None:
    report = fill()
    with db.read() as session:
        assert session.scalars(select(Server.name)).one() == "Testville"
        admins = session.scalars(select(User.account_id).where(User.role == "admin")).all()
    assert not report.is_admin
    assert admins == [cast.alice.id]


def test_the_report_tells_what_is_there(db: Database, fill: Fill) -> None:
    report = fill()
    with db.read() as session:
        counted = [
            session.scalar(select(func.count()).select_from(table))
            for table in (Account, User, Follow, Post, TimelineEntry)
        ]
    assert counted == [
        report.accounts,
        report.accounts,
        report.follows,
        report.posts,
        report.timeline_entries,
    ]


def test_every_counter_is_right(db: Database, fill: Fill) -> None:
    fill()
    assert corrections(db) == []


def test_everybody_reads_their_own_posts_and_those_of_whom_they_follow(
    db: Database, fill: Fill
) -> None:
    fill()
    for username in ("maya", "juniper", "kenta"):
        viewer = person(db, username)
        expected = home_of(db, viewer)
        assert len(expected) < TIMELINE_LENGTH
        assert Reader(db, viewer).posts() == [post_id for _, post_id in expected]


def home_of(db: Database, viewer: Viewer) -> list[tuple[int, int]]:
    """Return what a home timeline should hold, as (place, post), the newest first."""
    followed = select(Follow.followed_id).where(Follow.follower_id == viewer.id)
    with db.read() as session:
        read = {viewer.id, *session.scalars(followed)}
        posts = session.scalars(select(Post)).all()
        boosts = session.scalars(select(Boost).order_by(Boost.id)).all()
    by_authors = {post.id for post in posts if post.account_id in read}
    own = [post.id for post in posts if post.account_id == viewer.id]
    answers = {
        post.id
        for post in posts
        if post.reply_to_account_id not in {None, post.account_id, *read} and post.id not in own
    }
    places = {post_id: post_id for post_id in by_authors}
    for boost in boosts:
        if boost.account_id in read - {viewer.id}:
            # An answer of somebody one follows is seen for its boost, in its author's place.
            places.setdefault(boost.post_id, boost.id)
            answers.discard(boost.post_id)
    return sorted(
        ((place, post_id) for post_id, place in places.items() if post_id not in answers),
        reverse=True,
    )


@pytest.mark.sqlite_only
def test_the_community_shows_what_people_do(db: Database, fill: Fill) -> None:
    fill()
    with db.read() as session:
        for table in (Favourite, Boost, Bookmark, Pin):
            assert session.scalar(select(func.count()).select_from(table)), table
        replies = session.scalars(select(Post).where(Post.reply_to_id.is_not(None))).all()
        roots = set(session.scalars(select(Post.id)))
        warned = session.scalars(select(Post).where(Post.warning != "")).all()
        seen_by = set(session.scalars(select(Post.visibility)))
    assert len(replies) > 100
    assert all(reply.thread_id in roots for reply in replies)
    assert warned
    assert seen_by == {"public", "quiet", "followers"}


@pytest.mark.sqlite_only
def test_the_first_person_has_something_to_read(db: Database, fill: Fill) -> None:
    report = fill()
    viewer = person(db, report.username)
    with db.read() as session:
        letters = messages.list_conversations(session, viewer, Page(20))
        requests = messages.list_conversations(session, viewer, Page(20), requests=True)
    told = notifications.list_notifications(db, viewer, Page(40))
    assert {each.kind for each in told.items} >= {"favourite", "boost", "reply"}
    assert {each.is_unread for each in told.items} == {True, False}
    assert all(each.is_request for each in requests.items)
    assert len(letters.items) >= 3
    assert any(letter.is_unread for letter in letters.items)


@pytest.mark.sqlite_only
def test_nothing_is_left_for_the_worker(db: Database, fill: Fill) -> None:
    fill()
    with db.read() as session:
        assert session.scalars(select(OutboxEvent)).all() == []
        assert session.scalars(select(Follow).where(Follow.is_backfilled.is_(False))).all() == []


def test_a_new_post_of_a_demo_person_reaches_their_followers(
    db: Database, fill: Fill, worker: Worker
) -> None:
    fill()
    maya = person(db, "maya")
    with db.read() as session:
        followers = session.scalars(
            select(Account.username)
            .join(Follow, Follow.follower_id == Account.id)
            .where(Follow.followed_id == maya.id)
        ).all()
    post_id = make.post(db, maya, "The kettle is on again.")
    worker.run_due()
    assert followers
    for username in followers:
        assert Reader(db, person(db, username)).first_page().items[0].post_id == post_id


@pytest.mark.sqlite_only
def test_posts_are_rendered_with_their_mentions_and_tags(db: Database, fill: Fill) -> None:
    fill()
    with db.read() as session:
        post = session.scalars(
            select(Post).where(Post.text.contains("I have one with a wal"))
        ).one()
        tags = session.scalars(select(PostTag).where(PostTag.post_id == post.id)).all()
    assert '<a class="mention" href="/@elodie" dir="ltr">' in post.html
    assert '<a class="hashtag" rel="tag" href="/tags/books" dir="auto">' in post.html
    assert len(tags) == 1


@pytest.mark.sqlite_only
def test_every_row_has_the_time_of_its_id(db: Database, fill: Fill) -> None:
    fill()
    with db.read() as session:
        for table in (Account, Follow, Post):
            for id_, created_at in session.execute(select(table.id, table.created_at)):
                assert ids.time_of(id_) == created_at


@pytest.mark.sqlite_only
def test_people_were_seen_after_their_last_post_and_before_now(db: Database, fill: Fill) -> None:
    fill()
    with db.read() as session:
        last = dict(
            session.execute(
                select(Post.account_id, func.max(Post.id)).group_by(Post.account_id)
            ).all()
        )
        for account in session.scalars(select(Account)):
            assert account.last_seen_at
            assert ids.time_of(last[account.id]) <= account.last_seen_at <= clock.now()


@pytest.mark.sqlite_only
def test_portraits_are_stored_and_some_have_none(
    db: Database, fill: Fill, services: Services
) -> None:
    fill()
    with db.read() as session:
        avatars = session.scalars(select(Account.avatar)).all()
    assert None in avatars
    for avatar in filter(None, avatars):
        assert services.storage.path(avatar).read_bytes()[8:12] == b"WEBP"


@pytest.mark.sqlite_only
def test_some_posts_have_pictures_that_are_described_and_some_people_a_header(
    db: Database, fill: Fill, services: Services
) -> None:
    fill()
    with db.read() as session:
        attachments = session.scalars(select(Attachment)).all()
        headers = session.scalars(select(Account.header).where(Account.header.is_not(None))).all()
        hung = session.scalars(select(Attachment.post_id).distinct()).all()
    assert len(hung) == len(script.read().albums) >= 8
    assert len(headers) >= 3
    for attachment in attachments:
        assert attachment.description
        for name, width in (
            (attachment.file, attachment.width),
            (attachment.preview, attachment.preview_width),
        ):
            assert is_gated(name)
            with Image.open(services.storage.path(name)) as picture:
                assert (picture.format, picture.width) == ("WEBP", width)
    for header in headers:
        with Image.open(services.storage.path(header or "")) as picture:
            assert picture.width > 2 * picture.height


@pytest.mark.sqlite_only
def test_where_there_are_posts_it_refuses_and_leaves_nothing(
    db: Database, cast: Cast, fill: Fill, services: Services
) -> None:
    make.post(db, cast.alice)
    before = set(services.folder.media.rglob("*"))
    with pytest.raises(Conflict):
        fill()
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 3
    assert set(services.folder.media.rglob("*")) == before


@pytest.mark.sqlite_only
def test_whoever_is_here_keeps_their_name(db: Database, fill: Fill) -> None:
    make.server(db)
    theo = make.account(db, "Theo")
    fill()
    with db.read() as session:
        answer = session.scalars(select(Post.text).where(Post.text.contains("Half frame."))).one()
        of_theo = session.scalars(select(Post).where(Post.account_id == theo.id)).all()
        mentions = session.scalars(select(Post.text).where(Post.text.contains("@theo "))).all()
    assert answer.startswith("@lucia")
    assert of_theo == []
    assert mentions == []
    assert person(db, "theo_demo")
    assert corrections(db) == []
