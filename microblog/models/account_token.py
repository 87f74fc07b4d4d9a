"""Account tokens: what a link in a mail stands for, until it is used."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from microblog.db import TABLE_OPTIONS, Base, Id, UtcDateTime
from microblog.models.user import EMAIL_LENGTH


class AccountToken(Base):
    """One link that works once. The link holds the signed id; who has used it, deletes the row."""

    __tablename__ = "account_tokens"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(Id, ForeignKey("users.account_id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(20))
    # The address that is to be confirmed, for the purposes that confirm one.
    email: Mapped[str | None] = mapped_column(String(EMAIL_LENGTH))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(None, "account_id", "purpose"),
        Index(None, "expires_at"),
        TABLE_OPTIONS,
    )
