"""Making accounts, and what an operator may change of them."""

from dataclasses import dataclass

from sqlalchemy import exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from microblog import clock, ids
from microblog.domain.accounts.rules import canonical_email, check_username, handle_of
from microblog.domain.errors import Invalid, NotFound
from microblog.domain.viewer import MEMBER
from microblog.models import Account, ReservedHandle, User
from microblog.models.user import ACTIVE


@dataclass(frozen=True)
class Registration:
    """What a new person gives; the password was checked and hashed before the transaction."""

    username: str
    email: str
    password_hash: str
    role: str = MEMBER
    locale: str | None = None


def register(
    session: Session,
    registration: Registration,
    *,
    is_confirmed: bool = True,
    state: str = ACTIVE,
    reason: str = "",
) -> int:
    """Make an account with its login and return its id.

    The address is taken as it is, unless its owner is still to confirm it.
    **Raises** Invalid for a username or address that is malformed or taken.
    """
    username = check_username(registration.username)
    email = canonical_email(registration.email)
    _refuse_taken(session, username, email)
    moment = clock.now()
    account = Account(
        id=ids.new(), username=username, handle=handle_of(username), created_at=moment
    )
    user = User(
        account_id=account.id,
        email=email,
        email_confirmed_at=moment if is_confirmed else None,
        password_hash=registration.password_hash,
        state=state,
        reason=reason,
        role=registration.role,
        locale=registration.locale,
        created_at=moment,
    )
    try:
        with session.begin_nested():
            session.add(account)
            session.flush()
            session.add(user)
    except IntegrityError:
        # Somebody took one of them since we looked; look again to say which.
        _refuse_taken(session, username, email)
        raise
    return account.id


def promote(session: Session, username: str, role: str) -> None:
    """Give a person a role. **Raises** NotFound."""
    _get_user(session, username).role = role


def set_password(session: Session, username: str, password_hash: str) -> int:
    """Set a person's password and return the account's id. **Raises** NotFound."""
    user = _get_user(session, username)
    user.password_hash = password_hash
    return user.account_id


def _refuse_taken(session: Session, username: str, email: str) -> None:
    handle = handle_of(username)
    if session.scalar(select(exists().where(Account.handle == handle))):
        raise Invalid("username", "username_taken")
    # Looked up second: a name is reserved in the same moment in which its account goes.
    if session.scalar(select(exists().where(ReservedHandle.handle == handle))):
        raise Invalid("username", "username_taken")
    if session.scalar(select(exists().where(User.email == email))):
        raise Invalid("email", "email_taken")


def _get_user(session: Session, username: str) -> User:
    found = session.scalar(select(User).join(Account).where(Account.handle == handle_of(username)))
    if found is None:
        raise NotFound
    return found


def rehash_password(session: Session, account_id: int, old_hash: str, new_hash: str) -> None:
    """Replace a hash by one made with today's parameters, unless the password was changed since."""
    session.execute(
        update(User)
        .where(User.account_id == account_id, User.password_hash == old_hash)
        .values(password_hash=new_hash)
    )
