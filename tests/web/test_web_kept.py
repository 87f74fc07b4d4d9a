"""The pages of what somebody keeps and likes, and of who else likes a post."""

import pytest
from flask import Flask

from microblog.db import Database
from microblog.domain.visibility import FOLLOWERS
from tests import make
from tests.cast import Cast
from tests.page import Page
from tests.visitor import Visitor

pytestmark = pytest.mark.sqlite_only


@pytest.mark.parametrize(
    ("path", "verb"), [("/bookmarks", "bookmark"), ("/favourites", "favourite")]
)
def test_what_one_keeps_has_a_page_for_nobody_else(
    app: Flask, visitor: Visitor, bob: Visitor, cast: Cast, db: Database, path: str, verb: str
) -> None:
    first, second = make.posts_of(db, cast.alice, 2)
    assert bob.page(path).one("div", "posts").all("article") == []
    assert "/explore" in bob.page(path).one("main").one("div", "posts").all("a")[0]["href"]
    for post_id in (second, first):
        bob.post(f"/posts/{post_id}/{verb}")
    page = bob.page(path)
    assert page.posts == ["Post 0 of alice", "Post 1 of alice"]
    assert page.one("nav", "nav-more").one("a", **{"aria-current": "page"})["href"] == "/bookmarks"
    assert page.one("nav", "tabs").one("a", **{"aria-current": "page"})["href"] == path
    assert Visitor.signed_in(app, cast.alice).page(path).posts == []
    assert visitor.get(path).location.startswith("/auth/login")


@pytest.mark.parametrize("path", ["/bookmarks", "/favourites"])
@pytest.mark.parametrize("key", ["before=1", "after=99999999999999999999", "before=x", "after=\0"])
def test_an_odd_key_leads_to_an_empty_page(bob: Visitor, path: str, key: str) -> None:
    assert bob.page(f"{path}?{key}").posts == []


@pytest.mark.parametrize(("path", "verb"), [("favourites", "favourite"), ("boosts", "boost")])
def test_anybody_may_see_who_liked_a_post_that_they_see(
    visitor: Visitor, bob: Visitor, cast: Cast, db: Database, path: str, verb: str
) -> None:
    post_id = make.post(db, cast.alice)
    address = f"/@alice/{post_id}/{path}"
    assert visitor.page(address).people == []
    bob.post(f"/posts/{post_id}/{verb}")
    assert visitor.page(address).people == ["@bob"]
    moved = visitor.get(f"/@ALICE/{post_id}/{path}")
    assert (moved.status_code, moved.location) == (301, address)
    assert visitor.get(f"/@bob/{post_id}/{path}").status_code == 404
    make.narrow(db, cast.alice, post_id, FOLLOWERS)
    assert visitor.get(address).status_code == 404
    assert bob.get(address).status_code == 200


def test_a_list_goes_on_in_place(
    app: Flask, visitor: Visitor, cast: Cast, db: Database, bob: Visitor
) -> None:
    post_id = make.post(db, cast.alice)
    for person in [make.account(db, f"person{number}") for number in range(21)]:
        Visitor.signed_in(app, person).post(f"/posts/{post_id}/favourite")
    page = visitor.page(f"/@alice/{post_id}/favourites")
    assert len(page.people) == 20
    (older,) = (link for link in page.links if "?before=" in link)
    more = Page(visitor.get(older, headers={"HX-Request": "true"}).text)
    assert [each.text for each in more.all("span", "account-handle")] == ["@person0"]
