"""Muted conversations: whoever muted one hears no more of it."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from microblog.db import TABLE_OPTIONS, Base, Id


class ThreadMute(Base):
    """A thread of which `account_id` wants no notifications."""

    __tablename__ = "thread_mutes"

    account_id: Mapped[int] = mapped_column(
        Id, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    # Of the post it began with, which may be gone: no foreign key.
    thread_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)

    __table_args__ = ({"sqlite_with_rowid": False, **TABLE_OPTIONS},)
