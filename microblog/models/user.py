"""Users: the login of a person of this server."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from microblog.db import TABLE_OPTIONS, Base, Id, LongText, UtcDateTime
from microblog.models.account import Account

EMAIL_LENGTH = 254
ACTIVE, WAITING = "active", "waiting"  # To be let in by an admin.


class User(Base):
    """How a person signs in, and what they chose for themselves; nobody else sees it."""

    __tablename__ = "users"

    account_id: Mapped[int] = mapped_column(
        Id, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH))
    # Empty: nobody has shown yet that mail to that address reaches them.
    email_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    password_hash: Mapped[str] = mapped_column(String(200))
    # The shared secret of their authenticator, in base 32; pending until a first code was typed.
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_pending: Mapped[str | None] = mapped_column(String(64))
    # The last time step whose code was used: neither it nor an earlier one works again.
    totp_step: Mapped[int] = mapped_column(Id, default=0)
    state: Mapped[str] = mapped_column(String(10), default=ACTIVE)
    # Why they would like to be let in.
    reason: Mapped[str] = mapped_column(LongText, default="")
    # When the account goes, once its owner has asked for that.
    delete_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    role: Mapped[str] = mapped_column(String(20), default="member")
    # Empty: as the browser says.
    locale: Mapped[str | None] = mapped_column(String(20))
    # The languages of posts they read on explore, separated by commas; empty for every one.
    post_languages: Mapped[str] = mapped_column(String(200), default="", server_default="")
    time_zone: Mapped[str | None] = mapped_column(String(50))
    theme: Mapped[str] = mapped_column(String(10), default="auto")
    # Timeline entries at or above this key are complete; what is older is merged from posts.
    timeline_floor: Mapped[int] = mapped_column(Id, default=0)
    # Follows that are not backfilled yet, counted here since every page asks whether there is one.
    pending_follows: Mapped[int] = mapped_column(default=0)
    # Rises when people are blocked, muted or asked: who is offered to follow is chosen anew.
    people_version: Mapped[int] = mapped_column(default=0, server_default="0")
    # The visibility that the composer begins with.
    default_visibility: Mapped[str] = mapped_column(
        String(10), default="public", server_default="public"
    )
    # Whether single keys do something where nobody types.
    has_shortcuts: Mapped[bool] = mapped_column(default=True, server_default=true())
    # The newest notification they have seen.
    notifications_read_id: Mapped[int] = mapped_column(Id, default=0, server_default="0")
    # Kinds of notifications, separated by commas: those they do not want, those they want by mail.
    unwanted_notifications: Mapped[str] = mapped_column(String(200), default="", server_default="")
    mailed_notifications: Mapped[str] = mapped_column(String(200), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    account: Mapped[Account] = relationship(lazy="raise_on_sql")

    __table_args__ = (
        UniqueConstraint("email"),
        Index(None, "state", "account_id"),
        Index(None, "delete_at"),
        Index(None, "email_confirmed_at", "account_id"),
        TABLE_OPTIONS,
    )
