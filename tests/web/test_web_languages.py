"""The language of the interface, of posts, and of what one reads."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from microblog.db import Database
from microblog.models import Post, User
from tests import make
from tests.beside import HTTPS, application_beside
from tests.cast import PASSWORD, Cast
from tests.visitor import Visitor

PATH = "/language"
PREFERENCES = {"locale": "", "time_zone": "", "theme": "auto"}


@pytest.mark.sqlite_only
def test_every_page_leads_to_the_languages_each_by_its_own_name(
    visitor: Visitor, cast: Cast
) -> None:
    for path in ("/explore", "/auth/login", "/@alice"):
        link = visitor.page(path).one("a", "footer-language")
        assert (link["href"], link.text) == (PATH, "Language English")
    offered = visitor.page(PATH).all("button", name="language")
    shown = [(button["lang"], button.one("bdi")["dir"], button.text) for button in offered]
    assert shown == [
        ("en", "ltr", "English"),
        ("es", "ltr", "Español"),
        ("de", "ltr", "Deutsch"),
        ("ar", "rtl", "العربية"),
        ("ja", "ltr", "日本語"),
    ]
    assert [button.text for button in offered if "aria-current" in button.attributes] == ["English"]


@pytest.mark.sqlite_only
def test_a_visitors_choice_is_kept_by_the_browser_and_wins_over_its_wish(
    visitor: Visitor, cast: Cast
) -> None:
    response = visitor.post(PATH, {"language": "ar", "next": "/@alice?before=5"})
    assert (response.status_code, response.location) == (303, "/@alice?before=5")
    html = visitor.page("/explore", headers={"Accept-Language": "de"}).one("html")
    assert (html["lang"], html["dir"]) == ("ar", "rtl")


@pytest.mark.parametrize(("wished", "kept"), [("ja,en;q=0.5", "ja"), ("en", None), ("tlh", None)])
def test_a_newcomer_is_written_to_in_the_language_they_joined_in(
    visitor: Visitor, cast: Cast, db: Database, wished: str, kept: str | None
) -> None:
    given = {"username": "dana", "email": "dana@ex.com"}
    secret = {"password": PASSWORD, "password_again": PASSWORD}
    visitor.post("/auth/register", given | secret, headers={"Accept-Language": wished})
    with db.read() as session:
        assert session.scalar(select(User.locale).where(User.email == "dana@ex.com")) == kept


def test_a_members_choice_is_kept_with_the_account(
    alice: Visitor, app: Flask, cast: Cast, db: Database
) -> None:
    alice.post(PATH, {"language": "ja"})
    with db.read() as session:
        assert session.get_one(User, cast.alice.id).locale == "ja"
    elsewhere = Visitor.signed_in(app, cast.alice)
    assert elsewhere.page("/explore").one("html")["lang"] == "ja"
    assert Visitor.signed_in(app, cast.bob).page("/explore").one("html")["lang"] == "en"


@pytest.mark.sqlite_only
def test_who_leaves_it_to_the_browser_again_gets_what_the_browser_wishes(alice: Visitor) -> None:
    alice.post(PATH, {"language": "ja"})
    alice.post("/settings/preferences", PREFERENCES)
    page = alice.page("/explore", headers={"Accept-Language": "es"})
    assert page.one("html")["lang"] == "es"


@pytest.mark.sqlite_only
@pytest.mark.parametrize("chosen", ["", "xx", "en-US", "../de", "de\x00", "d" * 5000])
def test_what_is_no_language_is_refused_and_says_so(
    visitor: Visitor, cast: Cast, chosen: str
) -> None:
    response = visitor.post(PATH, {"language": chosen, "next": "/"})
    assert response.status_code == 422
    assert "Choose one of the languages." in response.text
    assert visitor.cookie("language") is None


@pytest.mark.sqlite_only
@pytest.mark.parametrize("cookie", ["xx", "de;q=1", "\x7f", "d" * 4000])
def test_an_odd_cookie_is_no_choice(visitor: Visitor, cast: Cast, cookie: str) -> None:
    visitor.set_cookie("language", cookie)
    page = visitor.page("/explore", headers={"Accept-Language": "de"})
    assert page.one("html")["lang"] == "de"


@pytest.mark.sqlite_only
@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "", "\\evil"])
def test_the_way_back_stays_on_this_server(visitor: Visitor, cast: Cast, back: str) -> None:
    assert visitor.post(PATH, {"language": "de", "next": back}).location == "/"


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr,ja;q=0.5,en;q=0.4", "ja"),
        ("ar-EG", "ar"),
        ("ja_JP", "ja"),
        ("DE", "de"),
        ("fr", "en"),
        ("*", "en"),
        ("", "en"),
        ("de;q=0", "en"),
        ("de;q=NaN,es", "es"),
        ("x" * 100_000, "en"),
        ("de," * 30_000, "de"),
    ],
)
def test_a_visitors_browser_wishes(visitor: Visitor, cast: Cast, wish: str, language: str) -> None:
    page = visitor.page("/explore", headers={"Accept-Language": wish})
    assert page.one("html")["lang"] == language


@pytest.mark.sqlite_only
def test_errors_speak_the_readers_language(visitor: Visitor, cast: Cast) -> None:
    visitor.set_cookie("language", "de")
    response = visitor.get("/nothing-here")
    assert response.status_code == 404
    assert "Hier ist nichts" in response.text


@pytest.mark.sqlite_only
def test_the_cookie_is_for_this_server_alone(app: Flask, cast: Cast, tmp_path: Path) -> None:
    with application_beside(app, tmp_path, PUBLIC_URL=HTTPS) as beside:
        cookie = Visitor(beside).post(PATH, {"language": "de"}).headers["Set-Cookie"]
    assert cookie.startswith("language=de;")
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))


def test_the_language_of_a_post_is_detected_chosen_or_left_open(
    alice: Visitor, db: Database
) -> None:
    alice.post("/posts", {"text": "Guten Morgen, es hat die ganze Nacht geregnet"})
    alice.post("/posts", {"text": "ok", "language": "fi"})
    alice.post("/posts", {"text": "ok"})
    with db.read() as session:
        assert session.scalars(select(Post.language).order_by(Post.id)).all() == ["de", "fi", None]
    texts = alice.page("/").all("div", "post-text")
    assert [text.attributes.get("lang") for text in texts] == [None, "fi", "de"]


@pytest.mark.sqlite_only
def test_an_unknown_language_of_a_post_is_refused_and_nothing_typed_is_lost(
    alice: Visitor, db: Database
) -> None:
    response = alice.post("/posts", {"text": "Keep me", "language": "xx"})
    assert response.status_code == 422
    assert "Keep me" in response.text
    assert "Choose one of the languages." in response.text
    with db.read() as session:
        assert session.scalars(select(Post)).all() == []


@pytest.mark.sqlite_only
def test_the_chosen_language_stays_where_something_else_was_wrong(alice: Visitor) -> None:
    response = alice.post("/posts", {"text": "a" * 600, "language": "fi"})
    assert response.status_code == 422
    assert '<option value="fi" selected>' in response.text


def test_explore_is_in_the_languages_one_reads_and_says_so(
    alice: Visitor, cast: Cast, db: Database
) -> None:
    make.post(db, cast.bob, "Guten Morgen, es hat die ganze Nacht geregnet")
    make.post(db, cast.bob, "Good morning, it rained all night long")
    chosen = PREFERENCES | {"post_languages": ["de", "es", "fr", "it"]}
    assert alice.post("/settings/preferences", chosen).status_code == 303
    page = alice.page("/explore")
    assert page.posts == ["Guten Morgen, es hat die ganze Nacht geregnet"]
    line = page.one("p", "filtered").text
    assert line == "You see posts in German, Spanish, French and 1 other. Change"
    alice.post("/settings/preferences", PREFERENCES)
    assert len(alice.page("/explore").posts) == 2
    assert alice.page("/explore").all("p", "filtered") == []
