"""Somebody made a post a favourite: its author hears of it."""

from sqlalchemy.orm import Session

from microblog.domain import notifications
from microblog.domain.events import Favourited


def tell(session: Session, event: Favourited, cursor: int | None) -> None:
    """Tell the author, all in one chunk."""
    assert cursor is None
    notifications.tell_of_favourite(session, event.account_id, event.post_id)


HANDLERS = (tell,)
