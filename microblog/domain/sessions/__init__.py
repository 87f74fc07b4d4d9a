"""Sessions: logging in and out, where a person is logged in, and who a browser belongs to.

The browser holds a random token; the database only its SHA-256, so that a stolen copy of the
database opens no session.
"""

from microblog.domain.sessions.ending import end, end_all, end_one, end_others, sweep
from microblog.domain.sessions.listing import SessionView, list_sessions
from microblog.domain.sessions.signing_in import (
    MAX_SESSIONS,
    Credentials,
    find_credentials,
    start,
)
from microblog.domain.sessions.visits import TOUCH_INTERVAL, Visit, touch, visit

__all__ = [
    "MAX_SESSIONS",
    "TOUCH_INTERVAL",
    "Credentials",
    "SessionView",
    "Visit",
    "end",
    "end_all",
    "end_one",
    "end_others",
    "find_credentials",
    "list_sessions",
    "start",
    "sweep",
    "touch",
    "visit",
]
