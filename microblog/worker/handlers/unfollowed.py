"""Somebody stopped following somebody: the posts leave their timeline."""

from sqlalchemy.orm import Session

from microblog.domain import timelines
from microblog.domain.events import Unfollowed


def withdraw(session: Session, event: Unfollowed, cursor: int | None) -> None:
    """Take the posts off; a timeline is short enough for one chunk."""
    assert cursor is None
    timelines.withdraw(session, event.follower_id, event.followed_id)


HANDLERS = (withdraw,)
