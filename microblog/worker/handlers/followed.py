"""Somebody began to follow somebody, who hears of it; the older posts come to the timeline."""

from sqlalchemy.orm import Session

from microblog.domain import notifications, timelines
from microblog.domain.events import Followed


def backfill(session: Session, event: Followed, cursor: int | None) -> None:
    """Bring the older posts, all in one chunk."""
    assert cursor is None
    timelines.backfill(session, event.follower_id, event.followed_id)


def tell(session: Session, event: Followed, cursor: int | None) -> None:
    """Tell who is followed, all in one chunk."""
    assert cursor is None
    notifications.tell_of_follow(session, event.follower_id, event.followed_id)


HANDLERS = (backfill, tell)
