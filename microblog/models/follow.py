"""Follows: who reads whom, and who has asked to."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, true
from sqlalchemy.orm import Mapped, mapped_column

from microblog.db import TABLE_OPTIONS, Base, Id, UtcDateTime


class Follow(Base):
    """`follower_id` reads `followed_id`. The id orders lists and is the cursor of deliveries."""

    __tablename__ = "follows"

    follower_id: Mapped[int] = mapped_column(
        Id, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    followed_id: Mapped[int] = mapped_column(
        Id, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    id: Mapped[int] = mapped_column(Id)
    # Until the older posts of the followed are in the follower's timeline, they are merged at read.
    is_backfilled: Mapped[bool] = mapped_column(default=False)
    # Whether what they boost is on the follower's timeline, too.
    shows_boosts: Mapped[bool] = mapped_column(default=True, server_default=true())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(None, "followed_id", "id"),
        Index(None, "follower_id", "id"),
        {"sqlite_with_rowid": False, **TABLE_OPTIONS},
    )


class FollowRequest(Base):
    """`follower_id` would like to read `followed_id`, who lets people in one by one."""

    __tablename__ = "follow_requests"

    follower_id: Mapped[int] = mapped_column(
        Id, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    followed_id: Mapped[int] = mapped_column(
        Id, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    id: Mapped[int] = mapped_column(Id)

    __table_args__ = (
        Index(None, "followed_id", "id"),
        {"sqlite_with_rowid": False, **TABLE_OPTIONS},
    )
