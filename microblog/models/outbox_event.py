"""The outbox: what has happened and still has to be followed up."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from microblog.db import TABLE_OPTIONS, Base, Id, LongText, UtcDateTime


class OutboxEvent(Base):
    """An event, committed with its cause, and how far its handlers have come."""

    __tablename__ = "outbox_events"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(50))
    # Events that wait for other servers run in a lane of their own and delay no timeline.
    lane: Mapped[str] = mapped_column(String(10))
    payload: Mapped[str] = mapped_column(LongText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # When it may be tried; while a worker has it, when its lease ends.
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    # Where the handlers go on: the number of the handler and its own cursor.
    step: Mapped[int] = mapped_column(default=0)
    cursor: Mapped[int | None] = mapped_column(Id)
    parked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(LongText)

    __table_args__ = (
        Index(None, "lane", "parked_at", "due_at"),
        TABLE_OPTIONS,
    )
