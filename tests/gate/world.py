"""The same people on the server and in the model."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from microblog.db import Database
from microblog.domain import sessions
from microblog.domain.errors import DomainError
from microblog.domain.sessions import Visit
from microblog.domain.viewer import ADMIN, MEMBER, Viewer
from microblog.services import Services
from microblog.worker import Worker
from tests import make
from tests.gate.model import NOBODY, Model, Post
from tests.visitor import Visitor

T = TypeVar("T")

# Whoever types the first letters of one is offered all of them.
PEOPLE = ("ana", "ani", "ano", "anu")
LETTERS = "an"
# Who runs the server, and cannot be suspended.
RUNNING_IT = "ana"


@dataclass(frozen=True)
class Reader:
    """Somebody who reads: their name, and who they are to the server at this moment."""

    name: str
    viewer: Viewer | None
    visit: Visit


class World:
    """A server with a few people, and the model of it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._has_changed = True
        self.services: Services = app.extensions["microblog"]
        self.model = Model(PEOPLE)
        self.worker = Worker(self.services)
        event.listen(self.db.engine, "commit", self._note_change)
        make.server(self.db)
        self.viewers = {
            name: make.account(self.db, name, role=ADMIN if name == RUNNING_IT else MEMBER)
            for name in PEOPLE
        }
        self.names = {viewer.id: name for name, viewer in self.viewers.items()}
        self.browsers: dict[str, Visitor] = {NOBODY: Visitor(app)}
        self._tokens: dict[str, str] = {}
        self._read: dict[Any, Any] = {}
        for name in PEOPLE:
            self.sign_in(name)

    @property
    def db(self) -> Database:
        """Return the database."""
        return self.services.db

    def has_changed(self) -> bool:
        """Tell whether anything was committed since this was asked last."""
        has_changed, self._has_changed = self._has_changed, False
        return has_changed

    def end(self) -> None:
        """Note down no more changes."""
        event.remove(self.db.engine, "commit", self._note_change)

    def sign_in(self, name: str) -> None:
        """Let a person sign in, as they have to once they are back."""
        account_id = self.viewers[name].id
        token = self.db.write(
            lambda session: sessions.start(
                session, account_id, address="", agent="", lifetime=timedelta(days=1)
            )
        )
        self._tokens[name] = token
        browser = self.browsers[name] = Visitor(self.app)
        browser.set_cookie(browser.login_cookie, token)

    def once(self, read: Callable[["World", Reader], T], reader: Reader) -> T:
        """Return what several surfaces look at, read once for each reader after each step."""
        key = (read, reader.name)
        if key not in self._read:
            self._read[key] = read(self, reader)
        found: T = self._read[key]
        return found

    def readers(self) -> list[Reader]:
        """Return everybody who reads, as the server knows them now, and a visitor."""
        self._read.clear()
        return [self._reader(name) for name in (*self.model.present(), NOBODY)]

    def post(self, number: int) -> Post:
        """Return one of the posts."""
        return self.model.posts[number % len(self.model.posts)]

    def act(self, expected: type[DomainError] | None, act: Callable[[Session], T]) -> T | None:
        """Do something that is expected to be done, or to be refused; then return None."""
        refused: DomainError | None = None
        result = None
        try:
            result = self.db.write(act)
        except DomainError as error:
            refused = error
        assert type(refused) is (expected or type(None)), f"{refused!r} instead of {expected}"
        self.model.is_idle &= refused is not None
        return result

    def work(self) -> None:
        """Let the worker come by."""
        self.worker.run_due()
        self.model.work()

    def _note_change(self, _connection: Connection) -> None:
        self._has_changed = True

    def _reader(self, name: str) -> Reader:
        visit = sessions.visit(self.db, self._tokens.get(name))
        assert (visit.viewer is not None) == (name != NOBODY), name
        return Reader(name, visit.viewer, visit)
