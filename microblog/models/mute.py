"""Mutes: whom somebody does not want to read."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from microblog.db import TABLE_OPTIONS, Base, Id


class Mute(Base):
    """`muter_id` is spared what `muted_id` writes; nobody else knows."""

    __tablename__ = "mutes"

    muter_id: Mapped[int] = mapped_column(
        Id, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    muted_id: Mapped[int] = mapped_column(
        Id, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    id: Mapped[int] = mapped_column(Id)

    __table_args__ = (
        Index(None, "muter_id", "id"),
        Index(None, "muted_id"),
        {"sqlite_with_rowid": False, **TABLE_OPTIONS},
    )
