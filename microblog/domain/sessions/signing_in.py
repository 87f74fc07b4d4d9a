"""Signing in: whose password it is, and a session once that was right."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from microblog import clock, ids
from microblog.domain.accounts import canonical_email, handle_of
from microblog.domain.errors import Invalid
from microblog.domain.security_log import address_prefix
from microblog.domain.sessions.visits import hash_of
from microblog.models import Account, LoginSession, User
from microblog.models.login_session import AGENT_LENGTH

# Of one person; nobody has more browsers, and a list of them is to be read.
MAX_SESSIONS = 50
_TOKEN_BYTES = 32


@dataclass(frozen=True)
class Credentials:
    """What a sign-in is checked against; the hash is None for an unknown person."""

    account_id: int
    password_hash: str | None


def find_credentials(session: Session, identifier: str) -> Credentials:
    """Return what to check a sign-in by username or e-mail against; never raises."""
    identifier = identifier.strip()
    try:
        belongs = (
            User.email == canonical_email(identifier)
            if "@" in identifier
            else Account.handle == handle_of(identifier)
        )
    except Invalid:
        return Credentials(0, None)
    found = session.execute(
        select(User.account_id, User.password_hash)
        .join(Account, Account.id == User.account_id)
        .where(belongs)
    ).first()
    return Credentials(found[0], found[1]) if found else Credentials(0, None)


def start(
    session: Session, account_id: int, *, address: str, agent: str, lifetime: timedelta
) -> str:
    """Sign a person in and return the token for the cookie.

    Of more than MAX_SESSIONS, those that were not used for longest end.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    now = clock.now()
    _make_room(session, account_id)
    session.add(
        LoginSession(
            id=ids.new(),
            token_hash=hash_of(token),
            account_id=account_id,
            created_at=now,
            last_used_at=now,
            expires_at=now + lifetime,
            address_prefix=address_prefix(address),
            agent="".join(filter(str.isprintable, agent))[:AGENT_LENGTH],
        )
    )
    _see(session, account_id, now)
    return token


def _make_room(session: Session, account_id: int) -> None:
    surplus = session.scalars(
        select(LoginSession.id)
        .where(LoginSession.account_id == account_id)
        .order_by(LoginSession.last_used_at.desc(), LoginSession.id.desc())
        .offset(MAX_SESSIONS - 1)
    ).all()
    if surplus:
        session.execute(delete(LoginSession).where(LoginSession.id.in_(surplus)))


def _see(session: Session, account_id: int, now: datetime) -> None:
    session.execute(update(Account).where(Account.id == account_id).values(last_seen_at=now))
