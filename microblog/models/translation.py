"""Translations of posts, as services returned them."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from microblog.db import TABLE_OPTIONS, Base, Id, LongText, Sha256, UtcDateTime
from microblog.models.post import LANGUAGE_LENGTH


class Translation(Base):
    """A post in another language, kept for whoever reads that one; it goes with the post."""

    __tablename__ = "translations"

    post_id: Mapped[int] = mapped_column(
        Id, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    language: Mapped[str] = mapped_column(String(LANGUAGE_LENGTH), primary_key=True)
    # Of the HTML that was translated: once the post is another one, this is not its translation.
    source_hash: Mapped[bytes] = mapped_column(Sha256)
    # As the service says, which may know better than the post.
    source_language: Mapped[str] = mapped_column(String(LANGUAGE_LENGTH))
    provider: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    html: Mapped[str] = mapped_column(LongText)

    __table_args__ = (TABLE_OPTIONS,)
