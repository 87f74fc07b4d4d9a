"""Somebody asked to reset a password: whoever it is gets a link by mail."""

from sqlalchemy.orm import Session

from microblog.config import Config
from microblog.domain import identity
from microblog.domain.events import PasswordResetRequested


def mail_link(
    session: Session, event: PasswordResetRequested, cursor: int | None, config: Config
) -> None:
    """Make the link, all in one chunk."""
    assert cursor is None
    identity.follow_up_reset(session, event, config.RESET_MINUTES)
