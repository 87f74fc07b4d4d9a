"""Posts: what people write."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from microblog.db import TABLE_OPTIONS, Base, Id, LongText, UtcDateTime
from microblog.models.account import Account

IDEMPOTENCY_KEY_LENGTH = 64
LANGUAGE_LENGTH = 20
WARNING_LENGTH = 400


class Post(Base):
    """A post: its source as written, and the sanitised HTML made of it."""

    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(Id, ForeignKey("accounts.id", ondelete="CASCADE"))
    visibility: Mapped[str] = mapped_column(String(10), default="public")
    # What it answers, and whose that is. No foreign keys: it is an answer even when that has gone.
    reply_to_id: Mapped[int | None] = mapped_column(Id)
    reply_to_account_id: Mapped[int | None] = mapped_column(Id)
    # The post that the whole conversation began with: its own id when it answers nothing.
    thread_id: Mapped[int] = mapped_column(Id, server_default="0")
    # Posts in which somebody goes on with their own: the first one's id, and the place among them.
    series_id: Mapped[int | None] = mapped_column(Id)
    series_number: Mapped[int] = mapped_column(default=1, server_default="1")
    # Whether anybody ever answered, seen by whomever; readers are told the counters only.
    has_replies: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Of answers, only those that everybody may read.
    replies_count: Mapped[int] = mapped_column(default=0, server_default="0")
    boosts_count: Mapped[int] = mapped_column(default=0, server_default="0")
    favourites_count: Mapped[int] = mapped_column(default=0, server_default="0")
    # Rises whenever the post changes, so that rendered cards of it are made anew.
    version: Mapped[int] = mapped_column(default=1)
    # Tells a repeated submit of one form from a second post; kept for a day.
    idempotency_key: Mapped[str | None] = mapped_column(String(IDEMPOTENCY_KEY_LENGTH))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # A deleted post is empty and seen by nobody; the row goes when nothing points to it any more.
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # A tag such as "de"; empty where nobody is sure.
    language: Mapped[str | None] = mapped_column(String(LANGUAGE_LENGTH))
    # What stands before the text, which is then shown on request; empty for none.
    warning: Mapped[str] = mapped_column(String(WARNING_LENGTH), default="", server_default="")
    # Long texts last: what is read on every page stands before them.
    text: Mapped[str] = mapped_column(LongText)
    html: Mapped[str] = mapped_column(LongText)

    account: Mapped[Account] = relationship(lazy="raise_on_sql")

    __table_args__ = (
        UniqueConstraint("account_id", "idempotency_key"),
        Index(None, "account_id", "id"),
        Index(None, "reply_to_id", "id"),
        Index(None, "series_id", "series_number"),
        Index(None, "visibility", "id"),
        # For whoever reads some languages only, one after the other.
        Index(None, "visibility", "language", "id"),
        TABLE_OPTIONS,
    )
