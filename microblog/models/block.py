"""Blocks: who wants nothing to do with whom."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from microblog.db import TABLE_OPTIONS, Base, Id


class Block(Base):
    """Neither sees the other. The id orders the blocker's list."""

    __tablename__ = "blocks"

    blocker_id: Mapped[int] = mapped_column(
        Id, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    blocked_id: Mapped[int] = mapped_column(
        Id, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    id: Mapped[int] = mapped_column(Id)

    __table_args__ = (
        Index(None, "blocker_id", "id"),
        Index(None, "blocked_id"),
        {"sqlite_with_rowid": False, **TABLE_OPTIONS},
    )
