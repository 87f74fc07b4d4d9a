"""Tags: the words that posts are gathered under."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from microblog.db import TABLE_OPTIONS, Base, Id

TAG_LENGTH = 100


class Tag(Base):
    """A tag under its canonical name."""

    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(TAG_LENGTH))

    __table_args__ = (UniqueConstraint("name"), TABLE_OPTIONS)


class PostTag(Base):
    """A post carries a tag."""

    __tablename__ = "post_tags"

    tag_id: Mapped[int] = mapped_column(
        Id, ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    post_id: Mapped[int] = mapped_column(
        Id, ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )

    __table_args__ = (
        Index(None, "post_id"),
        {"sqlite_with_rowid": False, **TABLE_OPTIONS},
    )
