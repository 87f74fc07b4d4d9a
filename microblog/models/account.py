"""Accounts: the public face of a person."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from microblog.db import TABLE_OPTIONS, Base, Id, LongText, UtcDateTime

USERNAME_LENGTH = 30
DISPLAY_NAME_LENGTH = 200


class Account(Base):
    """A person as others see them; `domain` is empty for people of this server."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    username: Mapped[str] = mapped_column(String(USERNAME_LENGTH))
    domain: Mapped[str | None] = mapped_column(String(253))
    # What is looked up: the username in lower case, with @domain for people of other servers.
    handle: Mapped[str] = mapped_column(String(290))
    display_name: Mapped[str] = mapped_column(String(DISPLAY_NAME_LENGTH), default="")
    # The name of a file in the media folder; without one an identicon is shown.
    avatar: Mapped[str | None] = mapped_column(String(100))
    # The wide picture on top of the profile, likewise.
    header: Mapped[str | None] = mapped_column(String(100))
    # Lets in each follower by hand.
    is_locked: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Rises whenever the face (name, avatar) changes, so that rendered cards of it are made anew.
    version: Mapped[int] = mapped_column(default=1)
    # Of posts, only those that everybody may read.
    posts_count: Mapped[int] = mapped_column(default=0)
    followers_count: Mapped[int] = mapped_column(default=0)
    following_count: Mapped[int] = mapped_column(default=0)
    shows_last_seen: Mapped[bool] = mapped_column(default=True)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Hidden from everybody but the admins, and signed out.
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Long texts last: what is read on every page stands before them.
    about: Mapped[str] = mapped_column(LongText, default="")
    about_html: Mapped[str] = mapped_column(LongText, default="")
    # JSON: a list of [label, text, HTML]; empty for none.
    fields: Mapped[str | None] = mapped_column(LongText)

    __table_args__ = (UniqueConstraint("handle"), TABLE_OPTIONS)

    @property
    def name(self) -> str:
        """Return the name to show: the display name, else the username."""
        return self.display_name or self.username
