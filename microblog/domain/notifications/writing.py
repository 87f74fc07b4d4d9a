"""Writing notifications down, and taking them back: each once, however often it is tried.

Whoever changes somebody's notifications has locked both accounts before. So of two who tell the
same person something, the second one finds what the first one wrote, and has the higher key.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from microblog import ids
from microblog.domain import counters
from microblog.domain.notifications.mailing import mail
from microblog.models import Notification, NotificationActor, User


@dataclass(frozen=True)
class News:
    """Something that somebody did, and that others are told."""

    kind: str
    group_key: str
    actor_id: int
    post_id: int | None = None


def lock(session: Session, actor_id: int, account_ids: Sequence[int]) -> None:
    """Have everybody else wait who wants to tell these people something of that person."""
    counters.lock(session, {actor_id, *account_ids})


def tell(session: Session, news: News, receivers: Sequence[User]) -> None:
    """Tell people something, unless they do not want to hear of it or know already."""
    for receiver in receivers:
        if news.kind not in receiver.unwanted_notifications.split(","):
            _tell(session, news, receiver)


def take_back(session: Session, account_id: int, group_key: str, actor_id: int) -> None:
    """Take back what somebody was told of a person."""
    group = _find_group(session, account_id, group_key)
    if group is not None:
        forget_actor(session, group, actor_id)


def forget_actor(session: Session, group: Notification, actor_id: int) -> None:
    """Take a person out of a notification, which goes with the last one."""
    session.execute(
        delete(NotificationActor).where(
            NotificationActor.notification_id == group.id, NotificationActor.actor_id == actor_id
        )
    )
    newest = session.scalar(
        select(func.max(NotificationActor.id)).where(NotificationActor.notification_id == group.id)
    )
    if newest is None:
        session.delete(group)
    else:
        # It takes the place that it would have without them, also among what was read.
        group.last_id = newest
    session.flush()


def _tell(session: Session, news: News, receiver: User) -> None:
    group = _find_group(session, receiver.account_id, news.group_key)
    if group and session.get(NotificationActor, (group.id, news.actor_id)) is not None:
        return
    key = _next_key(session, receiver)
    if group is None:
        group = Notification(
            id=ids.new(),
            account_id=receiver.account_id,
            kind=news.kind,
            group_key=news.group_key,
            post_id=news.post_id,
            mailed_id=0,
        )
        session.add(group)
    group.last_id = key
    session.flush()
    session.add(_actor(group, news, key))
    session.flush()
    mail(session, receiver, group, news.actor_id)


def _actor(group: Notification, news: News, key: int) -> NotificationActor:
    return NotificationActor(
        notification_id=group.id, actor_id=news.actor_id, account_id=group.account_id, id=key
    )


def _find_group(session: Session, account_id: int, group_key: str) -> Notification | None:
    return session.scalar(
        select(Notification)
        .where(Notification.account_id == account_id, Notification.group_key == group_key)
        .with_for_update()
    )


def _next_key(session: Session, receiver: User) -> int:
    """Return a key above all they have, so that what they are told last is never taken for read."""
    newest = session.scalar(
        select(func.max(Notification.last_id)).where(Notification.account_id == receiver.account_id)
    )
    return max(ids.new(), (newest or 0) + 1, receiver.notifications_read_id + 1)
