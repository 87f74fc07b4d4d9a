"""Error reports: those who run the server are told of errors, once for a burst of the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from microblog.domain import attempts, outbox
from microblog.domain.attempts import Rule
from microblog.domain.events import MailRequested

# Across all processes, since the tries are counted in the database.
_MAILS = Rule("error_mail", 1, timedelta(hours=1))


@dataclass(frozen=True)
class ErrorReport:
    """An error that happened, once or often, at one place in the code; nothing people typed."""

    place: str
    summary: str
    count: int
    request_id: str = ""


def report(session: Session, found: ErrorReport, receivers: Sequence[str]) -> int:
    """Have an error mailed to each receiver, unless one of the same place was of late.

    Return 0 when it was, else the seconds until the next may be.
    """
    wait_seconds = attempts.hit(session, _MAILS.of(found.place))
    if wait_seconds:
        return wait_seconds
    values = {
        "count": str(found.count),
        "summary": found.summary,
        "request_id": found.request_id,
    }
    for address in receivers:
        outbox.announce(session, MailRequested("error_report", address, values=values))
    return 0
