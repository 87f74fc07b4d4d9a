"""The server's own settings: what its admins say of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from microblog.db import TABLE_OPTIONS, Base, LongText, UtcDateTime

# Who may make an account: anybody, whom an admin lets in, nobody.
OPEN, APPROVAL, CLOSED = "open", "approval", "closed"


class Server(Base):
    """The one row of settings. There is none until the first admin has been made."""

    __tablename__ = "server"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(LongText)
    rules: Mapped[str] = mapped_column(LongText, default="")
    registration_mode: Mapped[str] = mapped_column(String(10), default=APPROVAL)
    # Rises with every change, so that every process sees it with the next request.
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (CheckConstraint("id = 1", name="one_row"), TABLE_OPTIONS)
