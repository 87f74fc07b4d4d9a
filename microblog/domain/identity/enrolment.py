"""Enrolling: how somebody from outside comes to an account, and whether they may use it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from microblog import clock
from microblog.domain import accounts, attempts, security_log
from microblog.domain.accounts import Registration
from microblog.domain.errors import Invalid, NotFound
from microblog.domain.identity.addresses import request_confirmation
from microblog.domain.identity.people import find_by_email, get_user, mail, tell_admins
from microblog.domain.security_log import Origin
from microblog.domain.typed import typed_text
from microblog.models import Account, AccountToken, User
from microblog.models.server import APPROVAL, CLOSED
from microblog.models.user import ACTIVE, WAITING

REASON_LIMIT = 500  # Graphemes, a link as 23.
_FORGOTTEN_LIMIT = 1000

Outcome = Literal["active", "confirm", "waiting"]
Standing = Literal["active", "unconfirmed", "waiting", "suspended"]


@dataclass(frozen=True)
class Enrolment:
    """What came of it: the account may be used, a mail says how to go on, or an admin decides.

    With "confirm", nobody but the receiver of the mail may learn whether there is an account.
    """

    account_id: int | None
    outcome: Outcome


def enrol(
    session: Session,
    registration: Registration,
    *,
    mode: str,
    reason: str = "",
    mail_works: bool,
    hours: int,
    origin: Origin | None = None,
) -> Enrolment:
    """Make an account for somebody from outside, as the registration mode allows.

    **Raises** Invalid for what cannot be taken; for a known address only while no mail works.
    """
    if mode == CLOSED:
        raise Invalid("username", "registration_closed")
    state = WAITING if mode == APPROVAL else ACTIVE
    reason = _checked_reason(reason) if state == WAITING else ""
    join = partial(_join, session, state=state, reason=reason, origin=origin)
    if mail_works:
        return _enrol_by_mail(session, registration, join, hours)
    account_id = join(registration, is_confirmed=True)
    if state == WAITING:
        tell_admins(session, get_user(session, account_id))
    return Enrolment(account_id, "waiting" if state == WAITING else "active")


def standing(session: Session, account_id: int) -> Standing:
    """Tell whether somebody may use their account, or what it lacks. **Raises** NotFound."""
    found = session.execute(
        select(Account.suspended_at, User.email_confirmed_at, User.state)
        .join(User, User.account_id == Account.id)
        .where(Account.id == account_id)
    ).first()
    if found is None:
        raise NotFound
    suspended_at, confirmed_at, state = found
    if suspended_at is not None:
        return "suspended"
    if confirmed_at is None:
        return "unconfirmed"
    return "waiting" if state == WAITING else "active"


def forget_unconfirmed(session: Session) -> bool:
    """Delete accounts whose address was never confirmed; tell whether there are more.

    Nobody has ever been in them. Name and address are free again once no link is on its way.
    """
    has_link = exists().where(
        AccountToken.account_id == User.account_id, AccountToken.expires_at > clock.now()
    )
    forgotten = session.scalars(
        select(User.account_id)
        .where(User.email_confirmed_at.is_(None), ~has_link)
        .order_by(User.account_id)
        .limit(_FORGOTTEN_LIMIT)
    ).all()
    session.execute(delete(Account).where(Account.id.in_(forgotten)))
    return len(forgotten) == _FORGOTTEN_LIMIT


def _checked_reason(reason: str) -> str:
    text = typed_text(reason, "reason", REASON_LIMIT)
    if not text:
        raise Invalid("reason", "required")
    return text


def _join(
    session: Session,
    registration: Registration,
    *,
    is_confirmed: bool,
    state: str,
    reason: str,
    origin: Origin | None,
) -> int:
    account_id = accounts.register(
        session, registration, is_confirmed=is_confirmed, state=state, reason=reason
    )
    security_log.record(session, security_log.REGISTERED, account_id, origin=origin)
    return account_id


def _enrol_by_mail(
    session: Session, registration: Registration, join: Callable[..., int], hours: int
) -> Enrolment:
    """Make the account; where the address is somebody's, take it back and tell that person."""
    email = accounts.canonical_email(registration.email)
    # Counted in both cases, which are to be the same work.
    is_flooded = attempts.hit(session, attempts.UNASKED.of(email)) > 0
    owner = find_by_email(session, email)
    if owner is None:
        try:
            account_id = join(registration, is_confirmed=False)
        except Invalid as refused:
            # Somebody took the address since we looked.
            if refused.code == "email_taken":
                return _enrol_by_mail(session, registration, join, hours)
            raise
        request_confirmation(session, account_id, hours)
        return Enrolment(account_id, "confirm")
    # The same work as for a new address, which takes twice as long as telling its owner.
    unused = replace(registration, email=f"{secrets.token_hex(16)}@example.org")
    savepoint = session.begin_nested()
    request_confirmation(session, join(unused, is_confirmed=False), hours)
    session.flush()
    savepoint.rollback()
    if not is_flooded:
        mail(session, "address_in_use", owner)
    return Enrolment(None, "confirm")
