"""Somebody took a favourite back: the author hears no more of it."""

from sqlalchemy.orm import Session

from microblog.domain import notifications
from microblog.domain.events import Unfavourited


def take_back(session: Session, event: Unfavourited, cursor: int | None) -> None:
    """Take back what the author was told, all in one chunk."""
    assert cursor is None
    notifications.take_back_favourite(session, event.account_id, event.post_id)


HANDLERS = (take_back,)
