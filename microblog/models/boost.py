"""Boosts: posts that people show to their followers."""

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from microblog.db import TABLE_OPTIONS, Base, Id


class Boost(Base):
    """`account_id` shows a post to their followers. The id is its place on timelines."""

    __tablename__ = "boosts"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(Id, ForeignKey("accounts.id", ondelete="CASCADE"))
    post_id: Mapped[int] = mapped_column(Id, ForeignKey("posts.id", ondelete="CASCADE"))

    __table_args__ = (
        UniqueConstraint("post_id", "account_id"),
        Index(None, "account_id", "id"),
        TABLE_OPTIONS,
    )
