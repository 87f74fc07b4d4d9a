"""Where a person is signed in, for themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from microblog import clock
from microblog.models import LoginSession
from microblog.text.agents import Device, recognise


@dataclass(frozen=True, slots=True)
class SessionView:
    """One browser that a person is signed in with. The prefix is empty when it is not known."""

    id: int
    device: Device
    address_prefix: str
    created_at: datetime
    last_used_at: datetime
    is_current: bool


def list_sessions(
    session: Session, account_id: int, current_id: int, *, idle_life: timedelta
) -> Sequence[SessionView]:
    """Return a person's sessions: the one that asks, then by their last use.

    **Shape** at most MAX_SESSIONS; none that is over or was unused for `idle_life`.
    """
    now = clock.now()
    rows = session.scalars(
        select(LoginSession)
        .where(
            LoginSession.account_id == account_id,
            LoginSession.expires_at > now,
            LoginSession.last_used_at > now - idle_life,
        )
        .order_by(LoginSession.last_used_at.desc(), LoginSession.id.desc())
    )
    views = [_view(row, row.id == current_id) for row in rows]
    return sorted(views, key=lambda view: not view.is_current)


def _view(row: LoginSession, is_current: bool) -> SessionView:
    return SessionView(
        row.id,
        recognise(row.agent),
        row.address_prefix,
        row.created_at,
        row.last_used_at,
        is_current,
    )
