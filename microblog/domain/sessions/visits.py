"""Who a request is from: one statement for every page."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from microblog import clock
from microblog.db import Database, Prepared
from microblog.domain import unread
from microblog.domain.viewer import Viewer
from microblog.models import Account, LoginSession, Server, User

# How often "last used" and "last seen" are written at most.
TOUCH_INTERVAL = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Visit:
    """What one statement tells of a request: who it is, and the version of the server's settings.

    `viewer` is None without a valid session, `server_version` before the server was set up. What
    the viewer has not seen yet is counted up to UNREAD_LIMIT.
    """

    viewer: Viewer | None
    server_version: int | None
    session_id: int = 0
    needs_touch: bool = False
    unread_notifications: int = 0
    unread_messages: int = 0


_token_hash = bindparam("token_hash", type_=LoginSession.token_hash.type)
# Asked for by themselves, since MariaDB lets no limited SELECT look at what is around it.
_own_id = (
    select(LoginSession.account_id).where(LoginSession.token_hash == _token_hash).scalar_subquery()
)
_read_id = select(User.notifications_read_id).where(User.account_id == _own_id).scalar_subquery()

_VISIT = Prepared(
    # From the account's id on, in the order of Viewer's fields.
    select(
        LoginSession.id,
        LoginSession.last_used_at,
        LoginSession.expires_at,
        Account.id,
        Account.username,
        Account.display_name,
        Account.avatar,
        Account.version,
        User.role,
        User.locale,
        User.time_zone,
        User.theme,
        User.post_languages,
        Account.following_count,
        User.timeline_floor,
        User.pending_follows > 0,
        User.people_version,
        Account.followers_count,
        User.default_visibility,
        User.has_shortcuts,
        Server.version,
        unread.count_notifications(_own_id, _read_id),
        unread.count_messages(_own_id),
    )
    .join(User, User.account_id == LoginSession.account_id)
    .join(Account, Account.id == User.account_id)
    .outerjoin(Server, Server.id == 1)
    .where(LoginSession.token_hash == _token_hash, Account.suspended_at.is_(None))
)
_SERVER_VERSION = Prepared(select(Server.version).where(Server.id == 1))


def visit(db: Database, token: str | None, *, idle_life: timedelta = timedelta.max) -> Visit:
    """Tell who a request is from, by the token of its cookie.

    A session that was not used for `idle_life` is none any more.
    """
    if token and (rows := db.fetch(_VISIT, token_hash=hash_of(token))):
        session_id, last_used_at, expires_at, *face, server_version, news, messages = rows[0]
        now = clock.now()
        unused = now - last_used_at
        if now < expires_at and unused < idle_life:
            needs_touch = unused >= TOUCH_INTERVAL
            return Visit(Viewer(*face), server_version, session_id, needs_touch, news, messages)
    versions = db.fetch(_SERVER_VERSION)
    return Visit(None, versions[0][0] if versions else None)


def touch(session: Session, session_id: int, account_id: int, now: datetime) -> None:
    """Record that a session is in use and its owner here."""
    session.execute(
        update(LoginSession).where(LoginSession.id == session_id).values(last_used_at=now)
    )
    session.execute(update(Account).where(Account.id == account_id).values(last_seen_at=now))


def hash_of(token: str) -> bytes:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).digest()
