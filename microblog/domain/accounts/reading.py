"""Accounts as others see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from microblog.domain.accounts.fields import ProfileField, unpacked
from microblog.domain.accounts.rules import handle_of
from microblog.domain.errors import NotFound
from microblog.domain.visibility import has_profile
from microblog.models import Account, User


@dataclass(frozen=True, slots=True)
class AccountView:
    """A person's public face. `last_seen_at` is None where they do not show it."""

    id: int
    username: str
    name: str
    about: str
    about_html: str
    fields: tuple[ProfileField, ...]
    avatar: str | None
    header: str | None
    is_locked: bool
    version: int
    posts_count: int
    followers_count: int
    following_count: int
    shows_last_seen: bool
    last_seen_at: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, account: Account) -> "AccountView":
        """Make the view of a row."""
        return cls.of_columns(*(getattr(account, column.key) for column in ACCOUNT_COLUMNS))

    @classmethod
    def of_columns(cls, *values: Any) -> "AccountView":
        """Make the view of the values of ACCOUNT_COLUMNS."""
        id_, username, display_name, about, about_html, kept_fields, *others = values
        *others, shows_last_seen, last_seen_at, created_at = others
        seen = last_seen_at if shows_last_seen else None
        fields: list[Any] = [id_, username, display_name or username, about, about_html]
        fields += [unpacked(kept_fields), *others, bool(shows_last_seen), seen, created_at]
        return cls(*fields)


# What a view is made of, in the order of its fields.
ACCOUNT_COLUMNS = (
    Account.id,
    Account.username,
    Account.display_name,
    Account.about,
    Account.about_html,
    Account.fields,
    Account.avatar,
    Account.header,
    Account.is_locked,
    Account.version,
    Account.posts_count,
    Account.followers_count,
    Account.following_count,
    Account.shows_last_seen,
    Account.last_seen_at,
    Account.created_at,
)


def get_by_username(session: Session, username: str) -> AccountView:
    """Return the person of that name, in any case. **Raises** NotFound."""
    account = session.scalar(
        select(Account).where(Account.handle == handle_of(username), has_profile())
    )
    if account is None:
        raise NotFound
    return AccountView.of(account)


def get_username(session: Session, account_id: int) -> str:
    """Return the name of a person of this server. **Raises** NotFound."""
    username = session.scalar(select(Account.username).join(User).where(Account.id == account_id))
    if username is None:
        raise NotFound
    return username


def find_id_by_username(session: Session, username: str) -> int | None:
    """Return the id of the person of that name, in any case."""
    return session.scalar(select(Account.id).where(Account.handle == handle_of(username)))


def list_accounts(
    session: Session, *, after: int = 0, limit: int = 100
) -> Sequence[tuple[Account, User]]:
    """Return people of this server with their logins, in the order they came, for the operator."""
    rows = session.execute(
        select(Account, User)
        .join(User, User.account_id == Account.id)
        .where(Account.id > after)
        .order_by(Account.id)
        .limit(limit)
    )
    return [(account, user) for account, user in rows]
