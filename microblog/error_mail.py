"""Error mail: what is logged as an error reaches the people who run the server, by the outbox.

Whoever logs waits for nothing: errors are counted in memory, and a thread of its own reports them
after a moment. What it says is where in the code it was and how often: a message or a value could
be what people typed.
"""

import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType

from microblog.db import Database
from microblog.domain import error_reports
from microblog.domain.error_reports import ErrorReport
from microblog.mail import MailError

# A burst is under way when its first error comes: so long the others are waited for.
_GATHER_SECONDS = 5.0
_RETRY_SECONDS = 30.0
MAX_PLACES = 100
_MAX_FRAMES = 20
_PACKAGE = Path(__file__).parent


def install(db: Database, receivers: Sequence[str]) -> None:
    """Have this process's errors mailed to the receivers, if there are any."""
    if not receivers:
        return
    root = logging.getLogger()
    if not root.handlers and logging.lastResort is not None:
        # With any handler, Python stops printing what none of them shows.
        root.addHandler(logging.lastResort)
    root.addHandler(ErrorMailHandler(ErrorCounter(db, receivers)))


class ErrorMailHandler(logging.Handler):
    """Hands errors to the counter and wakes the thread that reports them."""

    def __init__(
        self,
        counter: "ErrorCounter",
        gather_seconds: float = _GATHER_SECONDS,
        retry_seconds: float = _RETRY_SECONDS,
    ) -> None:
        super().__init__(logging.ERROR)
        self._counter = counter
        self._gather_seconds = gather_seconds
        self._retry_seconds = retry_seconds
        self._thread: threading.Thread | None = None
        self._wake = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        """Count an error; whatever is wrong with it, whoever logs it goes on."""
        try:
            if threading.current_thread() is self._thread or not self._counter.count(record):
                return
            if self._thread is None:
                # A daemon: the process need not wait for a mail about its end.
                self._thread = threading.Thread(target=self._run, name="error-mail", daemon=True)
                self._thread.start()
            self._wake.set()
        except Exception:
            self.handleError(record)

    def _run(self) -> None:
        while self._wake.wait():
            time.sleep(self._gather_seconds)
            self._wake.clear()
            try:
                self._counter.report()
            except Exception:
                # The database is away, say. It is not logged: that would be the next error.
                time.sleep(self._retry_seconds)
                self._wake.set()


@dataclass
class _Place:
    """Where errors happen, and how many no mail has told of yet."""

    summary: str
    request_id: str = ""
    untold: int = 0
    is_new: bool = False
    # Until then a report would be refused, so errors are only counted.
    quiet_until: float = 0.0


class ErrorCounter:
    """Counts this process's errors by their place, and reports them. Threads may share it."""

    def __init__(
        self,
        db: Database,
        receivers: Sequence[str],
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._db = db
        self._receivers = receivers
        self._timer = timer
        self._places: dict[str, _Place] = {}
        self._lock = threading.Lock()

    def count(self, record: logging.LogRecord) -> bool:
        """Count what was logged; tell whether there is something to report."""
        error = record.exc_info[1] if record.exc_info else None
        # A mail about it would fail just so.
        if any(isinstance(cause, MailError) for cause in _causes(error)):
            return False
        name, summary = _describe(record, error)
        with self._lock:
            place = self._place(name, summary)
            if place is None:
                return False
            is_quiet = self._timer() < place.quiet_until
            place.untold += 1
            place.is_new |= not is_quiet
            place.request_id = getattr(record, "request_id", "")
            return not is_quiet

    def report(self) -> None:
        """Announce a mail for each place that had errors since; raise what the database raises."""
        with self._lock:
            due = [
                (name, ErrorReport(name, place.summary, place.untold, place.request_id))
                for name, place in self._places.items()
                if place.is_new
            ]
        for name, found in due:
            act = partial(error_reports.report, found=found, receivers=self._receivers)
            wait_seconds = self._db.write(act)
            with self._lock:
                place = self._places[name]
                place.quiet_until = self._timer() + wait_seconds
                if not wait_seconds:
                    place.untold -= found.count
                place.is_new = not wait_seconds and place.untold > 0

    def _place(self, name: str, summary: str) -> _Place | None:
        """Return the place of that name; None when there are too many to tell of."""
        if name not in self._places:
            if len(self._places) >= MAX_PLACES:
                self._forget_told()
            if len(self._places) >= MAX_PLACES:
                return None
            self._places[name] = _Place(summary)
        return self._places[name]

    def _forget_told(self) -> None:
        told = [name for name, place in self._places.items() if not place.is_new]
        for name in told:
            del self._places[name]


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _describe(record: logging.LogRecord, error: BaseException | None) -> tuple[str, str]:
    """Return what tells a place from others, and what a mail says of it."""
    if error is None:
        # Our own messages are fixed texts with gaps, and it is the text before they are filled.
        is_ours = record.name.startswith("microblog.") and isinstance(record.msg, str)
        name = f"{record.name}: {record.msg}" if is_ours else record.name
        return name, name
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    frames = list(_frames(error.__traceback__))
    ours = [frame for frame in frames if frame.startswith(f"{_PACKAGE.name}/")]
    return f"{kind} {[record.name, *frames, *ours][-1]}", "\n".join([kind, *frames[-_MAX_FRAMES:]])


def _frames(trace: TracebackType | None) -> Iterator[str]:
    for frame, line in traceback.walk_tb(trace):
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(_PACKAGE):
            shown = path.relative_to(_PACKAGE.parent).as_posix()
        else:
            shown = path.as_posix().rpartition("-packages/")[2].rpartition("/lib/")[2]
        yield f"{shown}:{line} {frame.f_code.co_name}"
