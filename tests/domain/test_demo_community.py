"""The demo community is what an ordinary server would hold after six weeks."""

import pytest
from PIL import Image
from sqlalchemy import func, select

from microblog import clock, ids
from microblog.db import Database
from microblog.domain import messages, notifications
from microblog.domain.demo import DemoReport, fill_community, script
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
from tests.databases import TestDatabase
from tests.demo import corrections, person
from tests.reader import Reader


@pytest.fixture(scope="module")
def report(prepared_database: TestDatabase) -> DemoReport:
    """Fill an empty server once; the tests only look at it."""
    prepared_database.empty()
    services: Services = prepared_database.app.extensions["microblog"]
    return fill_community(services.db, services.storage, "a hash")


@pytest.fixture
def services(prepared_database: TestDatabase, report: DemoReport) -> Services:
    """Return what the application has at hand once the demo has filled its server."""
    found: Services = prepared_database.app.extensions["microblog"]
    return found


def test_an_empty_server_is_named_and_led_by_the_first_person(
    db: Database, report: DemoReport
) -> None:
    first = script.read().people[0].username
    with db.read() as session:
        server = session.scalars(select(Server)).one()
        roles = dict(session.execute(select(Account.username, User.role).join(User)).all())
    assert server.name == script.read().server_name
    assert (report.username, report.is_admin) == (first, True)
    assert [name for name, role in roles.items() if role == "admin"] == [first]


def test_the_report_tells_what_is_there(db: Database, report: DemoReport) -> None:
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


def test_every_counter_is_right(db: Database) -> None:
    assert corrections(db) == []


def test_everybody_reads_their_own_posts_and_those_of_whom_they_follow(db: Database) -> None:
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
def test_the_community_shows_what_people_do(db: Database) -> None:
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
def test_the_first_person_has_something_to_read(db: Database, report: DemoReport) -> None:
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
def test_nothing_is_left_for_the_worker(db: Database) -> None:
    with db.read() as session:
        assert session.scalars(select(OutboxEvent)).all() == []
        assert session.scalars(select(Follow).where(Follow.is_backfilled.is_(False))).all() == []


@pytest.mark.sqlite_only
def test_posts_are_rendered_with_their_mentions_and_tags(db: Database) -> None:
    with db.read() as session:
        post = session.scalars(
            select(Post).where(Post.text.contains("I have one with a wal"))
        ).one()
        tags = session.scalars(select(PostTag).where(PostTag.post_id == post.id)).all()
    assert '<a class="mention" href="/@elodie" dir="ltr">' in post.html
    assert '<a class="hashtag" rel="tag" href="/tags/books" dir="auto">' in post.html
    assert len(tags) == 1


@pytest.mark.sqlite_only
def test_every_row_has_the_time_of_its_id(db: Database) -> None:
    with db.read() as session:
        for table in (Account, Follow, Post):
            for id_, created_at in session.execute(select(table.id, table.created_at)):
                assert ids.time_of(id_) == created_at


@pytest.mark.sqlite_only
def test_people_were_seen_after_their_last_post_and_before_now(db: Database) -> None:
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
def test_portraits_are_stored_and_some_have_none(db: Database, services: Services) -> None:
    with db.read() as session:
        avatars = session.scalars(select(Account.avatar)).all()
    assert None in avatars
    for avatar in filter(None, avatars):
        assert services.storage.path(avatar).read_bytes()[8:12] == b"WEBP"


@pytest.mark.sqlite_only
def test_some_posts_have_pictures_that_are_described_and_some_people_a_header(
    db: Database, services: Services
) -> None:
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
