"""Finding the people whose account it is about, and writing to them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from microblog.domain import accounts, outbox
from microblog.domain.errors import NotFound
from microblog.domain.events import MailRequested
from microblog.domain.viewer import ADMIN
from microblog.models import Account, User
from microblog.models.user import ACTIVE


def get_user(session: Session, account_id: int) -> User:
    """Return somebody's login, kept from changes by others meanwhile. **Raises** NotFound."""
    user = session.get(
        # On PostgreSQL the weaker lock, which lets others refer to the user meanwhile.
        User,
        account_id,
        with_for_update={"key_share": True},
        populate_existing=True,
    )
    if user is None:
        raise NotFound
    return user


def is_suspended(session: Session, account_id: int) -> bool:
    """Tell whether an admin has suspended an account."""
    suspended_at = session.scalar(select(Account.suspended_at).where(Account.id == account_id))
    return suspended_at is not None


def find_by_email(session: Session, email: str) -> User | None:
    """Return the login with an address in its canonical form."""
    return session.scalar(select(User).where(User.email == email))


def list_admins(session: Session) -> Sequence[User]:
    """Return those who run the server and can sign in."""
    return session.scalars(
        select(User)
        .join(Account, Account.id == User.account_id)
        .where(User.role == ADMIN, User.state == ACTIVE, Account.suspended_at.is_(None))
        .order_by(User.account_id)
    ).all()


def mail(
    session: Session,
    kind: str,
    user: User,
    *,
    to: str | None = None,
    token_id: int = 0,
    **values: str,
) -> None:
    """Have a mail written to somebody, in their language; `to` is another address of theirs."""
    outbox.announce(
        session,
        MailRequested(kind, to or user.email, user.account_id, token_id=token_id, values=values),
    )


def tell_admins(session: Session, user: User) -> None:
    """Mail everybody who may let somebody in that they wait."""
    username = accounts.get_username(session, user.account_id)
    for admin in list_admins(session):
        mail(session, "registration_waiting", admin, username=username, reason=user.reason)
