"""Pictures: uploaded ones, and those drawn from an account's id."""

import pytest
from flask import Flask

from microblog.services import Services
from tests.cast import Cast
from tests.files import samples
from tests.multipart import Upload
from tests.page import Page
from tests.visitor import Visitor

pytestmark = pytest.mark.sqlite_only

SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
FOREVER = "public, max-age=31536000, immutable"


@pytest.fixture
def picture(app: Flask, cast: Cast) -> str:
    """Return the address of a picture that Alice uploaded."""
    alice = Visitor.signed_in(app, cast.alice)
    alice.upload("/settings/profile", {}, avatar=Upload(samples.photo()))
    return alice.page("/@alice").one("img", "profile-avatar")["src"]


def test_a_picture_is_for_everybody_and_kept_for_good(visitor: Visitor, picture: str) -> None:
    response = visitor.get(picture)
    assert response.status_code == 200
    assert response.mimetype == "image/webp"
    assert response.headers["Cache-Control"] == FOREVER
    assert response.headers["Content-Security-Policy"] == SANDBOX
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.content_length == len(response.data)


def test_what_a_browser_has_is_not_sent_again(visitor: Visitor, picture: str, cast: Cast) -> None:
    for path in (picture, f"/identicons/{cast.alice.id}.svg"):
        etag = visitor.get(path).headers["ETag"]
        with visitor.get(path, headers={"If-None-Match": etag}) as again:
            assert (again.status_code, again.data) == (304, b"")
            assert again.headers["ETag"] == etag
            assert again.headers["Cache-Control"] == FOREVER
            assert again.headers["Content-Security-Policy"] == SANDBOX
        with visitor.get(path, headers={"If-None-Match": '"other"'}) as other:
            assert other.status_code == 200


def test_a_part_of_a_picture_can_be_asked_for(visitor: Visitor, picture: str) -> None:
    whole = visitor.get(picture).data
    part = visitor.get(picture, headers={"Range": "bytes=5-14"})
    assert (part.status_code, part.data) == (206, whole[5:15])
    assert part.headers["Content-Range"] == f"bytes 5-14/{len(whole)}"
    assert part.headers["Content-Security-Policy"] == SANDBOX
    odd = ("x-y", "5-1", "1-2,5-6", "9999999-", "-0", "9" * 5000, "0-" + "9" * 30)
    for range_ in (*odd, "", "-"):
        with visitor.get(picture, headers={"Range": f"bytes={range_}"}) as response:
            assert response.status_code in (200, 206, 416)


def test_only_the_head_can_be_asked_for(visitor: Visitor, picture: str) -> None:
    with visitor.open(picture, method="HEAD") as response:
        assert (response.status_code, response.data) == (200, b"")
        assert int(response.headers["Content-Length"]) > 0


def test_everybody_without_a_picture_has_one_of_their_own(visitor: Visitor, cast: Cast) -> None:
    drawn = {}
    for person in (cast.alice, cast.bob, cast.carol):
        response = visitor.get(f"/identicons/{person.id}.svg")
        assert response.status_code == 200
        assert response.mimetype == "image/svg+xml"
        assert response.headers["Content-Security-Policy"] == SANDBOX
        assert Page(response.text).one("svg")
        drawn[person.username] = response.data
    assert len(set(drawn.values())) == 3
    assert visitor.get(f"/identicons/{cast.bob.id}.svg").data == drawn["bob"]


@pytest.mark.parametrize(
    "path",
    [
        "/media/ab/" + "ab" + "0" * 30 + ".webp",
        "/media/ab/x.webp",
        "/media/ab/",
        "/media/",
        "/media/../secret_key",
        "/media/..%2f..%2fsecret_key",
        "/media/%2e%2e/secret_key",
        "/media/ab/..%2f..%2f..%2fsecret_key",
        "/media/ab/..%5c..%5csecret_key",
        "/media//etc/passwd",
        "/media/ab/%00.webp",
        "/media/locks/00.lock",
        "/media/" + "a" * 5000 + "/b",
        "/identicons/alice.svg",
        "/identicons/-1.svg",
        "/identicons/007.svg",
        "/identicons/99999999999999999999.svg",
        "/identicons/1.png",
        "/identicons/.svg",
        "/identicons/%3Cscript%3E.svg",
        "/assets/app.css",
        "/assets/../config.py",
        "/assets/..%2fsecurity.py",
        "/secret_key",
        "/data/secret_key",
        "/microblog.db",
    ],
)
def test_what_is_no_picture_is_not_found(visitor: Visitor, services: Services, path: str) -> None:
    response = visitor.get(path)
    assert response.status_code == 404
    assert services.folder.secret_key not in response.text
    assert "Location" not in response.headers


def test_a_file_that_is_gone_is_not_found(
    visitor: Visitor, services: Services, picture: str
) -> None:
    (services.folder.media / picture.removeprefix("/media/")).unlink()
    assert visitor.get(picture).status_code == 404


def test_pictures_make_no_statement(app: Flask, visitor: Visitor, picture: str, cast: Cast) -> None:
    db = app.extensions["microblog"].db
    page = visitor.page("/explore")
    asset = page.one("link", rel="stylesheet")["href"]
    for path in (picture, f"/identicons/{cast.alice.id}.svg", asset, "/favicon.ico"):
        with visitor.get(path) as response:
            assert (response.status_code, db.statements) == (200, 0)
