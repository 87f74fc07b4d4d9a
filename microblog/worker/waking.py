"""Waking the worker as soon as something was committed."""

import threading

from microblog.db import Database

# How often SQLite is asked whether anything was committed (microseconds of work), and how often the
# others are asked whether an event is due (a query).
_WATCH_SECONDS = 0.1
_POLL_SECONDS = 0.25
# Events that are tried again later and the schedule come due without any commit.
_LONGEST_WAIT_SECONDS = 5.0


class Alarm:
    """Waits until it is worth looking into the outbox again."""

    def __init__(self, db: Database) -> None:
        self._watch = db.watch()

    def wait(self, stop: threading.Event) -> None:
        """Return when another process has committed, after a while, or when `stop` is set."""
        if not self._watch.can_tell:
            stop.wait(_POLL_SECONDS)
            return
        waited = 0.0
        while waited < _LONGEST_WAIT_SECONDS and not stop.wait(_WATCH_SECONDS):
            waited += _WATCH_SECONDS
            if self._watch.has_changed():
                return

    def close(self) -> None:
        """Give back what the watching took."""
        self._watch.close()
