"""The files of posts are sent to whoever may see their posts, and to nobody else."""

from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from microblog import clock
from microblog.db import Database
from microblog.domain import media, posts
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import FOLLOWERS, MENTIONED, PUBLIC, QUIET
from microblog.models import Account, Attachment, Post
from microblog.services import Services
from microblog.worker import Worker
from tests import make
from tests.cast import Cast
from tests.visitor import Visitor

FOREVER = "public, max-age=31536000, immutable"
NEVER = "private, no-store"
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

Look = Callable[[Viewer | None], list[tuple[int, str]]]


@pytest.fixture
def files(db: Database, services: Services, cast: Cast) -> list[str]:
    """Return the addresses of a picture that Alice uploaded, and of its preview."""
    make.picture(db, cast.alice, storage=services.storage)
    with db.read() as session:
        attachment = session.scalars(select(Attachment)).one()
        return [f"/media/{attachment.file}", f"/media/{attachment.preview}"]


@pytest.fixture
def look(app: Flask, files: list[str]) -> Look:
    """Return a function that has somebody open both files: the status and how it is kept."""

    def open_both(person: Viewer | None) -> list[tuple[int, str]]:
        browser = Visitor.signed_in(app, person) if person else Visitor(app)
        found = []
        for path in files:
            with browser.get(path) as response:
                found.append((response.status_code, response.headers["Cache-Control"]))
                assert (response.data == make.PIXEL) == (response.status_code == 200)
        return found

    return open_both


SEEN, SEEN_BY_SOME, HIDDEN = [(200, FOREVER)] * 2, [(200, NEVER)] * 2, [(404, NEVER)] * 2


def attach(db: Database, author: Viewer, visibility: str, text: str = "") -> int:
    with db.read() as session:
        picture = session.scalars(select(Attachment.id)).one()
    return make.picture_post(db, author, picture, text=text, visibility=visibility)


def test_what_is_in_no_post_is_for_who_uploaded_it(look: Look, cast: Cast) -> None:
    assert look(cast.alice) == SEEN_BY_SOME
    for stranger in (cast.bob, cast.carol, None):
        assert look(stranger) == HIDDEN


@pytest.mark.parametrize("visibility", [PUBLIC, QUIET])
def test_what_is_for_everybody_is_kept_for_good(
    db: Database, look: Look, cast: Cast, visibility: str
) -> None:
    attach(db, cast.alice, visibility)
    for anybody in (cast.alice, cast.bob, cast.carol, None):
        assert look(anybody) == SEEN


def test_what_is_for_followers_is_for_them_as_long_as_they_are(
    db: Database, look: Look, cast: Cast
) -> None:
    attach(db, cast.alice, FOLLOWERS)
    assert look(cast.alice) == look(cast.bob) == SEEN_BY_SOME
    assert look(cast.carol) == look(None) == HIDDEN
    make.unfollow(db, cast.bob, cast.alice)
    assert look(cast.bob) == HIDDEN
    make.follow(db, cast.carol, cast.alice)
    assert look(cast.carol) == SEEN_BY_SOME


def test_what_is_for_those_mentioned_is_for_no_follower(
    db: Database, look: Look, cast: Cast
) -> None:
    attach(db, cast.alice, MENTIONED, "For @carol")
    assert look(cast.alice) == look(cast.carol) == SEEN_BY_SOME
    assert look(cast.bob) == look(None) == HIDDEN


@pytest.mark.parametrize("visibility", [PUBLIC, FOLLOWERS, MENTIONED])
def test_whoever_blocks_or_is_blocked_sees_no_file(
    db: Database, look: Look, cast: Cast, visibility: str
) -> None:
    attach(db, cast.alice, visibility, "For @bob and @carol")
    make.block(db, cast.alice, cast.bob)
    make.block(db, cast.carol, cast.alice)
    assert look(cast.bob) == look(cast.carol) == HIDDEN
    assert look(cast.alice) != HIDDEN


def test_a_narrowed_audience_counts_at_once(db: Database, look: Look, cast: Cast) -> None:
    post_id = attach(db, cast.alice, PUBLIC)
    for visibility, seen in ((FOLLOWERS, SEEN_BY_SOME), (MENTIONED, HIDDEN), (PUBLIC, SEEN)):
        narrowed = update(Post).where(Post.id == post_id).values(visibility=visibility)
        db.write(partial(Session.execute, statement=narrowed))
        assert look(cast.bob) == seen


def test_a_deleted_post_hides_its_files_at_once_and_the_worker_deletes_them(
    db: Database, services: Services, look: Look, cast: Cast, worker: Worker
) -> None:
    post_id = attach(db, cast.alice, PUBLIC)
    with db.read() as session:
        draft = posts.compose(session, "A reply", reply_to_id=post_id)
    db.write(lambda session: posts.publish(session, by=cast.bob, draft=draft))
    with db.read() as session:
        stored = session.scalars(select(Attachment.file)).one()
    db.write(lambda session: posts.delete(session, by=cast.alice, post_id=post_id))
    for anybody in (cast.alice, cast.bob, None):
        assert look(anybody) == HIDDEN
    assert services.storage.path(stored).exists()
    worker.run_due()
    assert not services.storage.path(stored).exists()
    assert look(cast.alice) == HIDDEN
    with db.read() as session:
        # Its place in the conversation is kept, without its pictures.
        assert session.get(Post, post_id) is not None
        assert session.scalars(select(Attachment)).all() == []


def test_a_suspended_person_takes_their_files_along(db: Database, look: Look, cast: Cast) -> None:
    attach(db, cast.alice, PUBLIC)
    for moment, seen in ((clock.now(), HIDDEN), (None, SEEN)):
        suspended = update(Account).where(Account.id == cast.alice.id).values(suspended_at=moment)
        db.write(partial(Session.execute, statement=suspended))
        assert look(cast.bob) == seen


def test_a_removed_picture_is_gone_though_its_file_is_not_yet(
    db: Database, look: Look, cast: Cast
) -> None:
    with db.read() as session:
        picture = session.scalars(select(Attachment.id)).one()
    db.write(lambda session: media.remove(session, by=cast.alice, attachment_id=picture))
    assert look(cast.alice) == HIDDEN


@pytest.mark.sqlite_only
@pytest.mark.parametrize("visibility", [PUBLIC, FOLLOWERS])
def test_files_of_posts_have_headers_and_ranges_as_avatars_do(
    app: Flask, db: Database, files: list[str], cast: Cast, visibility: str
) -> None:
    attach(db, cast.alice, visibility)
    bob = Visitor.signed_in(app, cast.bob)
    for path in files:
        with bob.get(path) as whole:
            assert (whole.mimetype, whole.headers["X-Content-Type-Options"]) == (
                "image/webp",
                "nosniff",
            )
            assert whole.headers["Content-Security-Policy"] == SANDBOX
            etag = whole.headers["ETag"]
        with bob.get(path, headers={"Range": "bytes=5-9"}) as part:
            assert (part.status_code, part.data) == (206, make.PIXEL[5:10])
            assert part.headers["Content-Range"] == f"bytes 5-9/{len(make.PIXEL)}"
        with bob.get(path, headers={"Range": "bytes=999-"}) as beyond:
            assert beyond.status_code == 416
        with bob.get(path, headers={"If-None-Match": etag}) as again:
            assert (again.status_code, again.data) == (304, b"")
        with bob.open(path, method="HEAD") as head:
            assert (head.status_code, head.data) == (200, b"")


@pytest.mark.sqlite_only
def test_neither_a_part_nor_a_head_nor_a_condition_tells_a_stranger_anything(
    visitor: Visitor, files: list[str]
) -> None:
    for path in files:
        for options in (
            {"headers": {"Range": "bytes=0-1"}},
            {"headers": {"If-None-Match": "*"}},
            {"method": "HEAD"},
        ):
            with visitor.open(path, **options) as response:
                assert response.status_code == 404
        ungated = path.replace(".gated", "")
        assert visitor.get(ungated).status_code == 404


def test_asking_the_gate_takes_one_statement_beside_who_asks(
    app: Flask, db: Database, files: list[str], cast: Cast
) -> None:
    bob = Visitor.signed_in(app, cast.bob)
    attach(db, cast.alice, FOLLOWERS)
    for path in files:
        with bob.get(path) as response:
            assert (response.status_code, db.statements) == (200, 2)


@pytest.mark.sqlite_only
def test_the_gate_finds_a_file_by_its_name(db: Database, files: list[str]) -> None:
    sql = media.reading.AUDIENCE.compiled(db.engine.dialect).sql
    with db.engine.connect() as connection:
        cursor = connection.connection.cursor()
        rows = cursor.execute(f"EXPLAIN QUERY PLAN {sql}", [0] * sql.count("?")).fetchall()
    plan = [row[3] for row in rows]
    assert not any(step.startswith("SCAN") for step in plan), plan
    assert sum("attachments USING INDEX" in step for step in plan) == 2, plan
