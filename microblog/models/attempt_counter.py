"""Attempt counters: how often something that can be guessed was tried of late."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from microblog.db import TABLE_OPTIONS, Base, Sha256, UtcDateTime


class AttemptCounter(Base):
    """The tries of one kind for one name or from one network, within a span of time.

    The key is a hash, so that the table tells nobody who tried to sign in as whom.
    """

    __tablename__ = "attempt_counters"

    key: Mapped[bytes] = mapped_column(Sha256, primary_key=True)
    count: Mapped[int] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index(None, "expires_at"), TABLE_OPTIONS)
