"""The demo fills a server that is set up already, unless people have written there."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from microblog.db import Database
from microblog.domain.demo import DemoReport, fill_community
from microblog.domain.errors import Conflict
from microblog.models import Account, Follow, Post, Server, User
from microblog.services import Services
from microblog.worker import Worker
from tests import make
from tests.cast import Cast
from tests.demo import corrections, person
from tests.reader import Reader

Fill = Callable[[], DemoReport]


@pytest.fixture
def fill(services: Services) -> Fill:
    """Return a function that runs the demo."""
    return lambda: fill_community(services.db, services.storage, "a hash")


def test_a_server_that_is_set_up_keeps_its_name_and_its_admin(
    db: Database, cast: Cast, fill: Fill
) -> None:
    report = fill()
    with db.read() as session:
        assert session.scalars(select(Server.name)).one() == "Testville"
        admins = session.scalars(select(User.account_id).where(User.role == "admin")).all()
    assert not report.is_admin
    assert admins == [cast.alice.id]


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
