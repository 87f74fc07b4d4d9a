"""The security log as admins read it: with the names of those whose acts they were."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from microblog.domain import security_log
from microblog.domain.administration.turns import check_admin
from microblog.domain.security_log import LogEntry
from microblog.domain.viewer import Viewer
from microblog.models import Account


@dataclass(frozen=True, slots=True)
class LogLine:
    """An entry; `actor` is the admin's username, None where the act was the person's own.

    It is "" for an admin whose account is gone.
    """

    entry: LogEntry
    actor: str | None


def list_log(session: Session, *, by: Viewer, account_id: int | None) -> Sequence[LogLine]:
    """Return what happened to an account of late, the newest first; None: to the server."""
    check_admin(by)
    entries = security_log.list_for(session, account_id)
    actor_ids = {entry.actor_id for entry in entries if entry.actor_id is not None}
    rows = session.execute(
        select(Account.id, Account.username).where(Account.id.in_(sorted(actor_ids)))
    )
    names = {row.id: row.username for row in rows}
    return [
        LogLine(entry, names.get(entry.actor_id, "") if entry.actor_id is not None else None)
        for entry in entries
    ]
