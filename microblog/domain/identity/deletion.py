"""Leaving: an account goes after some days of grace, in the worker, a chunk at a time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from microblog import clock
from microblog.db import insert_ignoring_duplicates
from microblog.domain import counters, forgetting, media, outbox, posts, security_log, server
from microblog.domain.errors import Invalid
from microblog.domain.events import AccountDeleted
from microblog.domain.identity import correspondence
from microblog.domain.identity.people import get_user, list_admins, mail
from microblog.domain.security_log import Origin
from microblog.domain.viewer import ADMIN, Viewer
from microblog.models import (
    Account,
    Attachment,
    Block,
    Boost,
    Favourite,
    Follow,
    FollowRequest,
    LoginSession,
    Message,
    Mute,
    Notification,
    Post,
    ReservedHandle,
    TimelineEntry,
    User,
)

_CHUNK = 1000
_FOLLOWS_CHUNK = 200
_DUE_LIMIT = 100
_PAIRS: tuple[tuple[Any, Any, Any], ...] = (
    (FollowRequest, FollowRequest.follower_id, FollowRequest.followed_id),
    (Block, Block.blocker_id, Block.blocked_id),
    (Mute, Mute.muter_id, Mute.muted_id),
)


def begin_deletion(
    session: Session, by: Viewer, days: int, origin: Origin | None = None
) -> datetime:
    """Have the viewer's account deleted in some days; return when. A second time changes nothing.

    **Raises** Invalid for the last admin.
    """
    # Of two admins who leave at once, or of whom one demotes the other, the second one stays.
    server.lock(session)
    user = get_user(session, by.id)
    if user.delete_at is not None:
        return user.delete_at
    if user.role == ADMIN and not any(_is_other(admin, user) for admin in list_admins(session)):
        raise Invalid("account", "last_admin")
    user.delete_at = clock.now() + timedelta(days=days)
    mail(session, "deletion_begun", user, when=user.delete_at.isoformat())
    security_log.record(session, security_log.DELETION_BEGUN, by.id, origin=origin)
    return user.delete_at


def cancel_deletion(session: Session, by: Viewer, origin: Origin | None = None) -> bool:
    """Keep the viewer's account after all; False when it was not about to go."""
    user = get_user(session, by.id)
    if user.delete_at is None:
        return False
    user.delete_at = None
    security_log.record(session, security_log.DELETION_CANCELLED, by.id, origin=origin)
    return True


def start_due_deletions(session: Session) -> bool:
    """Begin to delete accounts whose grace is over; tell whether there are more.

    From here on there is no way back: nobody sees them, nobody can sign in, the name is kept.
    """
    due = session.scalars(
        select(User)
        .where(User.delete_at <= clock.now())
        # As the index has them: by account, every user there is would be looked at.
        .order_by(User.delete_at, User.account_id)
        .limit(_DUE_LIMIT)
        .with_for_update(key_share=True)
    ).all()
    for user in due:
        _start(session, user)
    if due:
        # Suggestions and the like are kept for some minutes.
        server.renew(session)
    return len(due) == _DUE_LIMIT


def delete_account(session: Session, account_id: int, cursor: int | None) -> int | None:
    """Clear away the next part of an account that goes; at last itself. The cursor counts rounds.

    The counters of everybody else are right after every round.
    """
    for step in _STEPS:
        if step(session, account_id):
            return (cursor or 0) + 1
    # From here on, nobody can add what would go without being counted.
    counters.lock(session, [account_id])
    if _has_anything(session, account_id):
        return (cursor or 0) + 1
    _delete_row(session, account_id)
    return None


def _is_other(admin: User, user: User) -> bool:
    return admin.account_id != user.account_id and admin.delete_at is None


def _start(session: Session, user: User) -> None:
    account = session.get_one(Account, user.account_id)
    user.delete_at = None
    account.suspended_at = account.suspended_at or clock.now()
    session.execute(delete(LoginSession).where(LoginSession.account_id == account.id))
    reserved = insert_ignoring_duplicates(ReservedHandle, session.get_bind().dialect.name)
    session.execute(reserved, [{"handle": account.handle, "created_at": clock.now()}])
    # When the mail is written, nobody may be left to look these up.
    mail(
        session,
        "account_deleted",
        user,
        account=account.username,
        locale=user.locale or "",
        zone=user.time_zone or "",
    )
    outbox.announce(session, AccountDeleted(account.id))


def _delete_following(session: Session, account_id: int) -> bool:
    is_theirs = Follow.follower_id == account_id
    others = _list_next(session, Follow.followed_id, is_theirs)
    if not others:
        return False
    counters.lock(session, [account_id, *others])
    ended = _end_follows(session, is_theirs, Follow.followed_id.in_(others))
    _count_down(session, Account.followers_count, [follow.followed_id for follow in ended])
    _count_down(session, Account.following_count, [account_id], len(ended))
    return True


def _delete_followers(session: Session, account_id: int) -> bool:
    is_of_them = Follow.followed_id == account_id
    others = _list_next(session, Follow.follower_id, is_of_them)
    if not others:
        return False
    counters.lock(session, [account_id, *others])
    ended = _end_follows(session, is_of_them, Follow.follower_id.in_(others))
    _count_down(session, Account.following_count, [follow.follower_id for follow in ended])
    _count_down(session, Account.followers_count, [account_id], len(ended))
    waiting = [follow.follower_id for follow in ended if not follow.is_backfilled]
    session.execute(
        update(User)
        .where(User.account_id.in_(waiting))
        .values(pending_follows=User.pending_follows - 1)
    )
    return True


def _delete_pairs(session: Session, account_id: int) -> bool:
    """Delete what nobody counts of what was between two people."""
    for table, one_id, other_id in _PAIRS:
        for theirs, others in ((one_id, other_id), (other_id, one_id)):
            some = session.scalars(select(others).where(theirs == account_id).limit(_CHUNK)).all()
            session.execute(delete(table).where(theirs == account_id, others.in_(some)))
            if len(some) == _CHUNK:
                return True
    return False


def _list_next(
    session: Session, listed: InstrumentedAttribute[int], condition: ColumnElement[bool]
) -> Sequence[int]:
    return session.scalars(
        select(listed).where(condition).order_by(listed).limit(_FOLLOWS_CHUNK)
    ).all()


def _end_follows(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Follow]:
    # Locked, and looked up anew: until the accounts were locked, each could end by itself.
    ended = session.scalars(select(Follow).where(*conditions).with_for_update()).all()
    for follow in ended:
        session.delete(follow)
    session.flush()
    return ended


def _count_down(
    session: Session, counter: InstrumentedAttribute[int], account_ids: Sequence[int], by: int = 1
) -> None:
    session.execute(
        update(Account).where(Account.id.in_(account_ids)).values({counter: counter - by})
    )


def _delete_timeline(session: Session, account_id: int) -> bool:
    entry_ids = session.scalars(
        select(TimelineEntry.id).where(TimelineEntry.account_id == account_id).limit(_CHUNK)
    ).all()
    session.execute(
        delete(TimelineEntry).where(
            TimelineEntry.account_id == account_id, TimelineEntry.id.in_(entry_ids)
        )
    )
    return len(entry_ids) == _CHUNK


def _delete_notifications(session: Session, account_id: int) -> bool:
    return forgetting.forget_notifications(session, Notification.account_id == account_id)


def _has_anything(session: Session, account_id: int) -> bool:
    posts_left = exists().where(Post.account_id == account_id)
    pictures_left = exists().where(Attachment.account_id == account_id)
    follows_left = exists().where(
        or_(Follow.follower_id == account_id, Follow.followed_id == account_id)
    )
    messages_left = exists().where(Message.account_id == account_id)
    acts_left = (exists().where(table.account_id == account_id) for table in (Boost, Favourite))
    anything = or_(posts_left, pictures_left, follows_left, messages_left, *acts_left)
    return bool(session.scalar(select(anything)))


def _delete_row(session: Session, account_id: int) -> None:
    account = session.get(Account, account_id)
    if account is None:
        return
    media.release(session, [account.avatar, account.header])
    # The login goes with it, and its sessions, tokens and codes.
    session.execute(delete(Account).where(Account.id == account_id))


_STEPS = (
    posts.delete_some,
    posts.take_back_some,
    posts.forget_some,
    _delete_following,
    _delete_followers,
    _delete_pairs,
    _delete_timeline,
    correspondence.take_back,
    correspondence.leave,
    _delete_notifications,
    forgetting.forget_acts,
    media.release_of_account,
    security_log.forget_own,
)
