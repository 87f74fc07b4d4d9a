"""Who follows whom, and following."""

import pytest
from flask import Flask
from sqlalchemy import select

from microblog.db import Database
from microblog.models import Account, Follow, OutboxEvent
from tests import make
from tests.cast import Cast
from tests.page import Page
from tests.parallel import at_once
from tests.snapshot import count, snapshot
from tests.visitor import Visitor


def test_following_is_said_and_shown(carol: Visitor, cast: Cast, db: Database) -> None:
    response = carol.post("/@alice/follow")
    assert (response.status_code, response.location) == (303, "/@alice")
    page = carol.page("/@alice")
    assert page.flashes == ["You follow alice now."]
    assert page.one("div", "profile-act").one("button")["formaction"] == "/@alice/unfollow"
    assert followed_by(db, cast.carol.id) == [cast.alice.id]


def test_following_twice_is_once(carol: Visitor, cast: Cast, db: Database) -> None:
    for _ in range(2):
        assert carol.post("/@Alice/follow").status_code == 303
    assert followed_by(db, cast.carol.id) == [cast.alice.id]
    assert counts(db, cast.alice.id) == (2, 0)
    for _ in range(2):
        assert carol.post("/@alice/unfollow").status_code == 303
    assert followed_by(db, cast.carol.id) == []
    assert counts(db, cast.alice.id) == (1, 0)


def test_nobody_follows_themselves(carol: Visitor, cast: Cast, db: Database) -> None:
    before = snapshot(db)
    for headers in ({}, {"HX-Request": "true"}):
        response = carol.post("/@carol/follow", headers=headers)
        assert (response.status_code, response.location) == (303, "/@carol")
        assert carol.page("/@carol").flashes == ["You cannot follow yourself."]
    assert snapshot(db) == before


@pytest.mark.parametrize("act", ["follow", "unfollow"])
def test_nobody_can_be_followed_who_is_not_there(
    carol: Visitor, cast: Cast, db: Database, act: str
) -> None:
    before = snapshot(db)
    assert carol.post(f"/@nobody/{act}").status_code == 404
    assert snapshot(db) == before


@pytest.mark.parametrize("act", ["follow", "unfollow"])
@pytest.mark.sqlite_only
def test_following_needs_a_form(carol: Visitor, cast: Cast, act: str) -> None:
    assert carol.get(f"/@alice/{act}").status_code == 405


@pytest.mark.sqlite_only
def test_a_visitor_is_led_to_the_login(visitor: Visitor, cast: Cast, db: Database) -> None:
    before = snapshot(db)
    response = visitor.post("/@alice/follow", headers={"Referer": "http://localhost/@alice"})
    assert response.status_code == 303
    assert response.location.startswith("/auth/login")
    fragment = visitor.post("/@alice/follow", headers={"HX-Request": "true"})
    assert fragment.status_code == 401
    assert fragment.headers["HX-Redirect"].startswith("/auth/login")
    assert snapshot(db) == before


@pytest.mark.parametrize(
    ("referrer", "location"),
    [
        ("http://localhost/explore?before=7", "/explore?before=7"),
        ("http://evil.example/explore", "/@alice"),
        ("http://localhost//evil.example", "/@alice"),
        ("http://[", "/@alice"),
        ("", "/@alice"),
    ],
)
@pytest.mark.sqlite_only
def test_after_the_act_the_page_is_there_where_it_was_done(
    carol: Visitor, cast: Cast, referrer: str, location: str
) -> None:
    response = carol.post("/@alice/follow", headers={"Referer": referrer})
    assert (response.status_code, response.location) == (303, location)


def test_with_scripts_the_answer_is_the_other_button_and_the_message(
    carol: Visitor, cast: Cast, db: Database
) -> None:
    for act, other, message in [
        ("follow", "unfollow", "You follow alice now."),
        ("unfollow", "follow", "You do not follow alice any more."),
    ]:
        response = carol.post(f"/@alice/{act}", headers={"HX-Request": "true"})
        assert response.status_code == 200
        fragment = Page(response.text)
        button = fragment.one("button", "follow")
        assert button["hx-post"] == button["formaction"] == f"/@alice/{other}"
        assert button["form"] == "act"
        assert fragment.flashes == [message]
        assert carol.page("/explore").flashes == []


@pytest.mark.sqlite_only
def test_a_page_with_buttons_has_the_form_they_belong_to(
    carol: Visitor, cast: Cast, db: Database
) -> None:
    make.post(db, cast.alice)
    for path in ("/", "/@alice", "/@alice/followers"):
        page = carol.page(path)
        form = page.one("form", id="act")
        assert form["method"] == "post"
        assert form.one("input", name="csrf_token")["value"]
        assert {button["form"] for button in page.all("button", "follow")} == {"act"}


def test_the_lists_show_the_people_the_newest_first(
    app: Flask, visitor: Visitor, cast: Cast, db: Database
) -> None:
    make.follow(db, cast.carol, cast.alice)
    make.follow(db, cast.bob, cast.carol)
    page = visitor.page("/@alice/followers")
    assert page.title == "Followers of alice · Testville"
    assert page.people == ["@carol", "@bob"]
    assert visitor.page("/@bob/following").people == ["@carol", "@alice"]
    assert Visitor.signed_in(app, cast.bob).page("/@alice/followers").people == ["@carol", "@bob"]
    empty = visitor.page("/@alice/following")
    assert empty.one("h2", "empty-heading").text == "Follows nobody yet"
    assert visitor.page("/@bob/followers").one("h2", "empty-heading").text == "No followers yet"


def test_the_lists_are_read_page_by_page(visitor: Visitor, cast: Cast, db: Database) -> None:
    for number in range(24):
        make.follow(db, make.account(db, f"reader{number}"), cast.alice)
    first = visitor.page("/@alice/followers")
    older = first.one("a", "pager-older")
    second = visitor.page(older["href"])
    assert first.people + second.people == [f"@reader{n}" for n in reversed(range(24))] + ["@bob"]
    assert visitor.page(second.one("a", "pager-newer")["href"]).people == first.people
    fragment = Page(visitor.get(older["hx-get"], headers={"HX-Request": "true"}).text)
    names = [
        account.one("span", "account-handle").text for account in fragment.all("li", "account")
    ]
    assert names == second.people
    assert fragment.one("nav", "pager").one("p", "pager-end")


@pytest.mark.parametrize("list_", ["followers", "following"])
def test_nobody_has_no_lists(visitor: Visitor, list_: str) -> None:
    assert visitor.get(f"/@nobody/{list_}").status_code == 404


@pytest.mark.sqlite_only
def test_the_rail_names_people_to_follow_until_they_are_followed(
    carol: Visitor, cast: Cast, db: Database
) -> None:
    make.post(db, cast.alice)
    rail = carol.page("/explore").one("aside")
    assert [name.text for name in rail.all("span", "account-handle")] == ["@alice"]
    carol.post("/@alice/follow")
    assert not carol.page("/explore").one("aside").all("span", "account-handle")


def test_twenty_browsers_following_at_once_is_one_follow(
    app: Flask, cast: Cast, db: Database
) -> None:
    browsers = [Visitor.signed_in(app, cast.carol) for _ in range(20)]
    forms = [{"csrf_token": browser.token()} for browser in browsers]
    events = count(db, OutboxEvent)

    def act(verb: str) -> list[int]:
        return at_once(
            *(
                lambda browser=browser, form=form: (
                    browser.post_raw(f"/@alice/{verb}", data=form).status_code
                )
                for browser, form in zip(browsers, forms, strict=True)
            )
        )

    assert set(act("follow")) == {303}
    assert (counts(db, cast.alice.id), counts(db, cast.carol.id)) == ((2, 0), (0, 1))
    assert count(db, OutboxEvent) == events + 1
    assert set(act("unfollow")) == {303}
    assert (counts(db, cast.alice.id), counts(db, cast.carol.id)) == ((1, 0), (0, 0))
    assert count(db, OutboxEvent) == events + 2


def followed_by(db: Database, account_id: int) -> list[int]:
    with db.read() as session:
        found = session.scalars(select(Follow.followed_id).where(Follow.follower_id == account_id))
        return list(found)


def counts(db: Database, account_id: int) -> tuple[int, int]:
    with db.read() as session:
        account = session.get_one(Account, account_id)
        return account.followers_count, account.following_count
