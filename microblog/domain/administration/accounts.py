"""Accounts as admins see them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, union
from sqlalchemy.orm import Session

from microblog.domain.accounts import handle_of
from microblog.domain.administration.turns import check_admin
from microblog.domain.errors import NotFound
from microblog.domain.pages import Page, Slice, slice_of
from microblog.domain.viewer import ADMIN, Viewer
from microblog.domain.visibility import has_profile, is_present
from microblog.models import Account, User
from microblog.models.user import ACTIVE, EMAIL_LENGTH, WAITING

SUSPENDED = "suspended"
ADMINS = "admins"
# What a list can be narrowed down to.
STATES = (ACTIVE, WAITING, SUSPENDED, ADMINS)


@dataclass(frozen=True, slots=True)
class ManagedAccount:
    """A person with their login; `state` is active, waiting or suspended."""

    id: int
    username: str
    name: str
    avatar: str | None
    email: str
    is_email_confirmed: bool
    role: str
    state: str
    has_second_factor: bool
    posts_count: int
    followers_count: int
    created_at: datetime
    last_seen_at: datetime | None
    suspended_at: datetime | None
    delete_at: datetime | None


def list_accounts(
    session: Session, *, by: Viewer, page: Page, search: str = "", state: str = ""
) -> Slice[ManagedAccount]:
    """Return people of this server, the newest first.

    `search` is how a username or an e-mail address begins; `state` is one of STATES, or all.
    """
    check_admin(by)
    statement = select(Account, User).join(User, User.account_id == Account.id)
    wanted = search.strip().removeprefix("@").lower()
    # Nobody is called what is none, and PostgreSQL takes no NUL to look up.
    if not wanted.isprintable() or len(wanted) > EMAIL_LENGTH:
        return Slice(())
    if wanted:
        matching = union(
            select(Account.id).where(Account.handle.startswith(wanted, autoescape=True)),
            select(User.account_id).where(User.email.startswith(wanted, autoescape=True)),
        )
        statement = statement.where(Account.id.in_(matching))
    if state in STATES:
        statement = statement.where(_is_in(state))
    rows = session.execute(page.apply(statement, Account.id)).all()
    return slice_of([(account.id, _view(account, user)) for account, user in rows], page)


def get_account(session: Session, *, by: Viewer, account_id: int) -> ManagedAccount:
    """Return a person of this server. **Raises** NotFound."""
    check_admin(by)
    found = session.execute(
        select(Account, User)
        .join(User, User.account_id == Account.id)
        .where(Account.id == account_id)
    ).first()
    if found is None:
        raise NotFound
    return _view(*found)


def find_hidden(session: Session, *, by: Viewer, username: str) -> int | None:
    """Return the id of the person of that name whose profile nobody sees just now."""
    check_admin(by)
    return session.scalar(
        select(Account.id).where(Account.handle == handle_of(username), ~has_profile())
    )


def _is_in(state: str) -> ColumnElement[bool]:
    if state == SUSPENDED:
        return Account.suspended_at.is_not(None)
    if state == ADMINS:
        return User.role == ADMIN
    return (User.state == state) & is_present()


def _view(account: Account, user: User) -> ManagedAccount:
    return ManagedAccount(
        id=account.id,
        username=account.username,
        name=account.name,
        avatar=account.avatar,
        email=user.email,
        is_email_confirmed=user.email_confirmed_at is not None,
        role=user.role,
        state=SUSPENDED if account.suspended_at else user.state,
        has_second_factor=user.totp_secret is not None,
        posts_count=account.posts_count,
        followers_count=account.followers_count,
        created_at=account.created_at,
        last_seen_at=account.last_seen_at,
        suspended_at=account.suspended_at,
        delete_at=user.delete_at,
    )
