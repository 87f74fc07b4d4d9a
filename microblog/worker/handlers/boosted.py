"""Somebody boosted a post: its author hears of it, and it goes to the timelines of followers."""

from sqlalchemy.orm import Session

from microblog.domain import notifications, timelines
from microblog.domain.events import Boosted


def tell(session: Session, event: Boosted, cursor: int | None) -> None:
    """Tell the author, all in one chunk."""
    assert cursor is None
    notifications.tell_of_boost(session, event.boost_id)


def deliver(session: Session, event: Boosted, cursor: int | None) -> int | None:
    """Bring the post to the next followers."""
    return timelines.deliver_boost(session, event.boost_id, cursor)


HANDLERS = (tell, deliver)
