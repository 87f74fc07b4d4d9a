"""The page of a person."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from microblog import clock
from microblog.db import Database
from microblog.domain import accounts
from microblog.models import Account
from tests import make
from tests.cast import Cast
from tests.visitor import Visitor


def test_a_profile_shows_the_person_and_their_posts(
    app: Flask, visitor: Visitor, cast: Cast, db: Database
) -> None:
    make.post(db, cast.alice, "by Alice")
    make.post(db, cast.bob, "by Bob")
    _introduce(db, cast)
    page = visitor.page("/@alice")
    assert page.title == "Alice L. (@alice) · Testville"
    assert page.one("h1", "profile-name").text == "Alice L."
    assert page.one("p", "profile-handle").text == "@alice"
    assert page.one("div", "profile-about").text == "I run this. See ex.com"
    assert page.one("div", "profile-about").one("a")["href"] == "https://ex.com"
    assert page.one("ul", "profile-counts").text == "1 post 0 following 1 follower"
    assert page.one("img", "profile-avatar")["src"] == f"/identicons/{cast.alice.id}.svg"
    assert page.posts == ["by Alice"]


def test_a_visitor_is_offered_to_log_in_and_comes_back(visitor: Visitor, cast: Cast) -> None:
    page = visitor.page("/@alice")
    link = page.one("div", "profile-act").one("a")["href"]
    form = visitor.page(link).one("form")
    response = visitor.post(form["action"], {"identifier": "bob", "password": make.PASSWORD})
    assert response.location == "/@alice"


@pytest.mark.sqlite_only
def test_each_reader_has_the_act_that_fits(app: Flask, cast: Cast) -> None:
    def act(reader: str, path: str) -> str:
        person = {"alice": cast.alice, "bob": cast.bob, "carol": cast.carol}[reader]
        acts = Visitor.signed_in(app, person).page(path).one("div", "profile-act")
        return " ".join(button.text for button in acts.all("button", "follow")) or acts.text

    assert act("alice", "/@alice") == "Edit profile"
    assert act("bob", "/@alice") == "FollowingUnfollow"
    assert act("carol", "/@alice") == "Follow"
    assert act("alice", "/@bob") == "Follow back"


@pytest.mark.sqlite_only
def test_whoever_is_followed_reads_that_they_are(app: Flask, cast: Cast) -> None:
    alice = Visitor.signed_in(app, cast.alice)
    assert alice.page("/@bob").one("p", "profile-handle").text == "@bob Follows you"
    assert alice.page("/@carol").one("p", "profile-handle").text == "@carol"


def test_each_person_has_one_address(visitor: Visitor, cast: Cast) -> None:
    for path in ("/@ALICE", "/@Alice", "/user/alice", "/user/ALICE"):
        response = visitor.get(path)
        assert (response.status_code, response.location) == (301, "/@alice")


def test_nobody_has_no_page(visitor: Visitor, cast: Cast) -> None:
    for path in ("/@nobody", "/user/nobody", "/@", "/@%20alice", "/@alice%20", "/@ alice"):
        assert visitor.get(path).status_code == 404


def test_a_profile_is_read_page_by_page(visitor: Visitor, cast: Cast, db: Database) -> None:
    make.posts_of(db, cast.alice, 25)
    first = visitor.page("/@alice")
    make.post(db, cast.alice, "a newer one")
    second = visitor.page(first.one("a", "pager-older")["href"])
    assert first.posts + second.posts == [f"Post {n} of alice" for n in reversed(range(25))]
    assert visitor.page(second.one("a", "pager-newer")["href"]).posts == first.posts


@pytest.mark.sqlite_only
def test_a_changed_profile_shows_at_once(app: Flask, cast: Cast, db: Database) -> None:
    make.post(db, cast.alice)
    readers = [Visitor(app), Visitor.signed_in(app, cast.alice), Visitor.signed_in(app, cast.bob)]
    for reader in readers:
        assert reader.page("/@alice").one("h1").text == "alice"
        assert reader.page("/explore").one("a", "post-name").text == "alice"
    _introduce(db, cast)
    for reader in readers:
        assert reader.page("/@alice").one("h1").text == "Alice L."
        assert reader.page("/explore").one("a", "post-name").text == "Alice L."


@pytest.mark.sqlite_only
def test_last_seen_shows_unless_it_is_hidden(visitor: Visitor, cast: Cast, db: Database) -> None:
    assert "Last seen" not in visitor.page("/@alice").text
    _change(db, cast, last_seen_at=clock.now() - timedelta(hours=3, minutes=5))
    page = visitor.page("/@alice")
    assert "Last seen 3h ago" in page.text
    _change(db, cast, shows_last_seen=False)
    assert "Last seen" not in visitor.page("/@alice").text


def _introduce(db: Database, cast: Cast) -> None:
    with db.read() as session:
        draft = accounts.compose_profile(
            session, display_name="Alice L.", about="I run this. See https://ex.com"
        )
    db.write(lambda session: accounts.edit_profile(session, by=cast.alice, draft=draft))


def _change(db: Database, cast: Cast, **values: object) -> None:
    def change(session: Session) -> None:
        account = session.get_one(Account, cast.alice.id)
        for name, value in values.items():
            setattr(account, name, value)

    db.write(change)
