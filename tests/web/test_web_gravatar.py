"""Using one's Gravatar: it is fetched once, by the worker, and kept with the other pictures."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from microblog.db import Database
from microblog.models import OutboxEvent
from microblog.worker import Worker
from tests import make
from tests.beside import application_beside
from tests.cast import Cast
from tests.files import samples
from tests.pictures import PictureServer, picture_server
from tests.snapshot import count
from tests.visitor import Visitor

PATH = "/settings/profile"
HASH = hashlib.sha256(b"alice@ex.com").hexdigest()


@pytest.fixture
def gravatar() -> Iterator[PictureServer]:
    """Return a server that has a picture for everybody."""
    with picture_server() as pictures:
        pictures.body = samples.photo()
        yield pictures


@pytest.fixture
def beside(app: Flask, cast: Cast, gravatar: PictureServer, tmp_path: Path) -> Iterator[Flask]:
    """Return an application that takes pictures from there."""
    with application_beside(app, tmp_path, GRAVATAR_URL=gravatar.url) as beside:
        yield beside


@pytest.fixture
def alice(beside: Flask, cast: Cast) -> Visitor:
    """Return Alice's browser."""
    return Visitor.signed_in(beside, cast.alice)


def test_a_gravatar_is_fetched_once_and_kept_here(
    alice: Visitor, beside: Flask, cast: Cast, gravatar: PictureServer, db: Database
) -> None:
    make.post(db, cast.alice)
    response = alice.post(PATH, {"use_gravatar": "1"})
    assert (response.status_code, response.location) == (303, PATH)
    page = alice.page(PATH)
    assert page.flashes == ["Your Gravatar is being fetched. It will be here in a moment."]
    assert gravatar.asked == []
    Worker(beside.extensions["microblog"]).run_due()
    assert gravatar.asked == [f"/avatar/{HASH}?s=400&d=404&r=g"]
    for path in ("/@alice", "/explore", "/", PATH):
        text = alice.get(path).text
        assert gravatar.url not in text
        assert HASH not in text
    source = alice.page("/@alice").one("img", "profile-avatar")["src"]
    assert source.startswith("/media/")
    assert alice.get(source).mimetype == "image/webp"
    Worker(beside.extensions["microblog"]).run_due()
    assert len(gravatar.asked) == 1


@pytest.mark.sqlite_only
def test_nobody_is_looked_up_who_did_not_ask(
    alice: Visitor, beside: Flask, gravatar: PictureServer
) -> None:
    alice.get("/@alice")
    alice.post(PATH, {"display_name": "Alice", "about": ""})
    Worker(beside.extensions["microblog"]).run_due()
    assert gravatar.asked == []


@pytest.mark.parametrize(("status", "events_left"), [(404, 0), (403, 0), (500, 1), (503, 1)])
@pytest.mark.sqlite_only
def test_whoever_has_no_gravatar_keeps_the_picture_they_have(
    alice: Visitor,
    beside: Flask,
    gravatar: PictureServer,
    db: Database,
    status: int,
    events_left: int,
) -> None:
    gravatar.status = status
    before = alice.page("/@alice").one("img", "profile-avatar")["src"]
    alice.post(PATH, {"use_gravatar": "1"})
    Worker(beside.extensions["microblog"]).run_due()
    assert len(gravatar.asked) == 1
    assert alice.page("/@alice").one("img", "profile-avatar")["src"] == before
    # A server that has trouble is asked again later.
    assert count(db, OutboxEvent) == events_left


@pytest.mark.parametrize("body", [b"", samples.html(), samples.png_header_of_a_bomb()])
@pytest.mark.sqlite_only
def test_what_is_no_picture_is_not_kept(
    alice: Visitor, beside: Flask, gravatar: PictureServer, db: Database, body: bytes
) -> None:
    gravatar.body = body
    alice.post(PATH, {"use_gravatar": "1"})
    Worker(beside.extensions["microblog"]).run_due()
    assert alice.page("/@alice").one("img", "profile-avatar")["src"].startswith("/identicons/")
    assert count(db, OutboxEvent) == 0


@pytest.mark.sqlite_only
def test_a_gravatar_that_does_not_answer_is_asked_again_later(
    app: Flask, cast: Cast, db: Database, tmp_path: Path
) -> None:
    with picture_server() as gone:
        url = gone.url
    with application_beside(app, tmp_path, GRAVATAR_URL=url) as beside:
        Visitor.signed_in(beside, cast.alice).post(PATH, {"use_gravatar": "1"})
        Worker(beside.extensions["microblog"]).run_due()
    with db.read() as session:
        waiting = session.query(OutboxEvent).filter_by(kind="GravatarRequested").one()
    assert (waiting.attempts, waiting.parked_at) == (1, None)
    assert waiting.due_at > waiting.created_at
