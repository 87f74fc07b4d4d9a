"""Uploading pictures for a post, by the composer's form and by its script."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from microblog import capacity
from microblog.db import Database
from microblog.models import Attachment, Post, SavedDraft
from microblog.services import Services
from microblog.web import limits
from microblog.web.security import MAX_BODY_BYTES, MAX_UPLOADS_BYTES
from microblog.worker import Worker
from tests import make
from tests.cast import Cast
from tests.files import samples
from tests.multipart import CONTENT_TYPE, Upload, encode
from tests.page import Page
from tests.snapshot import count, snapshot
from tests.visitor import Visitor

JSON = {"Accept": "application/json"}
END = encode({}, {})
PHOTO = Upload(samples.photo(), b"holiday.jpg", b"image/jpeg")


@pytest.fixture
def media(services: Services) -> Path:
    """Return the folder of the pictures, empty."""
    folder = services.folder.media
    for path in folder.iterdir():
        shutil.rmtree(path)
    return folder


def send(
    visitor: Visitor,
    path: str,
    fields: dict[str, str] | None = None,
    files: tuple[Upload, ...] = (),
    pictures: tuple[str, ...] = (),
    **options: Any,
) -> TestResponse:
    """Send the composer: several fields and files may have one name."""
    form = {"csrf_token": visitor.token(), **(fields or {})}
    parts = [encode(form, {})[: -len(END)]]
    parts += [encode({"media": picture}, {})[: -len(END)] for picture in pictures]
    parts += [encode({}, {"file": file})[: -len(END)] for file in files]
    body = b"".join(parts) + END
    return visitor.post_raw(path, data=body, content_type=CONTENT_TYPE, **options)


def stored(media: Path) -> list[str]:
    return [str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()]


def pictures_in(page: Page) -> list[str]:
    return [field["value"] for field in page.all("input", name="media")]


def test_without_a_script_pictures_are_uploaded_described_and_posted(
    alice: Visitor, visitor: Visitor, media: Path, db: Database
) -> None:
    typed = {
        "text": "Tea",
        "warning": "Hot",
        "language": "de",
        "visibility": "quiet",
        "key": "k" * 9,
    }
    response = send(alice, "/media", typed, (PHOTO, Upload(samples.tiny_png())))
    assert response.status_code == 200
    page = Page(response.text)
    assert page.one("textarea", name="text").raw_text.strip() == "Tea"
    assert page.one("input", name="warning")["value"] == "Hot"
    assert page.one("input", name="key")["value"] == "k" * 9
    first, second = pictures_in(page)
    assert len(stored(media)) == 4
    fields = typed | {f"description-{first}": "A cup", f"description-{second}": ""}
    reminded = send(alice, "/posts", fields, pictures=(first, second))
    assert reminded.status_code == 422
    page = Page(reminded.text)
    assert "A picture has no description for people who cannot see it." in page.text
    assert page.one("textarea", name=f"description-{first}").raw_text.strip() == "A cup"
    assert pictures_in(page) == [first, second]
    fields["anyway"] = "1"
    assert send(alice, "/posts", fields, pictures=(second, first)).status_code == 303
    with db.read() as session:
        post_id = session.scalars(select(Post.id)).one()
    card = visitor.page(f"/@alice/{post_id}").one("ul", "pictures-2")
    assert [image["alt"] for image in card.all("img")] == ["Picture without a description", "A cup"]
    for link in card.all("a"):
        assert visitor.get(link["href"]).status_code == 200


def test_chosen_files_come_along_when_the_post_is_sent_at_once(
    alice: Visitor, media: Path, db: Database
) -> None:
    response = send(alice, "/posts", {"text": "", "anyway": "1"}, (PHOTO,))
    assert response.status_code == 303
    with db.read() as session:
        attachment = session.scalars(select(Attachment)).one()
        assert attachment.post_id == session.scalars(select(Post.id)).one()
        # A camera that lay on its side.
        assert (attachment.width, attachment.height) == (480, 640)


def test_what_cannot_be_posted_keeps_the_pictures_that_came_along(
    alice: Visitor, db: Database
) -> None:
    page = Page(send(alice, "/posts", {"text": "x" * 501}, (PHOTO,)).text)
    assert page.field_errors == {"text": "This is too long by 1 character."}
    with db.read() as session:
        assert pictures_in(page) == [str(session.scalars(select(Attachment.id)).one())]
    assert count(db, Post) == 0


def test_a_script_gets_the_part_of_the_composer_and_the_same_picture_for_its_post(
    alice: Visitor, db: Database, media: Path
) -> None:
    response = send(alice, "/media", {}, (PHOTO,), headers=JSON)
    assert (response.status_code, response.mimetype) == (200, "application/json")
    assert response.json is not None
    part = Page(response.json["html"])
    (picture,) = pictures_in(part)
    preview = part.one("img", "composer-picture-image")["src"]
    with alice.get(preview) as shown:
        assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "private, no-store")
    assert send(alice, "/posts", {"anyway": "1"}, pictures=(picture,)).status_code == 303
    with db.read() as session:
        assert session.scalars(select(Attachment.post_id)).one() is not None


def test_a_removed_picture_is_deleted_and_the_rest_of_the_form_stays(
    alice: Visitor, media: Path, db: Database, worker: Worker
) -> None:
    page = Page(send(alice, "/media", {"text": "Tea"}, (PHOTO, PHOTO)).text)
    first, second = pictures_in(page)
    fields = {"text": "Tea", "remove": first, f"description-{second}": "Cake"}
    page = Page(send(alice, "/media", fields, pictures=(first, second)).text)
    assert pictures_in(page) == [second]
    assert page.one("textarea", name=f"description-{second}").raw_text.strip() == "Cake"
    assert page.one("textarea", name="text").raw_text.strip() == "Tea"
    assert send(alice, "/media", {"remove": second}, headers=JSON).json == {"html": ""}
    worker.run_due()
    assert stored(media) == []
    assert count(db, Attachment) == 0


def test_nobody_removes_or_posts_a_picture_of_somebody_else(
    app: Flask, alice: Visitor, cast: Cast, db: Database
) -> None:
    picture = str(make.picture(db, cast.alice, "Mine"))
    bob = Visitor.signed_in(app, cast.bob)
    before = snapshot(db)
    assert send(bob, "/media", {"remove": picture}).status_code == 200
    response = send(bob, "/posts", {"text": "x", "anyway": "1"}, pictures=(picture,))
    assert response.status_code == 422
    page = Page(response.text)
    assert page.field_errors == {"file": "A picture is not here any more. Upload it again."}
    assert "Mine" not in response.text
    assert pictures_in(page) == []
    assert snapshot(db) == before


def test_who_is_not_signed_in_uploads_nothing(visitor: Visitor, media: Path) -> None:
    assert send(visitor, "/media", {}, (PHOTO,)).location == "/auth/login"
    assert visitor.get("/media").status_code == 405
    assert stored(media) == []


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", samples.REFUSED)
def test_what_is_no_honest_picture_is_refused_and_nothing_is_kept(
    alice: Visitor, media: Path, db: Database, name: str
) -> None:
    before = snapshot(db)
    bad = Upload(samples.REFUSED[name]())
    response = send(alice, "/media", {"text": "Tea"}, (PHOTO, bad))
    assert response.status_code == 422
    page = Page(response.text)
    assert list(page.field_errors) == ["file"]
    assert page.one("textarea", name="text").raw_text.strip() == "Tea"
    answer = send(alice, "/media", {}, (bad,), headers=JSON)
    assert (answer.status_code, answer.json) == (422, {"error": page.field_errors["file"]})
    assert snapshot(db) == before
    assert stored(media) == []


@pytest.mark.sqlite_only
def test_there_is_room_for_four(alice: Visitor, media: Path, db: Database) -> None:
    small = Upload(samples.tiny_png())
    response = send(alice, "/media", {}, (small,) * 5)
    assert Page(response.text).field_errors == {"file": "At most 4 pictures, please."}
    assert stored(media) == []
    four = tuple(pictures_in(Page(send(alice, "/media", {}, (small,) * 4).text)))
    assert len(four) == 4
    assert send(alice, "/media", {}, (small,), four).status_code == 422
    assert send(alice, "/media", {}, (small,), four, headers=JSON).status_code == 422
    assert count(db, Attachment) == 4


@pytest.mark.sqlite_only
@pytest.mark.parametrize("picture", ["0", "1", str(2**63 - 1)])
def test_what_is_no_picture_is_refused_at_the_pictures(
    alice: Visitor, db: Database, picture: str
) -> None:
    response = send(alice, "/posts", {"text": "Hello", "anyway": "1"}, pictures=(picture,))
    assert response.status_code == 422
    assert list(Page(response.text).field_errors) == ["file"]
    assert send(alice, "/media", {"remove": picture}).status_code == 200
    assert count(db, Post) == 0


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "picture", ["", "x", "-1", "9" * 30, "1" * 100_000, "1.5", "\ufffd", "' OR 1=1 --", "1\0"]
)
def test_what_is_no_number_is_no_picture(alice: Visitor, db: Database, picture: str) -> None:
    assert send(alice, "/media", {"remove": picture}, pictures=(picture,)).status_code == 200
    response = send(alice, "/posts", {"text": "Hello"}, pictures=(picture,) * 50)
    assert response.status_code == 303


@pytest.mark.sqlite_only
def test_a_file_of_another_kind_of_field_and_a_field_instead_of_a_file_are_no_upload(
    alice: Visitor, media: Path
) -> None:
    assert send(alice, "/media", {"file": "I am no file"}).status_code == 200
    body = encode({"csrf_token": alice.token()}, {"media": PHOTO, "text": PHOTO, "remove": PHOTO})
    response = alice.post_raw("/media", data=body, content_type=CONTENT_TYPE)
    assert response.status_code == 200
    assert alice.post("/media", {"media": "1"}).status_code == 200
    assert stored(media) == []


@pytest.mark.sqlite_only
def test_a_long_description_is_said_at_its_picture(
    alice: Visitor, cast: Cast, db: Database
) -> None:
    picture = str(make.picture(db, cast.alice))
    field = f"description-{picture}"
    response = send(alice, "/posts", {"text": "x", field: "d" * 1501}, pictures=(picture,))
    page = Page(response.text)
    assert page.field_errors == {field: "At most 1500 characters, please."}
    assert page.one("textarea", name=field)["aria-invalid"] == "true"


@pytest.mark.sqlite_only
def test_the_composer_takes_four_large_files_and_other_forms_one(
    alice: Visitor, media: Path
) -> None:
    assert MAX_UPLOADS_BYTES > 4 * samples.MAX_BYTES
    photo = samples.photo()
    large = Upload(photo + bytes(samples.MAX_BYTES - len(photo)))
    page = Page(send(alice, "/media", {}, (large,) * 4).text)
    assert len(pictures_in(page)) == 4
    over = Upload(bytes(MAX_UPLOADS_BYTES))
    for path in ("/media", "/posts", "/drafts"):
        assert send(alice, path, {}, (over,)).status_code == 413
    assert send(alice, "/media", {}, (over,), headers=JSON).status_code == 413
    assert send(alice, "/language", {}, (Upload(bytes(MAX_BODY_BYTES)),)).status_code == 413


@pytest.mark.sqlite_only
def test_a_picture_waits_for_no_other_work(alice: Visitor, media: Path, db: Database) -> None:
    before = snapshot(db)
    with capacity.heavy_work():
        for headers in ({}, JSON):
            response = send(alice, "/media", {}, (PHOTO,), headers=headers)
            assert (response.status_code, response.headers["Retry-After"]) == (503, "2")
    assert snapshot(db) == before
    assert stored(media) == []


@pytest.mark.sqlite_only
def test_eighty_pictures_are_enough_for_an_hour(app: Flask, cast: Cast, media: Path) -> None:
    alice = Visitor.signed_in(app, cast.alice)
    small = Upload(samples.tiny_png())
    with app.test_request_context("/", headers={"Cookie": f"login={alice.cookie('login')}"}):
        for _ in range(79):
            limits.count_picture()
    response = send(alice, "/media", {"text": "Tea"}, (small, small))
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    page = Page(response.text)
    assert page.one("textarea", name="text").raw_text.strip() == "Tea"
    assert "too often" in page.field_errors["file"]
    answer = send(alice, "/media", {}, (small,), headers=JSON)
    assert (answer.status_code, list(answer.json or {})) == (429, ["error"])
    assert stored(media) == []


@pytest.mark.sqlite_only
def test_a_database_that_fails_leaves_no_file(alice: Visitor, media: Path, db: Database) -> None:
    before = snapshot(db)
    with refusing_pictures(db):
        assert send(alice, "/media", {}, (PHOTO, PHOTO)).status_code == 500
    assert stored(media) == []
    assert snapshot(db) == before


@pytest.mark.sqlite_only
def test_a_storage_that_fails_leaves_no_row(alice: Visitor, media: Path, db: Database) -> None:
    before = snapshot(db)
    aside = media.rename(media.with_name("aside"))
    media.write_text("This is no folder.")
    try:
        assert send(alice, "/media", {}, (PHOTO,)).status_code == 500
    finally:
        media.unlink()
        aside.rename(media)
    assert snapshot(db) == before


def test_a_draft_keeps_its_pictures_and_gives_them_back(
    app: Flask, alice: Visitor, db: Database
) -> None:
    fields = {"text": "", "key": "some-form-1"}
    assert send(alice, "/drafts", fields, (PHOTO,)).status_code == 303
    with db.read() as session:
        draft_id = session.scalars(select(SavedDraft.id)).one()
    page = alice.page(f"/posts/new?draft={draft_id}")
    (picture,) = pictures_in(page)
    described = fields | {f"description-{picture}": "A cup"}
    send(alice, "/drafts", described, pictures=(picture,))
    page = alice.page(f"/posts/new?draft={draft_id}")
    assert page.one("textarea", name=f"description-{picture}").raw_text.strip() == "A cup"
    assert send(alice, "/posts", described, pictures=(picture,)).status_code == 303
    with db.read() as session:
        attachment = session.scalars(select(Attachment)).one()
    assert (attachment.draft_id, attachment.description) == (None, "A cup")
    assert attachment.post_id is not None


@contextmanager
def refusing_pictures(db: Database) -> Iterator[None]:
    """Have the database itself fail when the second picture is written."""
    trigger = (
        "CREATE TRIGGER refuse BEFORE INSERT ON attachments WHEN (SELECT count(*) FROM attachments)"
        " BEGIN SELECT RAISE(ABORT, 'refused'); END"
    )
    with db.engine.begin() as connection:
        connection.execute(text(trigger))
    try:
        yield
    finally:
        with db.engine.begin() as connection:
            connection.execute(text("DROP TRIGGER refuse"))
