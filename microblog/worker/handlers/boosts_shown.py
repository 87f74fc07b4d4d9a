"""Somebody reads again what somebody boosts: it comes to their timeline."""

from sqlalchemy.orm import Session

from microblog.domain import timelines
from microblog.domain.events import BoostsShown


def backfill(session: Session, event: BoostsShown, cursor: int | None) -> None:
    """Bring the older boosts, all in one chunk; the posts are there already."""
    assert cursor is None
    timelines.backfill(session, event.follower_id, event.followed_id)


HANDLERS = (backfill,)
