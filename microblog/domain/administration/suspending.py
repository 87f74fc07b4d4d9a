"""Suspending a person: they and what they wrote are hidden from everybody, until they are back."""

from sqlalchemy.orm import Session

from microblog import clock
from microblog.domain import security_log, server, sessions
from microblog.domain.administration.turns import lock_account, take_turn
from microblog.domain.errors import Invalid
from microblog.domain.security_log import Origin
from microblog.domain.viewer import Viewer
from microblog.models import Account


def suspend(
    session: Session, *, by: Viewer, account_id: int, origin: Origin | None = None
) -> list[str]:
    """Hide a person and log them out everywhere; return the files that are to be hidden.

    **Raises** Invalid for oneself, NotFound, NotAllowed.
    """
    take_turn(session, by)
    if account_id == by.id:
        raise Invalid("account", "suspend_self")
    account, _ = lock_account(session, account_id)
    if account.suspended_at is None:
        account.suspended_at = clock.now()
        sessions.end_all(session, account_id)
        _record(session, security_log.SUSPENDED, by, account_id, origin)
    return _files(account)


def restore(
    session: Session, *, by: Viewer, account_id: int, origin: Origin | None = None
) -> list[str]:
    """Bring a suspended person back; return the files that are to be shown again.

    **Raises** NotFound, NotAllowed.
    """
    take_turn(session, by)
    account, _ = lock_account(session, account_id)
    if account.suspended_at is not None:
        account.suspended_at = None
        _record(session, security_log.RESTORED, by, account_id, origin)
    return _files(account)


def _files(account: Account) -> list[str]:
    return [file for file in (account.avatar, account.header) if file is not None]


def _record(
    session: Session, kind: str, by: Viewer, account_id: int, origin: Origin | None
) -> None:
    # Suggestions and the like are kept for some minutes.
    server.renew(session)
    security_log.record(session, kind, account_id, actor_id=by.id, origin=origin)
