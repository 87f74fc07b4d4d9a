"""The page of one post."""

import pytest
from flask import Flask

from microblog.db import Database
from tests import make
from tests.cast import Cast
from tests.visitor import Visitor


def test_a_post_has_a_page_of_its_own(visitor: Visitor, cast: Cast, db: Database) -> None:
    post_id = make.post(db, cast.alice, "Hello @bob, #tea?\nSecond line: https://ex.com/a")
    link = visitor.page("/explore").one("a", "post-time")["href"]
    assert link == f"/@alice/{post_id}"
    page = visitor.page(link)
    assert page.title == "alice: Hello @bob, #tea? Second line: https://ex.com/a · Testville"
    assert page.one("h1").text == "Post by alice"
    text = page.one("div", "post-text")
    assert [link["href"] for link in text.all("a")] == ["/@bob", "/tags/tea", "https://ex.com/a"]
    assert len(text.all("br")) == 1
    assert page.one("time")["datetime"].endswith("+00:00")


@pytest.mark.sqlite_only
def test_a_long_post_has_a_short_title(visitor: Visitor, cast: Cast, db: Database) -> None:
    post_id = make.post(db, cast.alice, "word " * 90)
    title = visitor.page(f"/@alice/{post_id}").title
    assert title == f"alice: {('word ' * 12)[:59]}… · Testville"


def test_a_post_is_not_found_under_another_name(visitor: Visitor, cast: Cast, db: Database) -> None:
    post_id = make.post(db, cast.alice)
    for name in ("bob", "nobody", "BOB"):
        assert visitor.get(f"/@{name}/{post_id}").status_code == 404


def test_a_post_has_one_address(visitor: Visitor, cast: Cast, db: Database) -> None:
    post_id = make.post(db, cast.alice)
    response = visitor.get(f"/@ALICE/{post_id}")
    assert (response.status_code, response.location) == (301, f"/@alice/{post_id}")
    for other in (f"/@alice/0{post_id}", f"/@alice/{post_id}/", f"/@alice/+{post_id}"):
        assert visitor.get(other).status_code == 404


def test_a_deleted_post_is_not_found_whoever_asks(
    app: Flask, visitor: Visitor, cast: Cast, db: Database
) -> None:
    post_id = make.post(db, cast.alice)
    alice = Visitor.signed_in(app, cast.alice)
    assert alice.get(f"/@alice/{post_id}").status_code == 200
    alice.post(f"/posts/{post_id}/delete")
    for reader in (alice, visitor, Visitor.signed_in(app, cast.bob)):
        assert reader.get(f"/@alice/{post_id}").status_code == 404


def test_what_is_no_post_is_not_found(visitor: Visitor, cast: Cast) -> None:
    for id_ in ("0", "1", "x", "-1", "1.5", "9" * 18, "9" * 19, "9" * 20, "9" * 5000, "٣"):
        assert visitor.get(f"/@alice/{id_}").status_code == 404


@pytest.mark.sqlite_only
def test_a_text_full_of_markup_is_shown_as_text(visitor: Visitor, cast: Cast, db: Database) -> None:
    written = '<b>bold</b> & <img src=x onerror="alert(1)"> {{7*7}} \\ "quotes"'
    post_id = make.post(db, cast.alice, written)
    page = visitor.page(f"/@alice/{post_id}")
    assert page.posts == [written]
    assert not page.one("div", "post-text").all("b")
    assert page.title.startswith("alice: <b>bold</b> & <img src=x")
