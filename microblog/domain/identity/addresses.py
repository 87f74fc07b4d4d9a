"""E-mail addresses: confirming the one given, and changing it."""

from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from microblog import clock
from microblog.domain import security_log, tokens
from microblog.domain.accounts import canonical_email
from microblog.domain.errors import Invalid, NotFound
from microblog.domain.identity.people import (
    find_by_email,
    get_user,
    is_suspended,
    mail,
    tell_admins,
)
from microblog.domain.security_log import Origin
from microblog.domain.tokens import TokenView
from microblog.domain.viewer import Viewer
from microblog.models import User
from microblog.models.user import WAITING


def request_confirmation(session: Session, account_id: int, hours: int) -> None:
    """Mail the link that confirms an address; nothing happens when that is done.

    **Raises** NotFound.
    """
    user = get_user(session, account_id)
    if user.email_confirmed_at is None:
        lifetime = timedelta(hours=hours)
        token_id = tokens.issue(session, account_id, tokens.CONFIRM, lifetime, user.email)
        mail(session, "confirm_email", user, token_id=token_id, hours=str(hours))


def request_email_change(
    session: Session, by: Viewer, email: str, hours: int, origin: Origin | None = None
) -> None:
    """Mail a link to the address the viewer wants; theirs changes once they follow it.

    Whether the address is somebody else's is told to that person only. **Raises** Invalid for an
    address that is malformed or the viewer's own.
    """
    email = canonical_email(email)
    user = get_user(session, by.id)
    if user.email == email:
        raise Invalid("email", "email_unchanged")
    # Also when nobody gets its link: the older one is void either way.
    lifetime = timedelta(hours=hours)
    token_id = tokens.issue(session, by.id, tokens.CHANGE_EMAIL, lifetime, email)
    owner = find_by_email(session, email)
    if owner is None:
        mail(session, "change_email", user, to=email, token_id=token_id, hours=str(hours))
    else:
        mail(session, "address_in_use", owner)
    security_log.record(session, security_log.EMAIL_CHANGE_REQUESTED, by.id, origin=origin)


def confirm_email(
    session: Session, token: str, secret_key: str, origin: Origin | None = None
) -> TokenView:
    """Take an address as shown to be somebody's, by the link of a mail. **Raises** Invalid."""
    purposes = (tokens.CONFIRM, tokens.CHANGE_EMAIL)
    view = tokens.redeem(session, token, purposes, secret_key)
    if view.email is None or is_suspended(session, view.account_id):
        raise _dead()
    try:
        user = get_user(session, view.account_id)
    except NotFound:
        raise _dead() from None
    if view.purpose == tokens.CONFIRM:
        _confirm(session, user, view.email, origin)
    else:
        _change(session, user, view.email, origin)
    return view


def _confirm(session: Session, user: User, email: str, origin: Origin | None) -> None:
    if user.email != email:
        raise _dead()
    if user.email_confirmed_at is not None:
        return
    user.email_confirmed_at = clock.now()
    security_log.record(session, security_log.EMAIL_CONFIRMED, user.account_id, origin=origin)
    if user.state == WAITING:
        tell_admins(session, user)


def _change(session: Session, user: User, email: str, origin: Origin | None) -> None:
    previous = user.email
    if find_by_email(session, email) is not None:
        raise _dead()
    try:
        with session.begin_nested():
            user.email = email
            user.email_confirmed_at = clock.now()
    except IntegrityError:
        # Somebody took it since we looked.
        raise _dead() from None
    # What was mailed to the old address works no longer.
    tokens.void(session, user.account_id, tokens.RESET, tokens.CONFIRM)
    mail(session, "email_changed", user, to=previous, new=email)
    security_log.record(
        session, security_log.EMAIL_CHANGED, user.account_id, detail=email, origin=origin
    )


def _dead() -> Invalid:
    return Invalid("token", "link_dead")
