"""Attachments: the pictures of posts and of drafts."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from microblog.db import TABLE_OPTIONS, Base, Id, LongText, UtcDateTime


class Attachment(Base):
    """A picture that `account_id` uploaded: for a post, for a draft, or for what is being written.

    Its files have names that nobody can guess, and are sent only to who may see its post.
    """

    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(Id, ForeignKey("accounts.id", ondelete="CASCADE"))
    post_id: Mapped[int | None] = mapped_column(Id, ForeignKey("posts.id", ondelete="CASCADE"))
    draft_id: Mapped[int | None] = mapped_column(
        Id, ForeignKey("saved_drafts.id", ondelete="SET NULL")
    )
    # Its place among those of its post.
    position: Mapped[int] = mapped_column(default=0)
    file: Mapped[str] = mapped_column(String(100))
    preview: Mapped[str] = mapped_column(String(100))
    width: Mapped[int] = mapped_column()
    height: Mapped[int] = mapped_column()
    preview_width: Mapped[int] = mapped_column()
    preview_height: Mapped[int] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # What it shows, for who cannot see it.
    description: Mapped[str] = mapped_column(LongText, default="")

    __table_args__ = (
        UniqueConstraint("file"),
        UniqueConstraint("preview"),
        Index(None, "post_id", "position"),
        Index(None, "account_id", "post_id"),
        Index(None, "draft_id"),
        TABLE_OPTIONS,
    )
