"""Mentions: whom a post calls by name."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from microblog.db import TABLE_OPTIONS, Base, Id


class PostMention(Base):
    """A post that names a person, and so is for them, whoever else may see it."""

    __tablename__ = "post_mentions"

    post_id: Mapped[int] = mapped_column(
        Id, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    account_id: Mapped[int] = mapped_column(
        Id, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )

    __table_args__ = (
        Index(None, "account_id", "post_id"),
        {"sqlite_with_rowid": False, **TABLE_OPTIONS},
    )
