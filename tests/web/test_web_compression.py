"""What a browser gets first is compressed, and nothing else is."""

import gzip

import pytest
from flask import Flask

from microblog.db import Database
from tests import make
from tests.cast import Cast
from tests.visitor import Visitor

GZIP = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def posts(db: Database, cast: Cast) -> list[int]:
    return make.posts_of(db, cast.alice, 20)


@pytest.mark.sqlite_only
def test_the_first_page_of_a_browser_is_compressed(visitor: Visitor, posts: list[int]) -> None:
    plain = visitor.get("/explore")
    packed = visitor.get("/explore", headers=GZIP)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert packed.content_length == len(packed.data)
    assert len(packed.data) * 3 < len(plain.data)
    assert b"Post 7 of alice" in gzip.decompress(packed.data)


@pytest.mark.sqlite_only
def test_who_has_seen_a_page_gets_the_next_as_it_is(
    app: Flask, cast: Cast, posts: list[int]
) -> None:
    alice = Visitor.signed_in(app, cast.alice)
    alice.set_cookie("zone", "Europe/Berlin")
    assert "Content-Encoding" not in alice.get("/", headers=GZIP).headers


@pytest.mark.sqlite_only
@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "br", "deflate, zstd"])
def test_who_cannot_unpack_gets_the_page_as_it_is(
    visitor: Visitor, posts: list[int], accepted: str
) -> None:
    response = visitor.get("/explore", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in response.headers
    assert "Post 7 of alice" in response.text


@pytest.mark.sqlite_only
def test_pictures_and_answers_for_scripts_are_left_as_they_are(
    app: Flask, cast: Cast, posts: list[int]
) -> None:
    alice = Visitor.signed_in(app, cast.alice)
    for path in ("/updates?after=0", f"/identicons/{cast.alice.id}.svg"):
        assert "Content-Encoding" not in alice.get(path, headers=GZIP).headers
