"""Somebody asked to follow somebody who lets in followers by hand, and who hears of it."""

from sqlalchemy.orm import Session

from microblog.domain import notifications
from microblog.domain.events import FollowRequested


def tell(session: Session, event: FollowRequested, cursor: int | None) -> None:
    """Tell who is asked, all in one chunk."""
    assert cursor is None
    notifications.tell_of_request(session, event.follower_id, event.followed_id)


HANDLERS = (tell,)
