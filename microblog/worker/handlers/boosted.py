"""Somebody boosted a post: it goes to the timelines of their followers."""

from sqlalchemy.orm import Session

from microblog.domain import timelines
from microblog.domain.events import Boosted


def deliver(session: Session, event: Boosted, cursor: int | None) -> int | None:
    """Bring the post to the next followers."""
    return timelines.deliver_boost(session, event.boost_id, cursor)


HANDLERS = (deliver,)
