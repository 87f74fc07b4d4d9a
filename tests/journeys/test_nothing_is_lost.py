"""Whatever was acknowledged is kept, once, and reaches its readers, however often power fails."""

import os
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from microblog.db import Database
from microblog.domain import counters, sessions
from microblog.domain.viewer import Viewer
from microblog.models import OutboxEvent, Post
from microblog.services import Services
from tests import make
from tests.caller import Caller
from tests.databases import TestDatabase
from tests.processes import MICROBLOG, PROC, Running, free_port, running, wait_for
from tests.reader import Reader

pytestmark = pytest.mark.skipif(not PROC.is_dir(), reason="Processes are looked up in /proc.")

ROUNDS = 300 if os.environ.get("MICROBLOG_SOAK") else 3
AUTHORS = 3
READERS = 4
MOST_POSTS_IN_A_ROUND = 30
PAUSE_SECONDS = 0.05


class Author(threading.Thread):
    """Posts on and on; what nobody acknowledges is sent again with the same key."""

    def __init__(self, name: str, url: str, login: str) -> None:
        super().__init__(name=name)
        self.acknowledged: list[str] = []
        self._login = login
        self._url = url
        self._over = threading.Event()
        self._abandoned = threading.Event()

    def run(self) -> None:
        """Post until told to stop, and then until the last post is acknowledged."""
        with Caller(self._url) as caller:
            caller.carry("login", self._login)
            while not self._over.is_set() and not self._abandoned.is_set():
                text = f"{self.name} writes number {len(self.acknowledged)}"
                # Every third answer is lost on its way, so that the post is sent once more.
                for _ in range(1 if len(self.acknowledged) % 3 else 2):
                    self._send(caller, text)
                self.acknowledged.append(text)

    def _send(self, caller: Caller, text: str) -> None:
        """Send a post until somebody takes it."""
        while not self._is_taken(caller, text):
            if self._abandoned.wait(PAUSE_SECONDS):
                return

    def stop(self) -> None:
        """Have the last post acknowledged, and end."""
        self._over.set()
        self.join()

    def abandon(self) -> None:
        """End, whatever became of the last post."""
        self._abandoned.set()
        self.stop()

    def _is_taken(self, caller: Caller, text: str) -> bool:
        try:
            answer = caller.post("/posts", "/", text=text, key=text.replace(" ", "-"))
        except httpx.TransportError:
            return False
        # Refused for the moment, it is sent again; any other refusal would be a mistake.
        assert answer.status_code in (303, 503), answer.text
        return answer.status_code == 303


def test_every_acknowledged_post_is_kept_once_and_reaches_its_readers(tmp_path: Path) -> None:
    db = make_database(tmp_path)
    writers, readers = gather_people(db)
    port = free_port()
    authors = [Author(w.username, f"http://localhost:{port}", log_in(db, w)) for w in writers]
    with posting(authors):
        for seed in range(ROUNDS):
            with serve(tmp_path, port) as server:
                wait_until_it_is_time_to_die(server, authors, random.Random(seed))
                server.kill()
        with serve(tmp_path, port):
            for author in authors:
                author.stop()
            wait_for(lambda: has_followed_up_everything(db), "the worker to catch up")

    texts = Counter(text for author in authors for text in author.acknowledged)
    with db.read() as session:
        posts = {post.id: post.text for post in session.scalars(select(Post))}
    assert Counter(posts.values()) == texts
    assert set(texts.values()) == {1}
    for reader in readers:
        assert Counter(posts[id_] for id_ in Reader(db, reader).posts()) == texts
    assert_sound(db)
    db.dispose()


def wait_until_it_is_time_to_die(
    server: Running, authors: list[Author], chance: random.Random
) -> None:
    """Wait for the first process, for the first answer, or for some posts."""
    enough = count(authors) + chance.randint(1, MOST_POSTS_IN_A_ROUND)
    moments: list[Callable[[], object]] = [
        server.children,
        server.wait_until_it_answers,
        *[lambda: count(authors) >= enough] * 4,
    ]
    wait_for(chance.choice(moments), "the moment")


def count(authors: list[Author]) -> int:
    return sum(len(author.acknowledged) for author in authors)


def make_database(folder: Path) -> Database:
    database = TestDatabase(f"sqlite:///{folder / 'data' / 'microblog.db'}", folder)
    services: Services = database.app.extensions["microblog"]
    return services.db


def gather_people(db: Database) -> tuple[list[Viewer], list[Viewer]]:
    """Make authors, and readers who follow all of them."""
    make.server(db)
    authors = [make.account(db, f"author{number}") for number in range(AUTHORS)]
    readers = [make.account(db, f"reader{number}") for number in range(READERS)]
    for reader in readers:
        for author in authors:
            make.follow(db, reader, author)
    return authors, readers


def log_in(db: Database, person: Viewer) -> str:
    return db.write(
        lambda session: sessions.start(
            session, person.id, address="", agent="", lifetime=timedelta(days=1)
        )
    )


@contextmanager
def posting(authors: list[Author]) -> Iterator[None]:
    for author in authors:
        author.start()
    try:
        yield
    finally:
        for author in authors:
            author.abandon()


def serve(folder: Path, port: int) -> AbstractContextManager[Running]:
    return running([*MICROBLOG, "serve", "--workers=2", f"--port={port}"], folder, port)


def has_followed_up_everything(db: Database) -> bool:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(OutboxEvent)) == 0


def assert_sound(db: Database) -> None:
    with db.engine.connect() as connection:
        # SQLite's own checks, which no construct of SQLAlchemy names.
        assert connection.exec_driver_sql("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
    assert db.write(lambda session: counters.recount(session, 0)) == (None, [])
