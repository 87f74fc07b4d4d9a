"""Requests to follow somebody who lets in followers by hand."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from microblog.domain import counters, outbox
from microblog.domain.events import Unlocked
from microblog.domain.relationships.pairs import begin_follow, end_request
from microblog.domain.viewer import Viewer
from microblog.models import Account, FollowRequest

CHUNK = 100


def set_locked(session: Session, *, by: Viewer, is_locked: bool) -> bool:
    """Let in the viewer's followers by hand, or everybody; False when that is so already.

    When nobody has to ask any more, those who wait are let in, too.
    """
    counters.lock(session, [by.id])
    account = session.get_one(Account, by.id, populate_existing=True)
    if account.is_locked == is_locked:
        return False
    account.is_locked = is_locked
    if not is_locked:
        outbox.announce(session, Unlocked(by.id))
    return True


def accept(session: Session, *, by: Viewer, account_id: int) -> bool:
    """Let in somebody who asked to follow the viewer; False when they do not ask (any more)."""
    counters.lock(session, [by.id, account_id])
    if not end_request(session, account_id, by.id):
        return False
    begin_follow(session, account_id, by.id)
    return True


def refuse(session: Session, *, by: Viewer, account_id: int) -> bool:
    """Turn down somebody who asked to follow the viewer; False when they do not ask (any more)."""
    counters.lock(session, [by.id, account_id])
    return end_request(session, account_id, by.id)


def accept_waiting(session: Session, account_id: int, after: int | None) -> int | None:
    """Let in the next of those who wait, now that nobody has to ask any more.

    `after` is what the call before returned; None begins, and None is returned at the end.
    """
    waiting = session.execute(
        select(FollowRequest.id, FollowRequest.follower_id)
        .where(FollowRequest.followed_id == account_id, FollowRequest.id > (after or 0))
        .order_by(FollowRequest.id)
        .limit(CHUNK)
    ).all()
    counters.lock(session, [account_id, *(follower_id for _, follower_id in waiting)])
    # Looked up when it cannot change any more: they may have thought better of it.
    is_locked = session.scalar(select(Account.is_locked).where(Account.id == account_id))
    if is_locked is None or is_locked:
        return None
    for _, follower_id in waiting:
        if end_request(session, follower_id, account_id):
            begin_follow(session, follower_id, account_id)
    return waiting[-1][0] if len(waiting) == CHUNK else None
