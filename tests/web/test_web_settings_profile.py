"""Editing one's own profile: names, a few words, a picture."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from microblog import capacity
from microblog.db import Database
from microblog.models import Account, OutboxEvent
from microblog.services import Services
from microblog.worker import Worker
from tests import make
from tests.cast import Cast
from tests.files import samples
from tests.multipart import Upload
from tests.page import Page
from tests.snapshot import count, snapshot
from tests.visitor import Visitor

PATH = "/settings/profile"
REFUSALS = {
    "not_an_image": "This is no picture we can read: choose a PNG, JPEG, GIF or WebP file.",
    "too_large": "The file is too large: at most 8 MB.",
    "too_many_pixels": "The picture has too many pixels: make it smaller first.",
}


@pytest.fixture
def media(services: Services) -> Path:
    """Return the folder of the pictures, empty."""
    folder = services.folder.media
    for path in folder.iterdir():
        shutil.rmtree(path)
    return folder


def test_a_changed_profile_shows_everywhere(
    alice: Visitor, visitor: Visitor, cast: Cast, db: Database
) -> None:
    make.post(db, cast.alice)
    about = "Likes #tea,\nknows @bob: https://ex.com/<x>"
    response = alice.post(PATH, {"display_name": "  Alice   L. ", "about": about})
    assert (response.status_code, response.location) == (303, PATH)
    form = alice.page(PATH)
    assert form.flashes == ["Your profile is saved."]
    assert form.one("input", name="display_name")["value"] == "Alice L."
    assert form.one("textarea", name="about").raw_text.strip() == about
    profile = visitor.page("/@alice")
    assert profile.one("h1").text == "Alice L."
    links = [link["href"] for link in profile.one("div", "profile-about").all("a")]
    assert links == ["/tags/tea", "/@bob", "https://ex.com/"]
    assert visitor.page("/explore").one("a", "post-name").text == "Alice L."


@pytest.mark.sqlite_only
def test_without_a_display_name_the_username_is_shown(alice: Visitor, visitor: Visitor) -> None:
    alice.post(PATH, {"display_name": "Alice L.", "about": "x"})
    alice.post(PATH, {"display_name": "\u200b \u3164", "about": ""})
    page = visitor.page("/@alice")
    assert page.one("h1").text == "alice"
    assert not page.all("div", "profile-about")


@pytest.mark.sqlite_only
def test_only_the_fields_that_are_sent_are_changed(alice: Visitor) -> None:
    alice.post(PATH, {"display_name": "Alice L.", "about": "About #tea"})
    alice.post(PATH, {"display_name": "Alice M."})
    form = alice.page(PATH)
    assert form.one("input", name="display_name")["value"] == "Alice M."
    assert form.one("textarea", name="about").raw_text.strip() == "About #tea"
    alice.post(PATH, {"about": ""})
    form = alice.page(PATH)
    assert form.one("input", name="display_name")["value"] == "Alice M."
    assert form.one("textarea", name="about").raw_text.strip() == ""


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("display_name", "x" * 51, "At most 50 characters, please."),
        ("display_name", "x" * 20_000, "At most 50 characters, please."),
        ("about", "x" * 501, "At most 500 characters, please."),
        ("about", "x" * 20_000, "At most 500 characters, please."),
        (
            "about",
            "a\0b",
            "There are characters in this that cannot be read. Type it anew.",
        ),
        (
            "display_name",
            "a\x07",
            "There are characters in this that cannot be read. Type it anew.",
        ),
    ],
)
@pytest.mark.sqlite_only
def test_a_mistake_is_said_at_its_field_and_what_was_typed_is_kept(
    alice: Visitor, db: Database, field: str, value: str, sentence: str
) -> None:
    before = snapshot(db)
    typed = {"display_name": "New name", "about": "New words"} | {field: value}
    response = alice.post(PATH, typed)
    assert response.status_code == 422
    page = Page(response.text)
    assert page.field_errors == {field: sentence}
    assert page.one("input", name="display_name")["value"] == typed["display_name"]
    assert page.one("textarea", name="about").raw_text[1:].strip("\n") == typed["about"]
    assert snapshot(db) == before


@pytest.mark.parametrize("name", samples.TAKEN)
def test_an_uploaded_picture_becomes_the_avatar(
    alice: Visitor, media: Path, db: Database, name: str
) -> None:
    assert upload(alice, samples.TAKEN[name]()).status_code == 303
    source = alice.page("/@alice").one("img", "profile-avatar")["src"]
    picture = alice.get(source)
    assert (picture.status_code, picture.mimetype) == (200, "image/webp")
    with Image.open(BytesIO(picture.data)) as image:
        assert image.format == "WEBP"
        assert image.width == image.height
    assert stored(media) == [source.removeprefix("/media/")]
    assert avatar_of_alice(db) == source.removeprefix("/media/")


@pytest.mark.parametrize("name", samples.REFUSED)
@pytest.mark.sqlite_only
def test_what_is_no_honest_picture_is_refused_at_the_field_and_nothing_is_kept(
    alice: Visitor, media: Path, db: Database, name: str
) -> None:
    before = snapshot(db)
    response = upload(alice, samples.REFUSED[name](), display_name="Alice L.", about="Words")
    assert response.status_code == 422
    page = Page(response.text)
    assert list(page.field_errors) == ["avatar"]
    assert page.field_errors["avatar"] in REFUSALS.values()
    assert page.one("input", name="display_name")["value"] == "Alice L."
    assert snapshot(db) == before
    assert stored(media) == []


def test_a_replaced_picture_is_deleted_by_the_worker(
    alice: Visitor, media: Path, db: Database, worker: Worker
) -> None:
    upload(alice, samples.tiny_png())
    first = avatar_of_alice(db)
    upload(alice, samples.photo())
    second = avatar_of_alice(db)
    assert sorted(stored(media)) == sorted([first, second])
    worker.run_due()
    assert stored(media) == [second]
    assert alice.get(f"/media/{first}").status_code == 404
    response = alice.post(PATH, {"remove_avatar": "1"})
    assert response.status_code == 303
    page = alice.page(PATH)
    assert page.flashes == ["Your picture is removed."]
    assert not page.all("button", name="remove_avatar")
    worker.run_due()
    assert stored(media) == []
    assert count(db, OutboxEvent) == 0


@pytest.mark.sqlite_only
def test_a_new_picture_shows_on_cards_that_were_rendered_before(
    alice: Visitor, visitor: Visitor, cast: Cast, db: Database
) -> None:
    make.post(db, cast.alice)
    assert "/identicons/" in visitor.page("/explore").one("article").one("img")["src"]
    upload(alice, samples.tiny_png())
    expected = f"/media/{avatar_of_alice(db)}"
    assert visitor.page("/explore").one("article").one("img")["src"] == expected
    assert alice.page("/").one("nav", "nav-main").one("img")["src"] == expected


@pytest.mark.sqlite_only
def test_when_the_profile_cannot_be_saved_no_picture_is_left_behind(
    alice: Visitor, media: Path, db: Database
) -> None:
    before = snapshot(db)
    with refusing_avatars(db):
        response = upload(alice, samples.tiny_png(), display_name="Alice L.")
    assert response.status_code == 500
    assert stored(media) == []
    assert snapshot(db) == before


@pytest.mark.sqlite_only
def test_a_storage_that_fails_changes_nothing(alice: Visitor, media: Path, db: Database) -> None:
    before = snapshot(db)
    aside = media.rename(media.with_name("aside"))
    media.write_text("This is no folder.")
    try:
        response = upload(alice, samples.tiny_png(), display_name="Alice L.")
    finally:
        media.unlink()
        aside.rename(media)
    assert response.status_code == 500
    assert snapshot(db) == before


@pytest.mark.sqlite_only
def test_a_picture_waits_for_no_other_work(alice: Visitor, media: Path) -> None:
    with capacity.heavy_work():
        response = upload(alice, samples.tiny_png())
    assert (response.status_code, response.headers["Retry-After"]) == (503, "2")
    assert stored(media) == []


@pytest.mark.sqlite_only
def test_a_file_field_left_empty_keeps_the_picture(alice: Visitor, db: Database) -> None:
    upload(alice, samples.tiny_png())
    before = avatar_of_alice(db)
    response = alice.upload(PATH, {"display_name": "Alice"}, avatar=Upload(b"", filename=b""))
    assert response.status_code == 303
    assert avatar_of_alice(db) == before


def test_a_header_stands_on_the_profile_until_it_is_replaced_or_removed(
    alice: Visitor, visitor: Visitor, media: Path, db: Database, worker: Worker
) -> None:
    assert not visitor.page("/@alice").all("img", "profile-header")
    headers = []
    for _ in range(2):
        response = alice.upload(PATH, {}, header=Upload(samples.photo()))
        assert response.status_code == 303
        headers.append(visitor.page("/@alice").one("img", "profile-header")["src"])
        assert alice.page(PATH).one("img", "picture-header")["src"] == headers[-1]
    with visitor.get(headers[1]) as picture, Image.open(BytesIO(picture.data)) as image:
        assert picture.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert image.width == image.height * 3
    worker.run_due()
    assert stored(media) == [headers[1].removeprefix("/media/")]
    alice.post(PATH, {"remove_header": "1"})
    assert alice.page(PATH).flashes == ["Your header is removed."]
    worker.run_due()
    assert stored(media) == []
    assert not visitor.page("/@alice").all("img", "profile-header")


@pytest.mark.sqlite_only
def test_an_avatar_and_a_header_are_kept_both_or_neither(
    alice: Visitor, media: Path, db: Database
) -> None:
    good, bad = Upload(samples.photo()), Upload(samples.html())
    before = snapshot(db)
    for avatar, header, refused in ((bad, good, "avatar"), (good, bad, "header")):
        response = alice.upload(PATH, {}, avatar=avatar, header=header)
        assert response.status_code == 422
        assert list(Page(response.text).field_errors) == [refused]
    with refusing_avatars(db):
        assert alice.upload(PATH, {}, avatar=good, header=good).status_code == 500
    assert stored(media) == []
    assert snapshot(db) == before
    assert alice.upload(PATH, {}, avatar=good, header=good).status_code == 303
    assert len(stored(media)) == 2


@contextmanager
def refusing_avatars(db: Database) -> Iterator[None]:
    """Have the database itself fail when an avatar is written."""
    with db.engine.begin() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER refuse BEFORE UPDATE OF avatar ON accounts"
                " BEGIN SELECT RAISE(ABORT, 'refused'); END"
            )
        )
    try:
        yield
    finally:
        with db.engine.begin() as connection:
            connection.execute(text("DROP TRIGGER refuse"))


def upload(visitor: Visitor, data: bytes, **fields: str) -> TestResponse:
    return visitor.upload(PATH, fields, avatar=Upload(data))


def stored(media: Path) -> list[str]:
    return [str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()]


def avatar_of_alice(db: Database) -> str:
    with db.read() as session:
        found = session.scalars(select(Account.avatar).where(Account.handle == "alice")).one()
    return found or ""
