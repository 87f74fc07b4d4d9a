"""Passwords: changing one that is known, and resetting one that is forgotten."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from microblog import clock
from microblog.domain import accounts, outbox, security_log, sessions, tokens
from microblog.domain.errors import Invalid, NotFound
from microblog.domain.events import PasswordResetRequested
from microblog.domain.identity.people import get_user, is_suspended, mail
from microblog.domain.security_log import Origin
from microblog.domain.viewer import Viewer
from microblog.models import LoginSession, User
from microblog.models.user import ACTIVE

# No name and no address is longer; what is, is nobody's, and not worth keeping.
_IDENTIFIER_LENGTH = 254


def request_reset(session: Session, identifier: str) -> None:
    """Have the worker mail a link to whoever goes by this username or address, if anybody does.

    Nothing is looked up here, so that it takes as long for a person unknown.
    """
    outbox.announce(session, PasswordResetRequested(identifier.strip()[:_IDENTIFIER_LENGTH]))


def follow_up_reset(session: Session, event: PasswordResetRequested, minutes: int) -> None:
    """Mail the link that was asked for; nothing happens for who is unknown or may not sign in."""
    # Nobody's name holds control characters, and PostgreSQL takes no NUL to look up.
    identifier = event.identifier if event.identifier.isprintable() else ""
    account_id = sessions.find_credentials(session, identifier).account_id
    user = _find_active(session, account_id)
    if user is None:
        return
    lifetime = timedelta(minutes=minutes)
    token_id = tokens.issue(session, account_id, tokens.RESET, lifetime, user.email)
    mail(session, "reset_password", user, token_id=token_id, minutes=str(minutes))
    security_log.record(session, security_log.RESET_REQUESTED, account_id)


def reset_password(
    session: Session, token: str, password_hash: str, secret_key: str, origin: Origin | None = None
) -> int:
    """Set a new password by the link of a mail, sign out everywhere, and return the account's id.

    Who has read mail at their address has shown that it is theirs. **Raises** Invalid.
    """
    view = tokens.redeem(session, token, (tokens.RESET,), secret_key)
    user = _find_active(session, view.account_id)
    if user is None:
        raise Invalid("token", "link_dead")
    if user.email_confirmed_at is None and user.email == view.email:
        user.email_confirmed_at = clock.now()
        tokens.void(session, user.account_id, tokens.CONFIRM)
    _set(session, user, password_hash, keep_session_id=None)
    security_log.record(session, security_log.PASSWORD_RESET, user.account_id, origin=origin)
    return user.account_id


def change_password(
    session: Session,
    by: Viewer,
    password_hash: str,
    keep_session_id: int,
    origin: Origin | None = None,
) -> None:
    """Set the viewer's password and end their sessions but this one."""
    _set(session, get_user(session, by.id), password_hash, keep_session_id)
    security_log.record(session, security_log.PASSWORD_CHANGED, by.id, origin=origin)


def set_password(session: Session, username: str, password_hash: str) -> None:
    """Set a person's password for them, as the operator, and end every session of theirs.

    **Raises** NotFound.
    """
    account_id = accounts.set_password(session, username, password_hash)
    _set(session, get_user(session, account_id), password_hash, keep_session_id=None)
    security_log.record(session, security_log.PASSWORD_RESET, account_id)


def _find_active(session: Session, account_id: int) -> User | None:
    """Return the login of somebody whom no admin keeps out."""
    try:
        user = get_user(session, account_id)
    except NotFound:
        return None
    return None if user.state != ACTIVE or is_suspended(session, account_id) else user


def _set(session: Session, user: User, password_hash: str, keep_session_id: int | None) -> None:
    user.password_hash = password_hash
    others = delete(LoginSession).where(LoginSession.account_id == user.account_id)
    if keep_session_id is not None:
        others = others.where(LoginSession.id != keep_session_id)
    session.execute(others)
    # Whoever had got in may have asked for either.
    tokens.void(session, user.account_id, tokens.RESET, tokens.CHANGE_EMAIL)
    mail(session, "password_changed", user)
