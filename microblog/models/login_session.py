"""Login sessions: where a person is signed in."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from microblog.db import TABLE_OPTIONS, Base, Id, Sha256, UtcDateTime

AGENT_LENGTH = 200


class LoginSession(Base):
    """One browser of one user. The cookie holds the token, the row only its SHA-256."""

    __tablename__ = "login_sessions"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    token_hash: Mapped[bytes] = mapped_column(Sha256)
    account_id: Mapped[int] = mapped_column(Id, ForeignKey("users.account_id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    address_prefix: Mapped[str] = mapped_column(String(50))
    agent: Mapped[str] = mapped_column(String(AGENT_LENGTH))

    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index(None, "account_id"),
        Index(None, "expires_at"),
        TABLE_OPTIONS,
    )
