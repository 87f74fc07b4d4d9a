"""Reserved handles: names of people who have left, which nobody may take."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from microblog.db import Base, UtcDateTime


class ReservedHandle(Base):
    """A name that is all that is left of a deleted account."""

    __tablename__ = "reserved_handles"

    handle: Mapped[str] = mapped_column(String(290), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
