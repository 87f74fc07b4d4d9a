"""Ending sessions: by their owner, and by time."""

from datetime import timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from microblog import clock, ids
from microblog.db import affected_rows
from microblog.domain.security_log import SIGNED_OUT_OTHERS, Origin, record
from microblog.domain.sessions.visits import hash_of
from microblog.domain.viewer import Viewer
from microblog.models import LoginSession

_SWEEP_LIMIT = 1000


def end(session: Session, token: str) -> None:
    """Sign a browser out."""
    session.execute(delete(LoginSession).where(LoginSession.token_hash == hash_of(token)))


def end_all(session: Session, account_id: int) -> None:
    """Sign a person out everywhere."""
    session.execute(delete(LoginSession).where(LoginSession.account_id == account_id))


def end_one(session: Session, by: Viewer, session_id: int, origin: Origin | None = None) -> bool:
    """End one session of the viewer; False when there is none, or none of theirs."""
    its = (LoginSession.id == session_id, LoginSession.account_id == by.id)
    agent = session.scalar(select(LoginSession.agent).where(*its))
    if agent is None or not affected_rows(session, delete(LoginSession).where(*its)):
        return False
    # The detail is the browser that was signed out, as the session knew it.
    record(session, SIGNED_OUT_OTHERS, by.id, detail=agent, origin=origin)
    return True


def end_others(session: Session, by: Viewer, keep_id: int, origin: Origin | None = None) -> int:
    """End the viewer's sessions but one; return how many these were."""
    others = (LoginSession.account_id == by.id, LoginSession.id != keep_id)
    ended = affected_rows(session, delete(LoginSession).where(*others))
    if ended:
        record(session, SIGNED_OUT_OTHERS, by.id, origin=origin)
    return ended


def sweep(session: Session, *, idle_life: timedelta) -> bool:
    """Clear away some sessions that are over, or unused for long; tell whether there are more."""
    now = clock.now()
    # What is unused for that long was begun even earlier: younger rows need not be looked at.
    is_idle = (LoginSession.id <= ids.at(now - idle_life)) & (
        LoginSession.last_used_at <= now - idle_life
    )
    over = session.scalars(
        select(LoginSession.id)
        .where(or_(LoginSession.expires_at <= now, is_idle))
        .limit(_SWEEP_LIMIT)
    ).all()
    session.execute(delete(LoginSession).where(LoginSession.id.in_(over)))
    return len(over) == _SWEEP_LIMIT
