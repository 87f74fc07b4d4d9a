"""The home page: one's own posts and those of the people one follows, page by page."""

from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from microblog.db import Database
from microblog.ids import MAX_ID
from microblog.worker import Worker
from tests import make
from tests.beside import application_beside
from tests.cast import Cast
from tests.page import Page
from tests.visitor import Visitor

ODD_KEYS = [
    "",
    "0",
    "-1",
    "1e9",
    "NaN",
    "99999999999999999999",
    "%00",
    "x" * 5000,
    "1;2",
    "٣",
    "+1",
]


@pytest.mark.sqlite_only
def test_visitors_are_led_to_explore(visitor: Visitor) -> None:
    response = visitor.get("/")
    assert (response.status_code, response.location) == (302, "/explore")


@pytest.mark.sqlite_only
def test_the_second_address_of_the_tutorial_leads_home(bob: Visitor) -> None:
    response = bob.get("/index")
    assert (response.status_code, response.location) == (301, "/")


def test_home_shows_own_posts_and_those_of_the_followed(
    bob: Visitor, cast: Cast, db: Database, worker: Worker
) -> None:
    make.post(db, cast.alice, "by Alice")
    make.post(db, cast.carol, "by Carol, whom Bob does not follow")
    make.post(db, cast.bob, "by Bob")
    worker.run_due()
    page = bob.page("/")
    assert page.title == "Home · Testville"
    assert sorted(page.posts) == ["by Alice", "by Bob"]
    assert page.one("form", "composer")["action"] == "/posts"


def test_a_boost_says_who_brought_it(
    bob: Visitor, cast: Cast, db: Database, worker: Worker
) -> None:
    make.boost(db, cast.alice, make.post(db, cast.carol))
    worker.run_due()
    line = bob.page("/").one("p", "post-boosted")
    assert line.text == "alice boosted"
    assert line.one("a")["href"] == "/@alice"


def test_what_has_a_warning_is_shown_on_request(bob: Visitor, cast: Cast, db: Database) -> None:
    make.post(db, cast.bob, "The butler.", warning="The end of a book")
    folded = bob.page("/").one("details", "post-warning")
    assert folded.one("span", "post-warning-text").text == "The end of a book"
    assert "The butler." in folded.one("div", "post-text").text
    assert "open" not in folded.attributes


def test_a_new_follow_shows_at_once_and_an_unfollow_too(
    bob: Visitor, cast: Cast, db: Database
) -> None:
    make.post(db, cast.carol, "by Carol")
    bob.post("/@carol/follow")
    assert bob.page("/").posts == ["by Carol"]
    bob.post("/@carol/unfollow")
    assert bob.page("/").one("section", "from-here")


def test_a_home_without_posts_says_what_to_do_next(app: Flask, cast: Cast, db: Database) -> None:
    make.post(db, cast.alice, "Something")
    page = Visitor.signed_in(app, cast.carol).page("/")
    assert page.one("h2", "empty-heading").text == "Your home is ready"
    assert "/explore" in page.links
    assert page.people == ["@alice"]
    here = page.one("section", "from-here")
    assert here.one("h2", id="from-here").text == "From this server"
    assert [post.one("div", "post-text").text for post in here.all("article")] == ["Something"]


def test_what_is_on_this_server_is_shown_only_where_there_is_nothing_else(
    app: Flask, cast: Cast, db: Database
) -> None:
    carol = Visitor.signed_in(app, cast.carol)
    assert not carol.page("/").all("section", "from-here")
    make.post(db, cast.alice, "For some", visibility="followers")
    make.post(db, cast.bob, "Of a muted one")
    make.mute(db, cast.carol, cast.bob)
    assert not carol.page("/").all("section", "from-here")
    make.post(db, cast.alice, "For all")
    assert carol.page("/").posts == ["For all"]
    assert not carol.page("/?before=1").all("section", "from-here")
    make.post(db, cast.carol, "My own")
    assert carol.page("/").posts == ["My own"]


def test_links_to_older_and_newer_posts_stay_right_while_people_post(
    bob: Visitor, cast: Cast, db: Database, worker: Worker
) -> None:
    make.posts_of(db, cast.alice, 45)
    worker.run_due()
    first = bob.page("/")
    make.posts_of(db, cast.alice, 7)
    worker.run_due()
    second = bob.page(first.one("a", "pager-older")["href"])
    make.post(db, cast.alice, "one more")
    worker.run_due()
    third = bob.page(second.one("a", "pager-older")["href"])
    assert first.posts + second.posts + third.posts == [
        f"Post {number} of alice" for number in reversed(range(45))
    ]
    assert not third.all("a", "pager-older")
    assert third.one("p", "pager-end").text == "That's everything."
    again = bob.page(third.one("a", "pager-newer")["href"])
    assert again.posts == second.posts
    assert bob.page(again.one("a", "pager-newer")["href"]).posts == first.posts


@pytest.mark.sqlite_only
def test_the_first_page_has_no_link_to_newer_posts(bob: Visitor, cast: Cast, db: Database) -> None:
    make.posts_of(db, cast.bob, 21)
    page = bob.page("/")
    assert len(page.posts) == 20
    assert not page.all("a", "pager-newer")
    assert not page.all("p", "pager-end")


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", ["before", "after"])
@pytest.mark.parametrize("key", ODD_KEYS)
def test_an_odd_key_answers_an_empty_page_with_a_way_back(
    bob: Visitor, cast: Cast, db: Database, name: str, key: str
) -> None:
    make.post(db, cast.bob)
    page = Page(bob.get("/", query_string={name: key}).text)
    if (name, key) == ("after", "0"):
        assert page.posts == ["Hello"]
        return
    assert page.posts == []
    assert page.one("h2", "empty-heading").text == "Nothing on this page any more"
    assert page.one("div", "empty").one("a")["href"] == "/"


@pytest.mark.sqlite_only
def test_a_key_newer_than_everything_answers_an_empty_page(
    bob: Visitor, cast: Cast, db: Database
) -> None:
    make.post(db, cast.bob)
    assert bob.page(f"/?after={MAX_ID}").posts == []
    assert bob.page(f"/?before={MAX_ID - 1}").posts == ["Hello"]


@pytest.mark.sqlite_only
def test_load_more_gets_cards_and_pager_alone(bob: Visitor, cast: Cast, db: Database) -> None:
    make.posts_of(db, cast.bob, 41)
    older = bob.page("/").one("a", "pager-older")
    assert older["hx-get"] == older["href"]
    response = bob.get(older["hx-get"], headers={"HX-Request": "true"})
    fragment = Page(response.text)
    assert fragment.posts == bob.page(older["href"]).posts
    assert {child.tag for child in fragment.children if not isinstance(child, str)} == {
        "article",
        "nav",
    }
    assert fragment.one("a", "pager-older")


@pytest.mark.sqlite_only
def test_the_page_is_as_long_as_the_setting_says(
    app: Flask, cast: Cast, db: Database, tmp_path: Path
) -> None:
    make.posts_of(db, cast.bob, 4)
    with application_beside(app, tmp_path, POSTS_PER_PAGE=3) as beside:
        assert len(Visitor.signed_in(beside, cast.bob).page("/").posts) == 3


def new_posts(response: TestResponse) -> object:
    found = response.get_json()
    assert isinstance(found, dict)
    return found["new_posts"]


def test_the_poll_counts_what_others_wrote_since(
    bob: Visitor, cast: Cast, db: Database, worker: Worker
) -> None:
    make.post(db, cast.alice, "first")
    worker.run_due()
    after = bob.page("/").one("div", "new-posts")["data-after"]
    url = f"/updates?after={after}"
    assert new_posts(bob.get(url)) == {"count": 0, "label": ""}
    make.post(db, cast.alice, "second")
    make.post(db, cast.bob, "Bob's own is no news to him")
    worker.run_due()
    assert new_posts(bob.get(url)) == {"count": 1, "label": "1 new post"}
    make.posts_of(db, cast.alice, 60)
    worker.run_due()
    assert new_posts(bob.get(url)) == {"count": 40, "label": "40 new posts"}


@pytest.mark.parametrize("key", ODD_KEYS)
@pytest.mark.sqlite_only
def test_the_poll_takes_odd_keys(bob: Visitor, key: str) -> None:
    response = bob.get("/updates", query_string={"after": key})
    assert new_posts(response) == {"count": 0, "label": ""}


@pytest.mark.sqlite_only
def test_the_poll_tells_a_visitor_nothing(visitor: Visitor) -> None:
    response = visitor.get("/updates?after=0", headers={"Accept": "application/json"})
    assert response.status_code == 401
    assert response.json
    assert response.json["error"] == "You are not logged in"
