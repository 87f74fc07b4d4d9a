"""The second factor: codes of an authenticator, and recovery codes for those who have lost it.

**Source** RFC 6238 for the codes, RFC 4226 (section 4, R6) for the length of their secret.
"""

import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from microblog import clock, ids
from microblog.db import affected_rows
from microblog.domain import security_log
from microblog.domain.errors import Conflict, Invalid
from microblog.domain.events import MailRequested
from microblog.domain.outbox import announce
from microblog.domain.security_log import (
    RECOVERY_CODE_USED,
    SECOND_FACTOR_OFF,
    SECOND_FACTOR_ON,
    SECOND_FACTOR_RESET,
    Origin,
)
from microblog.domain.viewer import Viewer
from microblog.models import RecoveryCode, SecurityEvent, User

RECOVERY_CODES = 10
# Clocks go wrong, and people type slowly: the codes before and after the present one work too.
_WINDOW_STEPS = 1
_DIGITS = 6
_SECRET_CHARACTERS = 32  # Of base 32: 160 bits.
# Without i, l, o and u, so that no sign is taken for another: 120 bits in all.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_LOOK_ALIKES = str.maketrans("ilo", "110")
_GROUPS, _GROUP_LENGTH = 4, 6
_TYPED_LENGTH = 100
_ISSUER_LENGTH = 30


@dataclass(frozen=True)
class SecondFactor:
    """Where a person stands with it: `pending` is the secret while the first code is awaited.

    `since` is None while it is off, and when the log does not reach back that far.
    """

    is_on: bool
    since: datetime | None
    codes_left: int
    pending: str | None


def is_on(session: Session, account_id: int) -> bool:
    """Tell whether a person is asked for a code."""
    return _find_secret(session, account_id) is not None


def describe(session: Session, account_id: int) -> SecondFactor:
    """Tell where a person stands with it."""
    user = session.get_one(User, account_id)
    if user.totp_secret is None:
        return SecondFactor(False, None, 0, user.totp_pending)
    since = session.scalar(
        select(func.max(SecurityEvent.created_at)).where(
            SecurityEvent.account_id == account_id, SecurityEvent.kind == SECOND_FACTOR_ON
        )
    )
    left = session.scalar(
        select(func.count()).select_from(RecoveryCode).where(RecoveryCode.account_id == account_id)
    )
    return SecondFactor(True, since, left or 0, None)


def begin(session: Session, by: Viewer) -> str:
    """Make a secret for the viewer's authenticator; nothing is asked for yet.

    **Raises** Conflict when the second factor is on.
    """
    secret = pyotp.random_base32(_SECRET_CHARACTERS)
    _lock_while_off(session, by.id).totp_pending = secret
    return secret


def provisioning_uri(secret: str, username: str, server_name: str) -> str:
    """Return what the QR code says to an authenticator.

    **Source** github.com/google/google-authenticator/wiki/Key-Uri-Format: no colon in a name.
    """
    issuer = server_name.replace(":", " ")[:_ISSUER_LENGTH].strip()
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)


def switch_on(session: Session, by: Viewer, code: str, origin: Origin | None = None) -> list[str]:
    """Ask for a code from now on, once a first one was right; return the recovery codes.

    **Raises** Invalid for a code that is not right, Conflict when there is nothing to switch on.
    """
    user = _lock_while_off(session, by.id)
    if user.totp_pending is None:
        raise Conflict("second_factor_not_begun")
    step = _find_step(user.totp_pending, _canonical(code))
    if step is None:
        raise Invalid("code", "code_not_right")
    user.totp_secret, user.totp_pending, user.totp_step = user.totp_pending, None, step
    announce(session, MailRequested("second_factor_on", user.email, by.id))
    security_log.record(session, SECOND_FACTOR_ON, by.id, origin=origin)
    return _replace_codes(session, by.id)


def check(session: Session, account_id: int, code: str, origin: Origin | None = None) -> bool:
    """Tell whether a code is right, and use it up: one code never works twice.

    It is one of the authenticator or a recovery code, in any case, with or without its dashes.
    """
    typed = _canonical(code)
    if len(typed) == _DIGITS and typed.isdecimal():
        return _use_step(session, account_id, typed)
    return _use_recovery_code(session, account_id, typed, origin)


def switch_off(
    session: Session,
    account_id: int,
    *,
    actor_id: int | None = None,
    origin: Origin | None = None,
) -> bool:
    """Ask for no code any more; False when none was asked for.

    `actor_id` is the admin who does this for somebody else.
    """
    was_on = affected_rows(
        session,
        update(User)
        .where(User.account_id == account_id, User.totp_secret.is_not(None))
        .values(totp_secret=None, totp_pending=None),
    )
    if not was_on:
        return False
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    email = session.scalars(select(User.email).where(User.account_id == account_id)).one()
    announce(session, MailRequested("second_factor_off", email, account_id))
    kind = SECOND_FACTOR_OFF if actor_id is None else SECOND_FACTOR_RESET
    security_log.record(session, kind, account_id, actor_id=actor_id, origin=origin)
    return True


def new_recovery_codes(session: Session, by: Viewer) -> list[str]:
    """Make new recovery codes and return them; those there were work no more.

    **Raises** Conflict when the second factor is off.
    """
    user = _lock(session, by.id)
    if user.totp_secret is None:
        raise Conflict("second_factor_off")
    return _replace_codes(session, by.id)


def fingerprint(session: Session, account_id: int) -> str | None:
    """Return what changes with the password or the secret; None when no code is asked for."""
    user = session.get(User, account_id)
    if user is None or user.totp_secret is None:
        return None
    return hashlib.sha256(f"{user.password_hash}\n{user.totp_secret}".encode()).hexdigest()[:32]


def _find_secret(session: Session, account_id: int) -> str | None:
    return session.scalar(select(User.totp_secret).where(User.account_id == account_id))


def _lock_while_off(session: Session, account_id: int) -> User:
    user = _lock(session, account_id)
    if user.totp_secret is not None:
        raise Conflict("second_factor_on")
    return user


def _lock(session: Session, account_id: int) -> User:
    # On PostgreSQL the weaker lock, which lets others refer to the user meanwhile.
    return session.get_one(User, account_id, with_for_update={"key_share": True})


def _canonical(typed: str) -> str:
    """Return the letters and digits of what was typed, whatever keyboard it was typed on."""
    signs = unicodedata.normalize("NFKC", typed[:_TYPED_LENGTH]).lower()
    return "".join(str(int(c)) if c.isdecimal() else c for c in signs if c.isalnum())


def _find_step(secret: str, typed: str) -> int | None:
    """Return the time step whose code was typed, as far as its time is now."""
    totp = pyotp.TOTP(secret, digits=_DIGITS)
    now = totp.timecode(clock.now())
    steps = range(now - _WINDOW_STEPS, now + _WINDOW_STEPS + 1)
    fitting = [
        step
        for step in steps
        if hmac.compare_digest(totp.generate_otp(step).encode(), typed.encode())
    ]
    return max(fitting, default=None)


def _use_step(session: Session, account_id: int, typed: str) -> bool:
    secret = _find_secret(session, account_id)
    step = _find_step(secret, typed) if secret else None
    if step is None:
        return False
    # Of two requests with one code, the row lets one pass: the other finds the step taken.
    taken = affected_rows(
        session,
        update(User)
        .where(User.account_id == account_id, User.totp_secret == secret, User.totp_step < step)
        .values(totp_step=step),
    )
    return taken == 1


def _use_recovery_code(
    session: Session, account_id: int, typed: str, origin: Origin | None
) -> bool:
    used = affected_rows(
        session,
        delete(RecoveryCode).where(
            RecoveryCode.account_id == account_id, RecoveryCode.code_hash == _hash(typed)
        ),
    )
    if not used:
        return False
    security_log.record(session, RECOVERY_CODE_USED, account_id, origin=origin)
    return True


def _replace_codes(session: Session, account_id: int) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = [_make_code() for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(id=ids.new(), account_id=account_id, code_hash=_hash(_canonical(code)))
        for code in codes
    )
    return codes


def _make_code() -> str:
    return "-".join(
        "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS)
    )


def _hash(typed: str) -> bytes:
    return hashlib.sha256(typed.translate(_LOOK_ALIKES).encode()).digest()
