"""Somebody began to follow somebody: the older posts come to their timeline."""

from sqlalchemy.orm import Session

from microblog.domain import timelines
from microblog.domain.events import Followed


def backfill(session: Session, event: Followed, cursor: int | None) -> None:
    """Bring the older posts, all in one chunk."""
    assert cursor is None
    timelines.backfill(session, event.follower_id, event.followed_id)


HANDLERS = (backfill,)
