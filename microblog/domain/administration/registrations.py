"""Registrations that wait for an admin: letting people in, or not."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from microblog.domain import security_log
from microblog.domain.administration.turns import check_admin, lock_account, take_turn
from microblog.domain.errors import Conflict, NotFound
from microblog.domain.events import MailRequested
from microblog.domain.outbox import announce
from microblog.domain.pages import Page, Slice, slice_of
from microblog.domain.security_log import Origin
from microblog.domain.viewer import Viewer
from microblog.models import Account, User
from microblog.models.user import ACTIVE, WAITING


@dataclass(frozen=True, slots=True)
class WaitingRegistration:
    """Somebody who would like to be let in, and why."""

    id: int
    username: str
    email: str
    is_email_confirmed: bool
    reason: str
    created_at: datetime


def list_waiting(session: Session, *, by: Viewer, page: Page) -> Slice[WaitingRegistration]:
    """Return those who wait to be let in, the newest first."""
    check_admin(by)
    statement = (
        select(User, Account.username)
        .join(Account, Account.id == User.account_id)
        .where(User.state == WAITING)
    )
    rows = session.execute(page.apply(statement, User.account_id)).all()
    return slice_of([(user.account_id, _view(user, username)) for user, username in rows], page)


def accept(session: Session, *, by: Viewer, account_id: int, origin: Origin | None = None) -> str:
    """Let somebody in, tell them by mail and return their username.

    **Raises** Conflict when that has been decided already, NotAllowed.
    """
    take_turn(session, by)
    account, user = _lock_waiting(session, account_id)
    user.state = ACTIVE
    user.reason = ""
    announce(session, MailRequested("registration_accepted", user.email, account_id))
    security_log.record(
        session, security_log.REGISTRATION_ACCEPTED, account_id, actor_id=by.id, origin=origin
    )
    return account.username


def refuse(session: Session, *, by: Viewer, account_id: int, origin: Origin | None = None) -> str:
    """Delete the account of somebody who is not let in, and tell them by mail.

    **Shape** The username, which is free again.
    **Raises** Conflict when that has been decided already, NotAllowed.
    """
    take_turn(session, by)
    account, user = _lock_waiting(session, account_id)
    username = account.username
    # When the mail is written, nobody is left to look these up.
    reader = {"account": username, "locale": user.locale or "", "zone": user.time_zone or ""}
    announce(session, MailRequested("registration_refused", user.email, values=reader))
    security_log.record(
        session,
        security_log.REGISTRATION_REFUSED,
        account_id,
        actor_id=by.id,
        detail=username,
        origin=origin,
    )
    session.flush()
    # Nothing refers to them but their login: nobody has seen them yet.
    session.execute(delete(User).where(User.account_id == account_id))
    session.execute(delete(Account).where(Account.id == account_id))
    return username


def _lock_waiting(session: Session, account_id: int) -> tuple[Account, User]:
    try:
        account, user = lock_account(session, account_id)
    except NotFound:
        raise Conflict("registration_decided") from None
    if user.state != WAITING:
        raise Conflict("registration_decided")
    return account, user


def _view(user: User, username: str) -> WaitingRegistration:
    return WaitingRegistration(
        user.account_id,
        username,
        user.email,
        user.email_confirmed_at is not None,
        user.reason,
        user.created_at,
    )
