"""All periodic work, in one table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from microblog import clock
from microblog.db import insert_ignoring_duplicates
from microblog.domain import (
    attempts,
    identity,
    media,
    messages,
    notifications,
    posts,
    security_log,
    sessions,
    tokens,
)
from microblog.models import PeriodicRun
from microblog.services import Services

_MEDIA_GRACE_SECONDS = 3600


@dataclass(frozen=True)
class Periodic:
    """Something done every so often, by one worker of all."""

    name: str
    every: timedelta
    run: Callable[[Services], None]


def sweep_sessions(services: Services) -> None:
    """Clear away sign-ins that are over."""
    idle_life = timedelta(days=services.config.SESSION_IDLE_DAYS)
    while services.db.write(partial(sessions.sweep, idle_life=idle_life)):
        pass


def forget_idempotency_keys(services: Services) -> None:
    """Forget the keys that tell a repeated submit, after a day."""
    for forget in (posts.forget_old_keys, messages.forget_old_keys):
        while services.db.write(forget):
            pass


def sweep_media(services: Services) -> None:
    """Delete files that belong to nobody: what a killed upload left, and what was never used."""
    while services.db.write(media.forget_waiting):
        pass

    def known(files: list[str]) -> set[str]:
        with services.db.read() as session:
            return media.known_files(session, files)

    services.storage.sweep(known, older_than_seconds=_MEDIA_GRACE_SECONDS)


def start_deletions(services: Services) -> None:
    """Begin to delete the accounts whose grace is over."""
    while services.db.write(identity.start_due_deletions):
        pass


def forget_unconfirmed(services: Services) -> None:
    """Delete accounts whose address was never confirmed."""
    while services.db.write(identity.forget_unconfirmed):
        pass


def sweep_tokens(services: Services) -> None:
    """Clear away links of mails that work no more."""
    while services.db.write(tokens.sweep):
        pass


def sweep_attempts(services: Services) -> None:
    """Clear away the counters of tries that are forgotten."""
    while services.db.write(attempts.sweep):
        pass


def sweep_security_log(services: Services) -> None:
    """Forget what happened to accounts long ago."""
    before = clock.now() - timedelta(days=services.config.SECURITY_LOG_DAYS)
    while services.db.write(partial(security_log.sweep, before=before)):
        pass


def sweep_notifications(services: Services) -> None:
    """Forget what people were told long ago."""
    before = clock.now() - timedelta(days=services.config.NOTIFICATION_DAYS)
    while services.db.write(partial(notifications.sweep, before=before)):
        pass


def optimize(services: Services) -> None:
    """Let the database learn what its tables look like by now."""
    services.db.optimize()


SCHEDULE = (
    Periodic("sweep_sessions", timedelta(hours=1), sweep_sessions),
    Periodic("forget_idempotency_keys", timedelta(hours=1), forget_idempotency_keys),
    Periodic("start_deletions", timedelta(minutes=10), start_deletions),
    Periodic("forget_unconfirmed", timedelta(hours=1), forget_unconfirmed),
    Periodic("sweep_tokens", timedelta(hours=1), sweep_tokens),
    Periodic("sweep_attempts", timedelta(hours=1), sweep_attempts),
    Periodic("sweep_security_log", timedelta(days=1), sweep_security_log),
    Periodic("sweep_notifications", timedelta(days=1), sweep_notifications),
    Periodic("sweep_media", timedelta(days=1), sweep_media),
    Periodic("optimize", timedelta(days=1), optimize),
)
_CHECK_EVERY = timedelta(seconds=30)


class Scheduler:
    """Looks into the schedule now and then."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._next_check = clock.now()

    def run_due(self) -> None:
        """Run what is due; of several workers, the one that moves a row on first."""
        if clock.now() < self._next_check:
            return
        self._next_check = clock.now() + _CHECK_EVERY
        with self._services.db.read() as session:
            is_waiting = PeriodicRun.next_at > clock.now()
            waiting = set(session.scalars(select(PeriodicRun.name).where(is_waiting)))
        for periodic in SCHEDULE:
            if periodic.name in waiting:
                continue
            if self._services.db.write(partial(_claim, periodic=periodic)):
                periodic.run(self._services)


def _claim(session: Session, *, periodic: Periodic) -> bool:
    now = clock.now()
    dialect = session.get_bind().dialect.name
    session.execute(
        insert_ignoring_duplicates(PeriodicRun, dialect),
        [{"name": periodic.name, "next_at": now}],
    )
    row = session.scalar(
        select(PeriodicRun).where(PeriodicRun.name == periodic.name).with_for_update()
    )
    if row is None or row.next_at > now:
        return False
    row.next_at = now + periodic.every
    return True
