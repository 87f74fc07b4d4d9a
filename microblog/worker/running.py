"""The worker's loop: two lanes, each a thread, so that a slow server delays no timeline."""

import logging
import threading
import traceback

from sqlalchemy.orm import Session

from microblog.config import Config
from microblog.domain import outbox
from microblog.domain.events import DATABASE_LANE, NETWORK_LANE
from microblog.models import OutboxEvent
from microblog.services import Services
from microblog.worker import queue
from microblog.worker.handlers import DATABASE_HANDLERS, NETWORK_HANDLERS, Configured
from microblog.worker.schedule import Scheduler
from microblog.worker.waking import Alarm

logger = logging.getLogger(__name__)


class Worker:
    """Follows up events and does the periodic work of one server."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._db = services.db
        self._scheduler = Scheduler(services)

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set. Both lanes have ended when it returns."""
        network = threading.Thread(target=self._run_lane, args=(NETWORK_LANE, stop), name="network")
        network.start()
        self._run_lane(DATABASE_LANE, stop)
        network.join()

    def run_due(self) -> None:
        """Do everything that is due now, then return."""
        for lane in (DATABASE_LANE, NETWORK_LANE):
            self._drain(lane)
        self._scheduler.run_due()

    def _run_lane(self, lane: str, stop: threading.Event) -> None:
        alarm = Alarm(self._db)
        while not stop.is_set():
            try:
                self._drain(lane, stop)
                if lane == DATABASE_LANE:
                    self._scheduler.run_due()
            except Exception:
                # The database is away or full, say: nothing is lost, the events are still there.
                logger.exception("The worker's %s lane stumbled; it goes on.", lane)
            alarm.wait(stop)
        alarm.close()

    def _drain(self, lane: str, stop: threading.Event | None = None) -> None:
        step = self._database_step if lane == DATABASE_LANE else self._network_step
        while not (stop and stop.is_set()) and queue.has_due(self._db, lane) and step():
            pass

    def _database_step(self) -> bool:
        claimed: list[int] = []
        try:
            config = self._services.config
            return self._db.write(lambda session: _run_next_chunk(session, claimed, config))
        except Exception:
            if not claimed:
                raise
            self._postpone(claimed[-1])
            return True

    def _network_step(self) -> bool:
        row = self._db.write(_claim_and_lease)
        if row is None:
            return False
        try:
            event = outbox.parse(row)
            act = NETWORK_HANDLERS[type(event)](self._services, event, row.id)

            def finish(session: Session) -> None:
                act(session)
                queue.end(session, row.id)

            self._db.write(finish)
        except Exception:
            self._postpone(row.id)
        return True

    def _postpone(self, event_id: int) -> None:
        logger.exception("Event %d failed; it will be tried again.", event_id)
        error = traceback.format_exc()
        self._db.write(lambda session: queue.postpone(session, event_id, error))


def _run_next_chunk(session: Session, claimed: list[int], config: Config) -> bool:
    row = queue.claim(session, DATABASE_LANE)
    if row is None:
        return False
    claimed.append(row.id)
    event = outbox.parse(row)
    handlers = DATABASE_HANDLERS[type(event)]
    if row.step >= len(handlers):
        # Nothing follows from it in this version.
        queue.end(session, row.id)
        return True
    handler = handlers[row.step]
    handle = handler.by(config) if isinstance(handler, Configured) else handler
    cursor = handle(session, event, row.cursor)
    queue.advance(session, row, cursor, len(handlers))
    return True


def _claim_and_lease(session: Session) -> OutboxEvent | None:
    row = queue.claim(session, NETWORK_LANE)
    if row is not None:
        queue.lease(row)
    return row
