"""The worker deletes accounts whose grace is over, files included."""

import pytest
from sqlalchemy import func, select

from microblog.db import Database
from microblog.domain import accounts, avatars, counters, identity
from microblog.domain.errors import Invalid
from microblog.domain.viewer import Viewer
from microblog.models import Account, OutboxEvent, Post, TimelineEntry, User
from microblog.services import Services
from microblog.worker import Worker, schedule
from tests import make
from tests.cast import Cast
from tests.reader import Reader


def leave(db: Database, person: Viewer, days: int) -> None:
    db.write(lambda session: identity.begin_deletion(session, person, days))


def begin_what_is_due(services: Services, worker: Worker) -> None:
    """Do what the schedule would do by now, and what follows from it."""
    schedule.start_deletions(services)
    worker.run_due()


def test_an_account_goes_with_its_posts_and_its_picture(
    db: Database, services: Services, worker: Worker, cast: Cast
) -> None:
    picture = services.storage.put(b"a picture", ".webp")
    db.write(lambda session: avatars.replace(session, cast.alice.id, picture))
    make.account(db, "ada", role="admin")
    for number in range(25):
        make.post(db, cast.alice, f"Number {number}")
    bobs = make.post(db, cast.bob)
    worker.run_due()
    assert len(Reader(db, cast.bob).posts()) == 26
    leave(db, cast.alice, days=0)
    begin_what_is_due(services, worker)
    assert Reader(db, cast.bob).posts() == [bobs]
    assert not services.storage.path(picture).exists()
    with db.read() as session:
        assert session.get(Account, cast.alice.id) is None
        assert session.scalar(select(func.count()).select_from(Post)) == 1
        assert session.scalar(select(func.count()).select_from(TimelineEntry)) == 1
        assert session.get_one(Account, cast.bob.id).following_count == 0
        assert session.scalars(select(OutboxEvent.error)).all() == []
    assert db.write(lambda session: counters.recount(session, 0))[1] == []


def test_nobody_goes_before_their_time(
    db: Database, services: Services, worker: Worker, cast: Cast
) -> None:
    leave(db, cast.bob, days=1)
    begin_what_is_due(services, worker)
    with db.read() as session:
        assert session.get_one(User, cast.bob.id).delete_at is not None
        assert session.get_one(Account, cast.bob.id).suspended_at is None


def test_the_worker_looks_for_those_who_go_by_itself(
    db: Database, worker: Worker, cast: Cast
) -> None:
    leave(db, cast.bob, days=0)
    make.periodic_work_due(db)
    worker.run_due()
    worker.run_due()
    with db.read() as session:
        assert session.get(Account, cast.bob.id) is None


def test_the_name_of_somebody_who_has_left_stays_reserved(
    db: Database, services: Services, worker: Worker, cast: Cast
) -> None:
    leave(db, cast.bob, days=0)
    begin_what_is_due(services, worker)
    registration = accounts.Registration("bob", "bob@ex.com", "a hash")
    with pytest.raises(Invalid) as refused:
        db.write(lambda session: accounts.register(session, registration))
    assert refused.value.code == "username_taken"


def test_an_event_whose_account_is_gone_is_ended(
    db: Database, services: Services, worker: Worker, cast: Cast
) -> None:
    for person in (cast.bob, cast.carol):
        make.post(db, person)
        leave(db, person, days=0)
    # Followed, published and deleted, all in one go.
    begin_what_is_due(services, worker)
    worker.run_due()
    with db.read() as session:
        left = session.scalars(select(OutboxEvent)).all()
        assert [event.error for event in left] == []
        assert session.scalar(select(func.count()).select_from(Account)) == 1
