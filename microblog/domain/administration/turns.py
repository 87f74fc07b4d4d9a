"""Who may act, and when: admins, one at a time."""

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from microblog.domain import server
from microblog.domain.errors import NotAllowed, NotFound
from microblog.domain.viewer import ADMIN, Viewer
from microblog.domain.visibility import is_present
from microblog.models import Account, User
from microblog.models.user import ACTIVE


def check_admin(by: Viewer) -> None:
    """Let an admin read. **Raises** NotAllowed for anybody else."""
    if not by.is_admin:
        raise NotAllowed


def take_turn(session: Session, by: Viewer) -> None:
    """Begin an act of an admin, before anything else in its transaction.

    Acts wait for each other: of two admins who demote each other at once, the second one finds
    that they are none any more. **Raises** NotAllowed.
    """
    check_admin(by)
    server.lock(session)
    acting = select(User.account_id).join(Account).where(User.account_id == by.id, is_admin())
    if session.scalar(acting) is None:
        raise NotAllowed


def is_admin() -> ColumnElement[bool]:
    """Return the condition on User rows, joined with their accounts, of admins who can act."""
    return and_(User.role == ADMIN, User.state == ACTIVE, is_present())


def lock_account(session: Session, account_id: int) -> tuple[Account, User]:
    """Return a person of this server for changing. **Raises** NotFound."""
    user = session.get(User, account_id, with_for_update=True)
    account = session.get(Account, account_id, with_for_update=True)
    if user is None or account is None:
        raise NotFound
    return account, user
