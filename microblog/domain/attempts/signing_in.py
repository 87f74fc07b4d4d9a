"""Tries to sign in: whoever guesses is stopped, whoever is meant is not."""

from dataclasses import dataclass

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from microblog.domain import security_log, sessions
from microblog.domain.accounts import canonical_email
from microblog.domain.attempts.counting import Try, forget, has_tried, hit, wait_for
from microblog.domain.attempts.rules import SIGN_IN_EVERYWHERE, SIGN_IN_HERE, SIGN_IN_NETWORK
from microblog.domain.errors import Invalid
from microblog.models import LoginSession, SecurityEvent

_SIGNED_IN = "a browser that is signed in"


@dataclass(frozen=True)
class SignIn:
    """Somebody at the door: as whom, from which network, and whether they are signed in already.

    `subject` is the same for every way to write a person's name. Make it with `identify`.
    """

    account_id: int  # 0: nobody has that name.
    subject: str
    network: str
    is_current: bool = False


def identify(
    session: Session, identifier: str, network: str, current_account_id: int | None = None
) -> SignIn:
    """Tell whom a username or an e-mail address means; the work is the same for an unknown one."""
    # Nobody's name holds control characters, and PostgreSQL takes no NUL to look up.
    name = identifier.strip() if identifier.isprintable() else ""
    account_id = sessions.find_credentials(session, name).account_id
    subject = f"account {account_id}" if account_id else f"name {_canonical(name)}"
    return SignIn(account_id, subject, network, account_id == (current_account_id or -1))


def wait_for_sign_in(session: Session, asked: SignIn) -> int:
    """Return the seconds until somebody may try to sign in; 0: now.

    Who is signed in, or has signed in from this network before, is stopped by tries from here
    only: nobody locks them out by guessing from elsewhere or as somebody else.
    """
    here, *elsewhere = wait_for(session, _tries(asked))
    if max(elsewhere) > here and not _is_at_home(session, asked):
        return max(elsewhere)
    return here


def count_failed_sign_in(session: Session, asked: SignIn) -> None:
    """Count a wrong password, of a person known or unknown."""
    for attempt in _tries(asked):
        hit(session, attempt)


def has_failed_sign_in(session: Session, asked: SignIn) -> bool:
    """Tell whether a wrong password was tried here of late."""
    return has_tried(session, _tries(asked)[:1])


def forget_failed_sign_in(session: Session, asked: SignIn) -> None:
    """Begin to count anew for a person who signed in, here only: others may still be guessing."""
    forget(session, _tries(asked)[:1])


def let_in_again(session: Session, account_id: int, network: str) -> None:
    """Let the owner of a mailbox in: they chose a new password, so old guesses are worth nothing.

    What a whole network has tried still counts.
    """
    asked = SignIn(account_id, f"account {account_id}", network)
    forget(session, _tries(asked)[:2])


def _tries(asked: SignIn) -> list[Try]:
    """Return what one try counts as: here, everywhere, and for the whole network."""
    # Nobody else in the network shares the count of a browser that is signed in.
    where = _SIGNED_IN if asked.is_current else asked.network
    return [
        SIGN_IN_HERE.of(f"{asked.subject} {where}"),
        SIGN_IN_EVERYWHERE.of(asked.subject),
        SIGN_IN_NETWORK.of(asked.network),
    ]


def _is_at_home(session: Session, asked: SignIn) -> bool:
    prefix = security_log.address_prefix(asked.network.partition("/")[0])
    if asked.is_current or not asked.account_id or not prefix:
        return asked.is_current
    is_signed_in = exists().where(
        LoginSession.account_id == asked.account_id, LoginSession.address_prefix == prefix
    )
    was_signed_in = exists().where(
        SecurityEvent.account_id == asked.account_id,
        SecurityEvent.kind == security_log.SIGNED_IN,
        SecurityEvent.address_prefix == prefix,
    )
    return bool(session.scalar(select(or_(is_signed_in, was_signed_in))))


def _canonical(name: str) -> str:
    try:
        return canonical_email(name) if "@" in name else name.lower()
    except Invalid:
        return name.lower()
