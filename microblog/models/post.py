"""Posts: what people write."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from microblog.db import TABLE_OPTIONS, Base, Id, LongText, UtcDateTime
from microblog.models.account import Account

IDEMPOTENCY_KEY_LENGTH = 64
LANGUAGE_LENGTH = 20


class Post(Base):
    """A post: its source as written, and the sanitised HTML made of it."""

    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(Id, ForeignKey("accounts.id", ondelete="CASCADE"))
    visibility: Mapped[str] = mapped_column(String(10), default="public")
    # Rises whenever the post changes, so that rendered cards of it are made anew.
    version: Mapped[int] = mapped_column(default=1)
    # Tells a repeated submit of one form from a second post; kept for a day.
    idempotency_key: Mapped[str | None] = mapped_column(String(IDEMPOTENCY_KEY_LENGTH))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # A deleted post is empty and seen by nobody; the row goes when nothing points to it any more.
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # A tag such as "de"; empty where nobody is sure.
    language: Mapped[str | None] = mapped_column(String(LANGUAGE_LENGTH))
    # Long texts last: what is read on every page stands before them.
    text: Mapped[str] = mapped_column(LongText)
    html: Mapped[str] = mapped_column(LongText)

    account: Mapped[Account] = relationship(lazy="raise_on_sql")

    __table_args__ = (
        UniqueConstraint("account_id", "idempotency_key"),
        # With all that a profile asks of its posts, which lie far apart in the table.
        Index(None, "account_id", "id", "version", "visibility", "deleted_at"),
        Index(None, "visibility", "id"),
        # For whoever reads some languages only, one after the other.
        Index(None, "visibility", "language", "id"),
        TABLE_OPTIONS,
    )
