"""The security log: what happened to an account, for its owner and for the admins."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from microblog import ids
from microblog.models import SecurityEvent
from microblog.models.login_session import AGENT_LENGTH
from microblog.models.security_event import DETAIL_LENGTH

# What people do, or others in their name.
SIGNED_IN = "signed_in"
SIGN_IN_FAILED = "sign_in_failed"
SIGNED_OUT_OTHERS = "signed_out_others"
PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of a fact, no password.
RESET_REQUESTED = "reset_requested"
PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of a fact, no password.
EMAIL_CHANGE_REQUESTED = "email_change_requested"
EMAIL_CHANGED = "email_changed"
EMAIL_CONFIRMED = "email_confirmed"
SECOND_FACTOR_ON = "second_factor_on"
SECOND_FACTOR_OFF = "second_factor_off"
RECOVERY_CODE_USED = "recovery_code_used"
DELETION_BEGUN = "deletion_begun"
DELETION_CANCELLED = "deletion_cancelled"
REGISTERED = "registered"

# What admins do.
SUSPENDED = "suspended"
RESTORED = "restored"
ROLE_CHANGED = "role_changed"
REGISTRATION_ACCEPTED = "registration_accepted"
REGISTRATION_REFUSED = "registration_refused"
SECOND_FACTOR_RESET = "second_factor_reset"
SETTINGS_CHANGED = "settings_changed"
JOB_RETRIED = "job_retried"
JOB_DROPPED = "job_dropped"

SWEEP_LIMIT = 1000


@dataclass(frozen=True)
class Origin:
    """Where a request came from: the address of a network, and what the browser says it is."""

    address: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the log. `actor_id` is the admin whose act it was; None: the person's own."""

    id: int
    kind: str
    account_id: int | None
    actor_id: int | None
    detail: str
    address_prefix: str
    agent: str
    created_at: datetime


def record(
    session: Session,
    kind: str,
    account_id: int | None,
    *,
    actor_id: int | None = None,
    detail: str = "",
    origin: Origin | None = None,
) -> None:
    """Write a line into the log; None as the account: it is about the server."""
    origin = origin or Origin()
    id_ = ids.new()
    session.add(
        SecurityEvent(
            id=id_,
            account_id=account_id,
            actor_id=actor_id,
            kind=kind,
            detail=_readable(detail, DETAIL_LENGTH),
            address_prefix=address_prefix(origin.address),
            agent=_readable(origin.agent, AGENT_LENGTH),
            created_at=ids.time_of(id_),
        )
    )


def list_for(session: Session, account_id: int | None, limit: int = 50) -> Sequence[LogEntry]:
    """Return what happened to an account, the newest first; None: what was done to the server."""
    events = session.scalars(
        select(SecurityEvent)
        .where(SecurityEvent.account_id == account_id)
        .order_by(SecurityEvent.id.desc())
        .limit(limit)
    )
    return [_view(event) for event in events]


def sweep(session: Session, before: datetime) -> bool:
    """Forget some of what happened before a moment; tell whether there is more."""
    # By the id, which is made of the time: the table needs no further index for this.
    return _forget(session, SecurityEvent.id < ids.at(before))


def forget_own(session: Session, account_id: int) -> bool:
    """Forget some of what a person did themselves; tell whether there is more.

    What an admin did with the account stays until it is swept.
    """
    return _forget(
        session, SecurityEvent.account_id == account_id, SecurityEvent.actor_id.is_(None)
    )


def address_prefix(address: str) -> str:
    """Return the network of an address (/24 or /48): enough to recognise, too little to track."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        # An IPv4 address as a server sees it that listens on both kinds.
        parsed = parsed.ipv4_mapped or parsed
    bits = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network((parsed, bits), strict=False))


def _readable(text: str, length: int) -> str:
    return "".join(filter(str.isprintable, text))[:length]


def _view(event: SecurityEvent) -> LogEntry:
    return LogEntry(
        event.id,
        event.kind,
        event.account_id,
        event.actor_id,
        event.detail,
        event.address_prefix,
        event.agent,
        event.created_at,
    )


def _forget(session: Session, *conditions: ColumnElement[bool]) -> bool:
    found = session.scalars(select(SecurityEvent.id).where(*conditions).limit(SWEEP_LIMIT)).all()
    session.execute(delete(SecurityEvent).where(SecurityEvent.id.in_(found)))
    return len(found) == SWEEP_LIMIT
