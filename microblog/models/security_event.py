"""Security events: what happened to an account, for its owner and for the admins."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from microblog.db import TABLE_OPTIONS, Base, Id, UtcDateTime
from microblog.models.login_session import AGENT_LENGTH

DETAIL_LENGTH = 200


class SecurityEvent(Base):
    """A sign-in, a failed one, a change of password, or what an admin did.

    Neither id is a foreign key: what an admin did is still to be read when the account is gone.
    """

    __tablename__ = "security_events"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    # Whom it is about; empty for what is about the server.
    account_id: Mapped[int | None] = mapped_column(Id)
    # The admin whose act it was; empty when it was the person's own.
    actor_id: Mapped[int | None] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str] = mapped_column(String(DETAIL_LENGTH), default="")
    address_prefix: Mapped[str] = mapped_column(String(50), default="")
    agent: Mapped[str] = mapped_column(String(AGENT_LENGTH), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(None, "account_id", "id"),
        Index(None, "actor_id", "id"),
        TABLE_OPTIONS,
    )
