"""Tokens: what the links in mails stand for. Each has one purpose, a short life, and works once.

The link holds a JWT (HS256) with the id of a row. The signature keeps ids from being guessed; the
row is what is used up, and what a newer link of the same purpose voids.
"""

import hashlib
import hmac
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

import jwt
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from microblog import clock, ids
from microblog.db import affected_rows
from microblog.domain.errors import Invalid, NotFound
from microblog.models import AccountToken, User

RESET = "reset"
CONFIRM = "confirm"
CHANGE_EMAIL = "change_email"

MAX_TOKEN_LENGTH = 1000
_ALGORITHM = "HS256"
# Three parts in the alphabet of URLs, the last one of 32 bytes.
_FORM = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}", re.ASCII)
_SWEEP_LIMIT = 1000


@dataclass(frozen=True)
class TokenView:
    """Whose token it is and what it is for; `email` is the address its link was mailed to."""

    account_id: int
    purpose: str
    email: str | None


def issue(
    session: Session,
    account_id: int,
    purpose: str,
    lifetime: timedelta,
    email: str | None = None,
) -> int:
    """Make a token that voids the older ones of its purpose; return its id.

    **Raises** NotFound for nobody.
    """
    if not _lock_owner(session, account_id):
        raise NotFound
    _delete(session, account_id, (purpose,))
    now = clock.now()
    token_id = ids.new()
    session.add(
        AccountToken(
            id=token_id,
            account_id=account_id,
            purpose=purpose,
            email=email,
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    session.flush()
    return token_id


def sign(session: Session, token_id: int, secret_key: str) -> str | None:
    """Return what a link holds; None when the token was used, voided, or has expired."""
    row = session.get(AccountToken, token_id)
    if row is None or row.expires_at <= clock.now():
        return None
    claims = {"jti": str(row.id), "purpose": row.purpose, "exp": int(row.expires_at.timestamp())}
    return jwt.encode(claims, _key(secret_key), algorithm=_ALGORITHM)


def look_up(session: Session, token: str, purposes: Collection[str], secret_key: str) -> TokenView:
    """Tell what a token is for, without using it up. **Raises** Invalid."""
    return _view(_get(session, token, purposes, secret_key))


def redeem(session: Session, token: str, purposes: Collection[str], secret_key: str) -> TokenView:
    """Use a token up; of several at the same time, one can. **Raises** Invalid."""
    row = _get(session, token, purposes, secret_key)
    # The owner before the token, as whoever issues one does.
    _lock_owner(session, row.account_id)
    view = _view(row)
    if not affected_rows(session, delete(AccountToken).where(AccountToken.id == row.id)):
        raise _dead()
    return view


def void(session: Session, account_id: int, *purposes: str) -> None:
    """Let links of these purposes, which were mailed before, work no longer."""
    if _lock_owner(session, account_id):
        _delete(session, account_id, purposes)


def sweep(session: Session) -> bool:
    """Clear away some expired tokens; tell whether there are more."""
    expired = session.scalars(
        select(AccountToken.id).where(AccountToken.expires_at <= clock.now()).limit(_SWEEP_LIMIT)
    ).all()
    session.execute(delete(AccountToken).where(AccountToken.id.in_(expired)))
    return len(expired) == _SWEEP_LIMIT


def _lock_owner(session: Session, account_id: int) -> bool:
    """Have others wait who issue or use tokens of this person; tell whether they are there."""
    found = session.scalar(
        select(User.account_id)
        .where(User.account_id == account_id)
        # On PostgreSQL the weaker lock, which lets others refer to the user meanwhile.
        .with_for_update(key_share=True)
    )
    return found is not None


def _delete(session: Session, account_id: int, purposes: Collection[str]) -> None:
    session.execute(
        delete(AccountToken).where(
            AccountToken.account_id == account_id, AccountToken.purpose.in_(purposes)
        )
    )


def _get(session: Session, token: str, purposes: Collection[str], secret_key: str) -> AccountToken:
    token_id, purpose = _read(token, secret_key)
    row = session.get(AccountToken, token_id) if token_id and purpose in purposes else None
    if row is None or row.purpose != purpose or row.expires_at <= clock.now():
        raise _dead()
    return row


def _read(token: str, secret_key: str) -> tuple[int | None, str]:
    """Return the id and the purpose that a token holds. **Raises** Invalid."""
    if len(token) > MAX_TOKEN_LENGTH or not _FORM.fullmatch(token):
        raise _dead()
    try:
        claims = jwt.decode(
            token,
            _key(secret_key),
            algorithms=[_ALGORITHM],
            options={"require": ["jti", "purpose", "exp"]},
        )
    except (jwt.InvalidTokenError, RecursionError):
        # The header is read before the signature, so it may be JSON nested as deep as fits.
        raise _dead() from None
    return ids.parse(str(claims["jti"])), str(claims["purpose"])


def _key(secret_key: str) -> bytes:
    """Return the key for this purpose alone: no cookie or code of ours is a token."""
    return hmac.new(secret_key.encode(), b"account tokens", hashlib.sha256).digest()


def _view(row: AccountToken) -> TokenView:
    return TokenView(row.account_id, row.purpose, row.email)


def _dead() -> Invalid:
    return Invalid("token", "link_dead")
