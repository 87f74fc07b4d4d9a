"""Private messages: conversations, who takes part in them, and what they say."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from microblog.db import TABLE_OPTIONS, Base, Id, LongText, Sha256, UtcDateTime
from microblog.models.post import IDEMPOTENCY_KEY_LENGTH

MEMBER, REQUESTED, LEFT = "member", "requested", "left"
# What a message is: what somebody said, or that they left.
TEXT, DEPARTURE = "text", "departure"


class Conversation(Base):
    """A private conversation; who writes to the same people again goes on in it."""

    __tablename__ = "conversations"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    # Of the sorted ids of all who are in it; once one has left, of its own id, which nobody finds.
    members_hash: Mapped[bytes] = mapped_column(Sha256)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("members_hash"), TABLE_OPTIONS)


class ConversationMember(Base):
    """Somebody who takes part. A stranger's first message waits as a request."""

    __tablename__ = "conversation_members"

    conversation_id: Mapped[int] = mapped_column(
        Id,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    account_id: Mapped[int] = mapped_column(
        Id, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    state: Mapped[str] = mapped_column(String(10), default=MEMBER)
    # The newest message there is for them: the order of their list. 0: none yet.
    last_message_id: Mapped[int] = mapped_column(Id, default=0)
    # The newest one they have read.
    read_message_id: Mapped[int] = mapped_column(Id, default=0)
    is_unread: Mapped[bool] = mapped_column(default=False)
    # They deleted the conversation up to here for themselves.
    cleared_message_id: Mapped[int] = mapped_column(Id, default=0)

    __table_args__ = (
        Index(None, "account_id", "state", "last_message_id"),
        Index(None, "account_id", "state", "is_unread"),
        TABLE_OPTIONS,
    )


class Message(Base):
    """What somebody said in a conversation: the source, and the sanitised HTML made of it."""

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    conversation_id: Mapped[int] = mapped_column(
        Id, ForeignKey("conversations.id", ondelete="CASCADE")
    )
    kind: Mapped[str] = mapped_column(String(10), default=TEXT)
    # Empty when its author's account is gone, and the text with it.
    account_id: Mapped[int | None] = mapped_column(
        Id, ForeignKey("accounts.id", ondelete="SET NULL")
    )
    idempotency_key: Mapped[str | None] = mapped_column(String(IDEMPOTENCY_KEY_LENGTH))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(LongText)
    html: Mapped[str] = mapped_column(LongText)

    __table_args__ = (
        UniqueConstraint("account_id", "idempotency_key"),
        Index(None, "conversation_id", "id"),
        TABLE_OPTIONS,
    )
