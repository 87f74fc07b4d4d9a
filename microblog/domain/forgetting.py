"""Clearing notifications away, some at a time: of one, a hundred thousand people may be told."""

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from microblog.models import Notification, NotificationActor

CHUNK = 1000


def forget_notifications(session: Session, condition: ColumnElement[bool]) -> bool:
    """Remove the next notifications under a condition; tell whether there may be more."""
    some = session.scalars(
        select(Notification.id).where(condition).order_by(Notification.id).limit(CHUNK)
    ).all()
    people = session.execute(
        select(NotificationActor.notification_id, NotificationActor.actor_id)
        .where(NotificationActor.notification_id.in_(some))
        .order_by(NotificationActor.notification_id, NotificationActor.id)
        .limit(CHUNK)
    ).all()
    if len(people) == CHUNK:
        # The last one may have more people than these.
        last_id = people[-1].notification_id
        some = [id_ for id_ in some if id_ < last_id]
        theirs = [actor_id for id_, actor_id in people if id_ == last_id]
        session.execute(
            delete(NotificationActor).where(
                NotificationActor.notification_id == last_id,
                NotificationActor.actor_id.in_(theirs),
            )
        )
    # What is left of their people goes with them.
    session.execute(delete(Notification).where(Notification.id.in_(some)))
    return len(some) == CHUNK or len(people) == CHUNK


def forget_acts(session: Session, actor_id: int) -> bool:
    """Remove a person from what others are told, as above.

    What nobody else did is shown no more, and goes when it is old.
    """
    some = session.scalars(
        select(NotificationActor.notification_id)
        .where(NotificationActor.actor_id == actor_id)
        .order_by(NotificationActor.notification_id)
        .limit(CHUNK)
    ).all()
    session.execute(
        delete(NotificationActor).where(
            NotificationActor.actor_id == actor_id, NotificationActor.notification_id.in_(some)
        )
    )
    return len(some) == CHUNK
