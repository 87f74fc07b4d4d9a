"""Somebody stopped following somebody, who hears no more of it; the posts leave the timeline."""

from sqlalchemy.orm import Session

from microblog.domain import notifications, timelines
from microblog.domain.events import Unfollowed


def withdraw(session: Session, event: Unfollowed, cursor: int | None) -> None:
    """Take the posts off; a timeline is short enough for one chunk."""
    assert cursor is None
    timelines.withdraw(session, event.follower_id, event.followed_id)


def take_back(session: Session, event: Unfollowed, cursor: int | None) -> None:
    """Take back what the followed was told, all in one chunk."""
    assert cursor is None
    notifications.take_back_follow(session, event.follower_id, event.followed_id)


HANDLERS = (withdraw, take_back)
