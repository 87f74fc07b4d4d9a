"""Pins: posts that stand on top of their author's profile."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from microblog.db import TABLE_OPTIONS, Base, Id


class Pin(Base):
    """A post that its author put on top. The id orders lists of them."""

    __tablename__ = "pins"

    account_id: Mapped[int] = mapped_column(
        Id, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    post_id: Mapped[int] = mapped_column(
        Id, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    id: Mapped[int] = mapped_column(Id)

    __table_args__ = (
        Index(None, "account_id", "id"),
        Index(None, "post_id"),
        {"sqlite_with_rowid": False, **TABLE_OPTIONS},
    )
