"""What was announced and is not followed up yet."""

from typing import TypeVar

from sqlalchemy import select

from microblog.db import Database
from microblog.domain import outbox
from microblog.domain.events import Event, MailRequested
from microblog.models import OutboxEvent

AnEvent = TypeVar("AnEvent", bound=Event)


def announced(db: Database, kind: type[AnEvent]) -> list[AnEvent]:
    """Return the waiting events of a kind, in the order they happened."""
    with db.read() as session:
        rows = session.scalars(
            select(OutboxEvent).where(OutboxEvent.kind == kind.__name__).order_by(OutboxEvent.id)
        ).all()
    events = [outbox.parse(row) for row in rows]
    return [event for event in events if isinstance(event, kind)]


def mails(db: Database) -> list[tuple[str, str]]:
    """Return the mails that wait: of which kind, and to whom."""
    return [(mail.kind, mail.to) for mail in announced(db, MailRequested)]


def last_mail(db: Database) -> MailRequested:
    """Return the mail that was asked for last."""
    return announced(db, MailRequested)[-1]
