"""Somebody has a private message to read: who wants that is told by mail."""

from sqlalchemy.orm import Session

from microblog.domain import messages
from microblog.domain.events import MessageArrived


def mail(session: Session, event: MessageArrived, _cursor: int | None) -> None:
    """Have the mail written."""
    messages.mail(session, event.message_id, event.receiver_id)


HANDLERS = (mail,)
