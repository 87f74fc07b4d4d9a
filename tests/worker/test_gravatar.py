"""A Gravatar is fetched once, by the worker, and what waits for another server delays nobody."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from microblog.db import Database
from microblog.domain import accounts, avatars
from microblog.models import OutboxEvent
from microblog.services import Services
from microblog.worker import Worker
from tests import make
from tests.cast import Cast
from tests.processes import wait_for
from tests.reader import Reader


@dataclass
class Gravatar:
    """A real server in place of Gravatar's: answers with what a test put here, when it says."""

    status: int = 200
    body: bytes = b""
    paths: list[str] = field(default_factory=list)
    may_answer: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def gravatar() -> Iterator[tuple[Gravatar, str]]:
    """Return the server and its address."""
    made = Gravatar()
    made.may_answer.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.paths.append(self.path)
            made.may_answer.wait(30)
            self.send_response(made.status)
            self.send_header("Content-Length", str(len(made.body)))
            self.end_headers()
            self.wfile.write(made.body)

        def log_request(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield made, f"http://127.0.0.1:{server.server_port}/avatar/"
    finally:
        made.may_answer.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def asked(db: Database, services: Services, cast: Cast, gravatar: tuple[Gravatar, str]) -> Services:
    """Return the services of a server on which Bob has asked for his Gravatar."""
    Worker(services).run_due()
    db.write(lambda session: avatars.request_gravatar(session, by=cast.bob))
    return replace(services, config=replace(services.config, GRAVATAR_URL=gravatar[1]))


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (80, 80), "teal").save(file, "PNG")
    return file.getvalue()


def avatar_of_bob(db: Database) -> str | None:
    with db.read() as session:
        return accounts.get_by_username(session, "bob").avatar


def waiting(db: Database) -> list[OutboxEvent]:
    with db.read() as session:
        return list(session.scalars(select(OutboxEvent)))


def test_a_gravatar_becomes_a_file_of_ours(
    db: Database, asked: Services, gravatar: tuple[Gravatar, str]
) -> None:
    server, _ = gravatar
    server.body = picture()
    Worker(asked).run_due()
    file = avatar_of_bob(db)
    assert file is not None
    with Image.open(asked.storage.path(file)) as stored:
        assert stored.format == "WEBP"
    known_by = hashlib.sha256(b"bob@ex.com").hexdigest()
    assert [path.partition("?")[0] for path in server.paths] == [f"/avatar/{known_by}"]
    assert waiting(db) == []


@pytest.mark.parametrize(
    ("status", "body"), [(404, b""), (200, b"no picture"), (200, b"\0" * 9_000_000), (403, b"")]
)
def test_who_has_no_gravatar_keeps_what_they_had(
    db: Database, asked: Services, gravatar: tuple[Gravatar, str], status: int, body: bytes
) -> None:
    server, _ = gravatar
    server.status, server.body = status, body
    Worker(asked).run_due()
    assert avatar_of_bob(db) is None
    assert waiting(db) == []


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_server_that_is_not_well_is_asked_again_later(
    db: Database, asked: Services, gravatar: tuple[Gravatar, str], status: int
) -> None:
    server, _ = gravatar
    server.status = status
    Worker(asked).run_due()
    (event,) = waiting(db)
    assert (event.attempts, event.parked_at) == (1, None)


def test_a_replaced_picture_is_deleted(
    db: Database, asked: Services, gravatar: tuple[Gravatar, str], cast: Cast
) -> None:
    server, _ = gravatar
    server.body = picture()
    Worker(asked).run_due()
    file = avatar_of_bob(db)
    assert file is not None
    db.write(lambda session: avatars.replace(session, cast.bob.id, None))
    Worker(asked).run_due()
    assert not asked.storage.path(file).exists()
    assert waiting(db) == []


def test_while_another_server_takes_its_time_posts_are_delivered(
    db: Database, asked: Services, gravatar: tuple[Gravatar, str], cast: Cast
) -> None:
    server, _ = gravatar
    server.body = picture()
    server.may_answer.clear()
    stop = threading.Event()
    thread = threading.Thread(target=Worker(asked).run, args=(stop,))
    thread.start()
    try:
        wait_for(lambda: server.paths, "the request")
        bob = Reader(db, cast.bob)
        post_id = make.post(db, cast.alice)
        # Sooner than anybody gives up on the other server.
        wait_for(lambda: post_id in bob.posts(), "the post", seconds=10)
        assert avatar_of_bob(db) is None
        server.may_answer.set()
        wait_for(lambda: avatar_of_bob(db), "the picture")
    finally:
        server.may_answer.set()
        stop.set()
        thread.join()
