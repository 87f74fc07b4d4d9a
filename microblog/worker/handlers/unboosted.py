"""Somebody took a boost back: the post leaves the timelines that it came to."""

from sqlalchemy.orm import Session

from microblog.domain import timelines
from microblog.domain.events import Unboosted


def retract(session: Session, event: Unboosted, cursor: int | None) -> int | None:
    """Take the post off the next timelines."""
    return timelines.retract_boost(session, event.boost_id, event.post_id, cursor)


HANDLERS = (retract,)
