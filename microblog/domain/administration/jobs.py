"""Jobs: what the worker has given up on, and mails that are not sent yet."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from microblog import clock
from microblog.db import AnySelect
from microblog.domain import security_log
from microblog.domain.administration.turns import check_admin, take_turn
from microblog.domain.errors import NotFound
from microblog.domain.events import DATABASE_LANE, NETWORK_LANE, MailRequested
from microblog.domain.pages import Page, Slice, slice_of
from microblog.domain.security_log import Origin
from microblog.domain.viewer import Viewer
from microblog.models import OutboxEvent

_MAIL = MailRequested.__name__


@dataclass(frozen=True, slots=True)
class Job:
    """An event of the outbox; `error` is the last line of what went wrong with it.

    `mail_kind` and `mail_to` are empty for what is no mail. Until `due_at` it is left alone;
    `parked_at` is None while it is still tried.
    """

    id: int
    kind: str
    mail_kind: str
    mail_to: str
    attempts: int
    error: str
    created_at: datetime
    due_at: datetime
    parked_at: datetime | None


def list_parked(session: Session, *, by: Viewer, page: Page) -> Slice[Job]:
    """Return what is not tried any more, the newest first."""
    check_admin(by)
    statement = select(OutboxEvent).where(
        OutboxEvent.lane.in_((DATABASE_LANE, NETWORK_LANE)), OutboxEvent.parked_at.is_not(None)
    )
    return _list(session, statement, page)


def list_waiting_mails(session: Session, *, by: Viewer, page: Page) -> Slice[Job]:
    """Return mails that are still to be sent, the newest first."""
    check_admin(by)
    statement = select(OutboxEvent).where(
        OutboxEvent.lane == MailRequested.lane,
        OutboxEvent.parked_at.is_(None),
        OutboxEvent.kind == _MAIL,
    )
    return _list(session, statement, page)


def get_job(session: Session, *, by: Viewer, job_id: int) -> Job:
    """Return one job, whatever it waits for. **Raises** NotFound."""
    check_admin(by)
    row = session.get(OutboxEvent, job_id)
    if row is None:
        raise NotFound
    return _view(row)


def retry_job(session: Session, *, by: Viewer, job_id: int, origin: Origin | None = None) -> None:
    """Have a job tried at once, and as often as a new one. **Raises** NotFound, NotAllowed."""
    row = _take(session, by, job_id)
    row.parked_at = None
    row.attempts = 0
    row.due_at = clock.now()
    _record(session, security_log.JOB_RETRIED, by, row, origin)


def drop_job(session: Session, *, by: Viewer, job_id: int, origin: Origin | None = None) -> None:
    """Give a job up for good. **Raises** NotFound, NotAllowed."""
    row = _take(session, by, job_id)
    _record(session, security_log.JOB_DROPPED, by, row, origin)
    session.delete(row)


def _list(session: Session, statement: AnySelect, page: Page) -> Slice[Job]:
    rows = session.scalars(page.apply(statement, OutboxEvent.id)).all()
    return slice_of([(row.id, _view(row)) for row in rows], page)


def _take(session: Session, by: Viewer, job_id: int) -> OutboxEvent:
    take_turn(session, by)
    # It may have been done in the meantime.
    row = session.get(OutboxEvent, job_id, with_for_update=True)
    if row is None:
        raise NotFound
    return row


def _record(
    session: Session, kind: str, by: Viewer, row: OutboxEvent, origin: Origin | None
) -> None:
    detail = f"{row.kind} {row.id}"
    security_log.record(session, kind, None, actor_id=by.id, detail=detail, origin=origin)


def _view(row: OutboxEvent) -> Job:
    mail = json.loads(row.payload) if row.kind == _MAIL else {}
    lines = (row.error or "").strip().splitlines()
    return Job(
        row.id,
        row.kind,
        str(mail.get("kind", "")),
        str(mail.get("to", "")),
        row.attempts,
        lines[-1] if lines else "",
        row.created_at,
        row.due_at,
        row.parked_at,
    )
