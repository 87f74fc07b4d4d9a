"""Saved drafts: what somebody has begun to write."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from microblog.db import TABLE_OPTIONS, Base, Id, LongText, UtcDateTime
from microblog.models.post import IDEMPOTENCY_KEY_LENGTH, LANGUAGE_LENGTH, WARNING_LENGTH


class SavedDraft(Base):
    """A text that is kept for its writer as it was typed, however odd."""

    __tablename__ = "saved_drafts"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(Id, ForeignKey("accounts.id", ondelete="CASCADE"))
    reply_to_id: Mapped[int | None] = mapped_column(Id, ForeignKey("posts.id", ondelete="SET NULL"))
    visibility: Mapped[str] = mapped_column(String(10), default="public")
    language: Mapped[str | None] = mapped_column(String(LANGUAGE_LENGTH))
    warning: Mapped[str] = mapped_column(String(WARNING_LENGTH), default="")
    # That of the form it was written in: the post that it becomes has the same.
    key: Mapped[str] = mapped_column(String(IDEMPOTENCY_KEY_LENGTH))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(LongText)

    __table_args__ = (
        UniqueConstraint("account_id", "key"),
        Index(None, "account_id", "id"),
        Index(None, "reply_to_id"),
        TABLE_OPTIONS,
    )
