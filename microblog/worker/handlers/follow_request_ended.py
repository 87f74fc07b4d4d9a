"""Somebody no longer asks to follow somebody, who hears no more of it."""

from sqlalchemy.orm import Session

from microblog.domain import notifications
from microblog.domain.events import FollowRequestEnded


def take_back(session: Session, event: FollowRequestEnded, cursor: int | None) -> None:
    """Take back what who was asked was told, all in one chunk."""
    assert cursor is None
    notifications.take_back_request(session, event.follower_id, event.followed_id)


HANDLERS = (take_back,)
