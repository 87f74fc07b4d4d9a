"""What a person is told of their own login."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from microblog import clock
from microblog.domain import tokens
from microblog.domain.errors import NotFound
from microblog.domain.viewer import Viewer
from microblog.models import AccountToken, User


@dataclass(frozen=True, slots=True)
class LoginView:
    """A person's address and what is about to happen to it and to their account.

    `wanted_email` is the address that a link was mailed to which still works; `delete_at` is None
    unless they asked to go.
    """

    email: str
    is_confirmed: bool
    wanted_email: str | None
    delete_at: datetime | None


def get_login(session: Session, by: Viewer) -> LoginView:
    """Return the viewer's own login. **Raises** NotFound."""
    is_wanted = and_(
        AccountToken.account_id == User.account_id,
        AccountToken.purpose == tokens.CHANGE_EMAIL,
        AccountToken.expires_at > clock.now(),
    )
    found = session.execute(
        select(User.email, User.email_confirmed_at, AccountToken.email, User.delete_at)
        .outerjoin(AccountToken, is_wanted)
        .where(User.account_id == by.id)
        .order_by(AccountToken.id.desc())
        .limit(1)
    ).first()
    if found is None:
        raise NotFound
    email, confirmed_at, wanted, delete_at = found
    return LoginView(email, confirmed_at is not None, wanted, delete_at)
