"""Somebody who hears of what others did, as a page would show it."""

from dataclasses import dataclass

from sqlalchemy import func, select

from microblog.db import Database
from microblog.domain import notifications
from microblog.domain.pages import Page
from microblog.domain.viewer import Viewer
from microblog.models import Notification
from microblog.worker import Worker
from tests import make
from tests.reader import Reader

# More than any test makes.
_MOST = 50


@dataclass(frozen=True)
class Heard:
    """A notification in short: what, about which post, and by whom, the newest first."""

    kind: str
    post_id: int | None
    names: list[str]


class Listener:
    """A person signed in, beside a worker that has done all there is to do."""

    def __init__(self, db: Database, worker: Worker, person: Viewer) -> None:
        self._db = db
        self._worker = worker
        self._person = person
        self._reader = Reader(db, person)

    def heard(self, *, only_talk: bool = False) -> list[Heard]:
        """Return all that this person is told, the newest first."""
        self._worker.run_due()
        page = notifications.list_notifications(
            self._db, self._person, Page(_MOST), only_talk=only_talk
        )
        return [
            Heard(
                view.kind,
                view.entry.post_id if view.entry else None,
                [face.username for face in view.people.named],
            )
            for view in page.items
        ]

    def kinds(self) -> list[str]:
        """Return the kinds of all that this person is told."""
        return [heard.kind for heard in self.heard()]

    def unread(self) -> int:
        """Return how many notifications a page says this person has not seen."""
        self._worker.run_due()
        return self._reader.visit().unread_notifications

    def keys(self) -> list[int]:
        """Return the keys of all that this person is told."""
        self._worker.run_due()
        page = notifications.list_notifications(self._db, self._person, Page(_MOST))
        return [view.key for view in page.items]

    def read(self, key: int | None = None) -> bool:
        """Have seen everything there is, or what there is up to a key."""
        newest = self.keys()[0] if key is None else key
        return self._db.write(
            lambda session: notifications.mark_read(session, by=self._person, key=newest)
        )


def do_everything(db: Database, person: Viewer, other: Viewer, post_id: int) -> None:
    """Let a person do whatever somebody else, whose post it is, might hear of."""
    make.post(db, person, f"@{other.username} hello")
    make.post(db, person, "An answer", reply_to=post_id)
    make.favourite(db, person, post_id)
    make.boost(db, person, post_id)
    make.follow(db, person, other)


def kept(db: Database, person: Viewer) -> int:
    """Return how many notifications there are of a person, shown or not."""
    with db.read() as session:
        own = select(func.count()).where(Notification.account_id == person.id)
        return session.scalar(own) or 0
