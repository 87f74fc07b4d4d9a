"""Roles: making admins, and members of them again."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from microblog.domain import security_log
from microblog.domain.administration.turns import is_admin, lock_account, take_turn
from microblog.domain.errors import Invalid
from microblog.domain.security_log import Origin
from microblog.domain.viewer import ADMIN, MEMBER, Viewer
from microblog.models import Account, User
from microblog.models.user import ACTIVE


def promote(session: Session, *, by: Viewer, account_id: int, origin: Origin | None = None) -> None:
    """Make a person an admin.

    **Raises** Invalid for who is suspended or waiting, NotFound, NotAllowed.
    """
    take_turn(session, by)
    account, user = lock_account(session, account_id)
    if user.state != ACTIVE or account.suspended_at is not None:
        raise Invalid("account", "promote_inactive")
    _give(session, user, ADMIN, by, origin)


def demote(session: Session, *, by: Viewer, account_id: int, origin: Origin | None = None) -> None:
    """Make an admin a member. **Raises** Invalid for the last admin, NotFound, NotAllowed."""
    take_turn(session, by)
    _, user = lock_account(session, account_id)
    if account_id == by.id and not _has_other_admin(session, account_id):
        raise Invalid("account", "last_admin")
    _give(session, user, MEMBER, by, origin)


def _has_other_admin(session: Session, account_id: int) -> bool:
    other = (
        select(User.account_id).join(Account).where(is_admin(), User.account_id != account_id)
    ).limit(1)
    return session.scalar(other) is not None


def _give(session: Session, user: User, role: str, by: Viewer, origin: Origin | None) -> None:
    if user.role == role:
        return
    user.role = role
    security_log.record(
        session,
        security_log.ROLE_CHANGED,
        user.account_id,
        actor_id=by.id,
        detail=role,
        origin=origin,
    )
