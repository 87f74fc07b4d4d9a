"""Notifications go with what they are about, with whom they are for, and when they are old."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, insert, select, true, update
from sqlalchemy.orm import Session

from microblog import clock, ids
from microblog.db import Base, Database
from microblog.domain import forgetting, identity, posts
from microblog.models import Account, Notification, NotificationActor, PeriodicRun
from microblog.services import Services
from microblog.worker import Worker
from microblog.worker.schedule import Scheduler
from tests import make
from tests.cast import Cast
from tests.listener import Heard, Listener

CHUNK = 4


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few be many."""
    monkeypatch.setattr(forgetting, "CHUNK", CHUNK)


@pytest.fixture
def busy_posts(db: Database, worker: Worker, cast: Cast) -> list[int]:
    """Return posts of Alice's that many like."""
    fans = [make.account(db, f"fan{number}") for number in range(7)]
    post_ids = make.posts_of(db, cast.alice, 6)
    for fan in fans:
        make.favourite(db, fan, post_ids[0])
        make.boost(db, fan, post_ids[0])
    for post_id in post_ids:
        make.favourite(db, fans[0], post_id)
    worker.run_due()
    return post_ids


def count(db: Database, table: type[Base]) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_each_round_removes_some_and_at_last_everything(
    db: Database, cast: Cast, busy_posts: list[int]
) -> None:
    rounds = 0
    before = count(db, NotificationActor)
    assert before > 4 * CHUNK
    while db.write(lambda s: forgetting.forget_notifications(s, true())):
        rounds += 1
        left = count(db, NotificationActor)
        assert before - CHUNK <= left < before
        before = left
    assert (count(db, Notification), count(db, NotificationActor)) == (0, 0)
    assert rounds >= 4


def test_a_deleted_post_takes_all_who_liked_it_along(
    db: Database, worker: Worker, cast: Cast, busy_posts: list[int]
) -> None:
    db.write(lambda session: posts.delete(session, by=cast.alice, post_id=busy_posts[0]))
    worker.run_due()
    with db.read() as session:
        about = session.scalars(select(Notification.post_id)).all()
    assert sorted(id_ for id_ in about if id_) == busy_posts[1:]
    assert count(db, NotificationActor) == len(busy_posts[1:]) + 1


def test_an_account_that_goes_takes_what_it_was_told_along(
    db: Database, cast: Cast, busy_posts: list[int]
) -> None:
    db.write(lambda session: leave(session, cast.alice.id))
    assert (count(db, Notification), count(db, NotificationActor)) == (0, 0)


def test_an_account_that_goes_leaves_what_others_did(
    db: Database, worker: Worker, cast: Cast, busy_posts: list[int]
) -> None:
    with db.read() as session:
        fan_id = session.scalar(select(Account.id).where(Account.handle == "fan0"))
    assert fan_id is not None
    db.write(lambda session: leave(session, fan_id))
    heard = Listener(db, worker, cast.alice).heard()
    assert heard == [
        Heard("boost", busy_posts[0], ["fan6", "fan5", "fan4"]),
        Heard("favourite", busy_posts[0], ["fan6", "fan5", "fan4"]),
        Heard("follow", None, ["bob"]),
    ]


def test_what_is_old_is_forgotten_unless_something_new_came_to_it(
    db: Database, services: Services, cast: Cast, worker: Worker, busy_posts: list[int]
) -> None:
    alice = Listener(db, worker, cast.alice)
    long_ago = ids.at(clock.now() - timedelta(days=services.config.NOTIFICATION_DAYS, minutes=1))
    with db.read() as session:
        group_ids = session.scalars(select(Notification.id).order_by(Notification.last_id)).all()
    kept, old = group_ids[-2:], group_ids[:-2]
    # The first of the kept ones began long ago, but is not over.
    for number, id_ in enumerate([*old, kept[0]]):
        became = {"id": long_ago - number, "last_id": long_ago - number}
        if id_ == kept[0]:
            del became["last_id"]
        move(db, id_, became)
    before = alice.heard()
    Scheduler(services).run_due()
    past = update(PeriodicRun).values(next_at=clock.now())
    db.write(lambda session: session.execute(past))
    Scheduler(services).run_due()
    assert alice.heard() == before[:2]
    assert len(before) == len(group_ids) > 4
    assert count(db, Notification) == 2


def move(db: Database, notification_id: int, values: dict[str, int]) -> None:
    """Give a notification, with its people, another id and place."""

    def change(session: Session) -> None:
        group = session.get_one(Notification, notification_id)
        columns = {column.name: getattr(group, column.name) for column in Notification.__table__.c}
        session.execute(insert(Notification), [{**columns, "group_key": "new", **values}])
        session.execute(
            update(NotificationActor)
            .where(NotificationActor.notification_id == notification_id)
            .values(notification_id=values["id"])
        )
        session.execute(delete(Notification).where(Notification.id == notification_id))
        session.execute(
            update(Notification)
            .where(Notification.id == values["id"])
            .values(group_key=columns["group_key"])
        )

    db.write(change)


def leave(session: Session, account_id: int) -> None:
    """Clear an account away, round by round."""
    cursor = identity.delete_account(session, account_id, None)
    rounds = 0
    while cursor is not None:
        rounds += 1
        assert rounds < 100
        cursor = identity.delete_account(session, account_id, cursor)
