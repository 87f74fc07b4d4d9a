"""What anybody may read: explore, and the posts under a tag."""

import pytest
from flask import Flask

from microblog.db import Database
from tests import make
from tests.cast import Cast
from tests.page import Page
from tests.visitor import Visitor


def test_explore_shows_everybodys_posts_to_visitors_too(
    app: Flask, visitor: Visitor, cast: Cast, db: Database
) -> None:
    make.post(db, cast.alice, "by Alice")
    make.post(db, cast.carol, "by Carol")
    page = visitor.page("/explore")
    assert page.title == "Explore · Testville"
    assert page.posts == ["by Carol", "by Alice"]
    assert page.one("h1").text == "Testville"
    assert {"/auth/register", "/auth/login"} <= set(page.links)
    signed_in = Visitor.signed_in(app, cast.bob).page("/explore")
    assert signed_in.posts == page.posts
    assert signed_in.one("h1").text == "Explore"


def test_explore_is_read_page_by_page(visitor: Visitor, cast: Cast, db: Database) -> None:
    make.posts_of(db, cast.alice, 25)
    first = visitor.page("/explore")
    make.post(db, cast.bob, "a newer one")
    second = visitor.page(first.one("a", "pager-older")["href"])
    assert first.posts + second.posts == [f"Post {n} of alice" for n in reversed(range(25))]
    assert visitor.page(second.one("a", "pager-newer")["href"]).posts == first.posts


@pytest.mark.sqlite_only
def test_explore_without_posts_says_what_will_be_here(app: Flask, cast: Cast) -> None:
    page = Visitor.signed_in(app, cast.alice).page("/explore")
    assert page.one("h2", "empty-heading").text == "Nobody has written anything yet"
    assert page.one("div", "empty").one("a")["href"] == "/posts/new"


def test_an_odd_key_answers_an_empty_page_with_a_way_back(
    visitor: Visitor, cast: Cast, db: Database
) -> None:
    make.post(db, cast.alice, "#tea")
    for path in ("/explore", "/@alice", "/tags/tea", "/@alice/followers"):
        for key in ("before=0", "before=x", "after=99999999999999999999"):
            page = visitor.page(f"{path}?{key}")
            assert page.posts == page.people == []
            assert page.one("div", "empty").one("a")["href"] == path


@pytest.mark.parametrize("path", ["/explore", "/@alice", "/tags/tea"])
@pytest.mark.sqlite_only
def test_load_more_gets_cards_and_pager_alone(
    visitor: Visitor, cast: Cast, db: Database, path: str
) -> None:
    for number in range(21):
        make.post(db, cast.alice, f"{number} #tea")
    older = visitor.page(path).one("a", "pager-older")["hx-get"]
    fragment = Page(visitor.get(older, headers={"HX-Request": "true"}).text)
    assert fragment.posts == ["0 #tea"]
    assert not fragment.all("html")


def test_a_tag_shows_its_posts_whatever_case_they_write_it_in(
    visitor: Visitor, cast: Cast, db: Database
) -> None:
    make.post(db, cast.alice, "Green #Tea")
    make.post(db, cast.bob, "black #TEA")
    make.post(db, cast.bob, "no tea")
    page = visitor.page("/tags/tea")
    assert page.title == "#tea · Testville"
    assert page.posts == ["black #TEA", "Green #Tea"]
    assert "/tags/tea" in page.links


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [("TEA", "/tags/tea"), ("Stra%C3%9Fe", "/tags/strasse"), ("%EF%BC%A1", "/tags/a")],
)
@pytest.mark.sqlite_only
def test_each_tag_has_one_address(visitor: Visitor, asked: str, canonical: str) -> None:
    response = visitor.get(f"/tags/{asked}")
    assert (response.status_code, response.location) == (301, canonical)
    assert visitor.get(canonical).status_code == 200


@pytest.mark.sqlite_only
def test_a_tag_nobody_used_says_so(visitor: Visitor) -> None:
    page = visitor.page("/tags/unheard")
    assert page.one("h2", "empty-heading").text == "No posts with this tag"


def test_what_is_deleted_is_gone_from_every_page(
    app: Flask, visitor: Visitor, cast: Cast, db: Database
) -> None:
    post_id = make.post(db, cast.alice, "a mistake #tea")
    pages = ("/explore", "/tags/tea", "/@alice")
    for path in pages:
        assert visitor.page(path).posts == ["a mistake #tea"]
    Visitor.signed_in(app, cast.alice).post(f"/posts/{post_id}/delete")
    for path in pages:
        assert visitor.page(path).posts == []
    assert visitor.get(f"/@alice/{post_id}").status_code == 404
