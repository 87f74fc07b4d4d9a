"""Periodic runs: when each row of the worker's schedule ran last."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from microblog.db import Base, UtcDateTime


class PeriodicRun(Base):
    """One row of the schedule; whoever moves `next_at` on runs it, so it runs once."""

    __tablename__ = "periodic_runs"

    name: Mapped[str] = mapped_column(String(50), primary_key=True)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
