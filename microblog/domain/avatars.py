"""Avatars and headers: the pictures of a person, files in our own media folder."""

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from microblog.domain import media, outbox
from microblog.domain.events import GravatarRequested
from microblog.domain.viewer import Viewer
from microblog.models import Account, User


def replace(session: Session, account_id: int, file: str | None) -> None:
    """Make a stored file the person's avatar; None goes back to the identicon."""
    account = session.get_one(Account, account_id, with_for_update=True)
    if account.avatar == file:
        return
    media.release(session, [account.avatar])
    account.avatar = file
    account.version += 1


def replace_header(session: Session, account_id: int, file: str | None) -> None:
    """Make a stored file the wide picture of the person's profile; None removes it."""
    account = session.get_one(Account, account_id, with_for_update=True)
    if account.header != file:
        media.release(session, [account.header])
        account.header = file


def request_gravatar(session: Session, *, by: Viewer) -> None:
    """Have the worker fetch the picture Gravatar knows for the viewer's address, once."""
    outbox.announce(session, GravatarRequested(by.id))


def find_gravatar_hash(session: Session, account_id: int) -> str | None:
    """Return what Gravatar knows a person by: the SHA-256 of their address.

    **Source**: docs.gravatar.com, "Creating the hash".
    """
    email = session.scalar(select(User.email).where(User.account_id == account_id))
    return hashlib.sha256(email.strip().lower().encode()).hexdigest() if email else None
