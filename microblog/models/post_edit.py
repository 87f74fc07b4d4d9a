"""Edits: how a post was before."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from microblog.db import TABLE_OPTIONS, Base, Id, LongText, UtcDateTime
from microblog.models.post import WARNING_LENGTH


class PostEdit(Base):
    """A version of a post that another one took the place of."""

    __tablename__ = "post_edits"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(Id, ForeignKey("posts.id", ondelete="CASCADE"))
    # When that version was written.
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Whom it was for then; as JSON, the ids of the people whom it named.
    visibility: Mapped[str] = mapped_column(String(10), default="public")
    named: Mapped[str] = mapped_column(LongText, default="[]")
    warning: Mapped[str] = mapped_column(String(WARNING_LENGTH), default="")
    text: Mapped[str] = mapped_column(LongText)
    # JSON: the alternative texts of its pictures, in their order.
    descriptions: Mapped[str] = mapped_column(LongText, default="[]")

    __table_args__ = (Index(None, "post_id", "id"), TABLE_OPTIONS)
