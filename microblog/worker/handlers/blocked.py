"""Somebody blocked somebody: neither was told anything of the other."""

from sqlalchemy.orm import Session

from microblog.domain import notifications
from microblog.domain.events import Blocked


def forget(session: Session, event: Blocked, cursor: int | None) -> int | None:
    """Take back the next of it; the cursor only counts the rounds."""
    return notifications.forget_each_other(session, event.blocker_id, event.blocked_id, cursor)


HANDLERS = (forget,)
