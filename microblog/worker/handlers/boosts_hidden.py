"""Somebody reads no more what somebody boosts: it leaves their timeline."""

from sqlalchemy.orm import Session

from microblog.domain import timelines
from microblog.domain.events import BoostsHidden


def withdraw(session: Session, event: BoostsHidden, cursor: int | None) -> None:
    """Take the boosts off; a timeline is short enough for one chunk."""
    assert cursor is None
    timelines.withdraw_boosts(session, event.follower_id, event.followed_id)


HANDLERS = (withdraw,)
