"""Recovery codes: the way in for who has lost their second factor."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from microblog.db import TABLE_OPTIONS, Base, Id, Sha256


class RecoveryCode(Base):
    """One code that works once: who has used it, deletes the row. Only its SHA-256 is kept."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(Id, ForeignKey("users.account_id", ondelete="CASCADE"))
    code_hash: Mapped[bytes] = mapped_column(Sha256)

    __table_args__ = (Index(None, "account_id"), TABLE_OPTIONS)
