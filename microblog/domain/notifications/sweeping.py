"""Forgetting what people were told long ago."""

from datetime import datetime

from sqlalchemy import and_
from sqlalchemy.orm import Session

from microblog import ids
from microblog.domain import forgetting
from microblog.models import Notification


def sweep(session: Session, *, before: datetime) -> bool:
    """Forget some of what was new before a moment; tell whether there may be more."""
    key = ids.at(before)
    # What began earlier is found by its id; most of that is gone already.
    is_old = and_(Notification.id < key, Notification.last_id < key)
    return forgetting.forget_notifications(session, is_old)
