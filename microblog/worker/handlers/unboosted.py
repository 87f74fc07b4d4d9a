"""Somebody took a boost back: the author hears no more of it, and the post leaves timelines."""

from sqlalchemy.orm import Session

from microblog.domain import notifications, timelines
from microblog.domain.events import Unboosted


def take_back(session: Session, event: Unboosted, cursor: int | None) -> None:
    """Take back what the author was told, all in one chunk."""
    assert cursor is None
    notifications.take_back_boost(session, event.account_id, event.post_id)


def retract(session: Session, event: Unboosted, cursor: int | None) -> int | None:
    """Take the post off the next timelines."""
    return timelines.retract_boost(session, event.boost_id, event.post_id, cursor)


HANDLERS = (take_back, retract)
