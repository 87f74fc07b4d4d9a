"""Notifications: what others did that somebody wants to hear of."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from microblog.db import TABLE_OPTIONS, Base, Id

MENTION, REPLY, FAVOURITE, BOOST = "mention", "reply", "favourite", "boost"
FOLLOW, FOLLOW_REQUEST = "follow", "follow_request"
KINDS = (MENTION, REPLY, FAVOURITE, BOOST, FOLLOW, FOLLOW_REQUEST)
# A private message is on a page of its own; of it there is only a mail.
MESSAGE = "message"
MAILED_KINDS = (*KINDS, MESSAGE)


class Notification(Base):
    """One thing that is told to `account_id`, by however many people it was done."""

    __tablename__ = "notifications"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(Id, ForeignKey("accounts.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    # What belongs together: a kind and a post, say. A mention stands for itself.
    group_key: Mapped[str] = mapped_column(String(50))
    post_id: Mapped[int | None] = mapped_column(Id, ForeignKey("posts.id", ondelete="CASCADE"))
    # The newest of its actors' ids: its place in the list, and whether it was read.
    last_id: Mapped[int] = mapped_column(Id)
    # Up to which of them a mail has told; 0: no mail did.
    mailed_id: Mapped[int] = mapped_column(Id, default=0)

    __table_args__ = (
        UniqueConstraint("account_id", "group_key"),
        Index(None, "account_id", "last_id"),
        Index(None, "account_id", "kind", "last_id"),
        Index(None, "post_id"),
        TABLE_OPTIONS,
    )


class NotificationActor(Base):
    """One of the people who did it. The id rises with the time at which they did."""

    __tablename__ = "notification_actors"

    notification_id: Mapped[int] = mapped_column(
        Id,
        ForeignKey("notifications.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    actor_id: Mapped[int] = mapped_column(
        Id, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    # Who is told of it: that of the notification.
    account_id: Mapped[int] = mapped_column(Id)
    id: Mapped[int] = mapped_column(Id)

    __table_args__ = (
        Index(None, "notification_id", "id"),
        Index(None, "actor_id", "account_id"),
        {"sqlite_with_rowid": False, **TABLE_OPTIONS},
    )
