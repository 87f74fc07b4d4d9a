"""Last seen: written once the answer is out, every few minutes at most, never by reading."""

import logging

from flask import Flask, Response, request

from microblog import clock
from microblog.db import Database, DatabaseError
from microblog.domain import sessions
from microblog.domain.sessions import Visit
from microblog.web.context import database, here
from microblog.web.headers import AFTER_ANSWER

logger = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Record the presence of an application's people."""
    app.after_request(_record_when_sent)


def _record_when_sent(response: Response) -> Response:
    visit = here().visit
    if visit is not None and visit.viewer is not None and visit.needs_touch:
        db = database()
        request.environ[AFTER_ANSWER] = True
        response.call_on_close(lambda: _record(db, visit))
    return response


def _record(db: Database, visit: Visit) -> None:
    assert visit.viewer is not None
    account_id, now = visit.viewer.id, clock.now()
    try:
        db.write(lambda session: sessions.touch(session, visit.session_id, account_id, now))
    except DatabaseError as error:
        # The page was sent; the next one will try again.
        logger.warning("Last seen was not recorded: %s", error.orig)
