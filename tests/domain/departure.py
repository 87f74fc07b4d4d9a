"""Deleting an account, as its owner begins it and the worker ends it."""

from datetime import datetime

from microblog.db import Database
from microblog.domain import identity, security_log
from microblog.domain.events import AccountDeleted
from microblog.domain.security_log import Origin
from microblog.domain.viewer import Viewer
from tests.announced import announced

ORIGIN = Origin("192.0.2.77", "Browser/1.0")
DAYS = 7


def begin(db: Database, person: Viewer, days: int = DAYS) -> datetime:
    """Have a person leave; return when they will be gone."""
    return db.write(lambda session: identity.begin_deletion(session, person, days, ORIGIN))


def cancel(db: Database, person: Viewer) -> bool:
    """Have a person stay after all; tell whether they were leaving."""
    return db.write(lambda session: identity.cancel_deletion(session, person, ORIGIN))


def start_due(db: Database) -> list[AccountDeleted]:
    """Let the time of grace be over for whose it is; return what that announces."""
    db.write(identity.start_due_deletions)
    return announced(db, AccountDeleted)


def logged(db: Database, person: Viewer) -> list[str]:
    """Return what a person's security log tells, the newest first."""
    with db.read() as session:
        return [entry.kind for entry in security_log.list_for(session, person.id)]
