"""Language, zone, colours, and what others see."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask
from sqlalchemy import select

from microblog import ids
from microblog.db import Database
from microblog.models import Account, User
from tests import make
from tests.beside import application_beside
from tests.cast import Cast
from tests.page import Page
from tests.snapshot import snapshot
from tests.visitor import Visitor

PATH = "/settings/preferences"
AS_BEFORE = {"locale": "", "time_zone": "", "theme": "auto"}


def test_preferences_are_kept_and_shown(alice: Visitor, cast: Cast, db: Database) -> None:
    chosen = {"locale": "en", "time_zone": "Asia/Kathmandu", "theme": "dark"}
    chosen["default_visibility"] = "followers"
    response = alice.post(PATH, chosen | {"hides_last_seen": "y"})
    assert (response.status_code, response.location) == (303, PATH)
    page = alice.page(PATH)
    assert page.flashes == ["Saved."]
    selected = [option["value"] for option in page.all("option", selected="")]
    assert selected == ["en", "Asia/Kathmandu", "dark", "followers"]
    assert "checked" in page.one("input", name="hides_last_seen").attributes
    with db.read() as session:
        user = session.get_one(User, cast.alice.id)
        shows = session.scalars(
            select(Account.shows_last_seen).where(Account.id == cast.alice.id)
        ).one()
    assert (user.locale, user.time_zone, user.theme) == ("en", "Asia/Kathmandu", "dark")
    assert not shows
    alice.post(PATH, AS_BEFORE)
    with db.read() as session:
        user = session.get_one(User, cast.alice.id)
        account = session.get_one(Account, cast.alice.id)
    assert (user.locale, user.time_zone, user.theme) == (None, None, "auto")
    assert account.shows_last_seen


@pytest.mark.parametrize("theme", ["auto", "light", "dark", "contrast"])
@pytest.mark.sqlite_only
def test_the_colours_are_those_of_the_reader(alice: Visitor, visitor: Visitor, theme: str) -> None:
    alice.post(PATH, AS_BEFORE | {"theme": theme})
    for path in ("/", "/explore", "/@alice", PATH, "/nothing"):
        assert Page(alice.get(path).text).one("html")["data-theme"] == theme
    assert visitor.page("/explore").one("html")["data-theme"] == "auto"


@pytest.mark.sqlite_only
def test_times_are_those_of_the_readers_zone(
    alice: Visitor, visitor: Visitor, cast: Cast, db: Database
) -> None:
    post_id = make.post(db, cast.alice)
    path = f"/@alice/{post_id}"
    assert visitor.page(path).one("time")["title"].endswith("UTC")
    alice.post(PATH, AS_BEFORE | {"time_zone": "Asia/Kathmandu"})
    time = alice.page(path).one("time")
    # Kathmandu is five hours and three quarters ahead all year.
    assert time["title"].endswith("GMT+5:45")
    assert time["datetime"] == ids.time_of(post_id).isoformat(timespec="seconds")


@pytest.mark.sqlite_only
def test_without_a_choice_the_zone_is_the_browsers(
    visitor: Visitor, alice: Visitor, cast: Cast, db: Database
) -> None:
    path = f"/@alice/{make.post(db, cast.alice)}"
    for browser in (visitor, alice):
        assert "data-zone-auto" in browser.page(path).one("html").attributes
        browser.set_cookie("zone", "Asia/Kathmandu")
        assert browser.page(path).one("time")["title"].endswith("GMT+5:45")
        # As some browsers call the zone of Kolkata.
        browser.set_cookie("zone", "Asia/Calcutta")
        assert browser.page(path).one("time")["title"].endswith("GMT+5:30")
        for wrong in ("../../etc/passwd", "Mars/Olympus", "Etc/Unknown", "x" * 3000, "%00", ""):
            browser.set_cookie("zone", wrong)
            assert browser.page(path).one("time")["title"].endswith("UTC")
    alice.post(PATH, AS_BEFORE | {"time_zone": "UTC"})
    assert "data-zone-auto" not in alice.page(path).one("html").attributes


@pytest.mark.sqlite_only
def test_the_language_is_the_readers_choice_else_the_browsers(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    with application_beside(app, tmp_path, LANGUAGES=("en", "de", "ar")) as beside:
        visitor = Visitor(beside)
        for wished, expected in [
            ("de-AT,de;q=0.9", ("de", "ltr")),
            ("ar", ("ar", "rtl")),
            ("fr", ("en", "ltr")),
            ("", ("en", "ltr")),
            ("de;q=0.1,en;q=0.9", ("en", "ltr")),
            ("x" * 5000, ("en", "ltr")),
        ]:
            html = visitor.page("/explore", headers={"Accept-Language": wished}).one("html")
            assert (html["lang"], html["dir"]) == expected
        alice = Visitor.signed_in(beside, cast.alice)
        alice.post(PATH, AS_BEFORE | {"locale": "ar"})
        html = alice.page("/", headers={"Accept-Language": "de"}).one("html")
        assert (html["lang"], html["dir"]) == ("ar", "rtl")
    with application_beside(app, tmp_path / "other", LANGUAGES=("en", "de")) as without_arabic:
        page = Visitor.signed_in(without_arabic, cast.alice).page("/")
    assert page.one("html")["lang"] == "en"


@pytest.mark.sqlite_only
def test_that_it_is_saved_is_said_in_the_language_just_chosen(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    german = {"locale": "de"}
    with application_beside(app, tmp_path, LANGUAGES=("en", "de")) as beside:
        add_words(beside, tmp_path, "de", {"Saved.": "Gespeichert."})
        alice = Visitor.signed_in(beside, cast.alice)
        alice.post(PATH, AS_BEFORE | german)
        assert alice.page(PATH).flashes == ["Gespeichert."]
        alice.post(PATH, AS_BEFORE | german)
        assert alice.page(PATH).flashes == ["Gespeichert."]
        alice.post(PATH, AS_BEFORE, headers={"Accept-Language": "en"})
        assert alice.page(PATH).flashes == ["Saved."]
        alice.post(PATH, AS_BEFORE, headers={"Accept-Language": "de"})
        assert alice.page(PATH).flashes == ["Gespeichert."]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("locale", "xx"),
        ("locale", "../en"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../../etc/passwd"),
        ("time_zone", "UTC\0"),
        ("theme", "pink"),
        ("theme", ""),
        ("theme", "x" * 10_000),
    ],
)
@pytest.mark.sqlite_only
def test_only_what_is_offered_can_be_chosen(
    alice: Visitor, db: Database, field: str, value: str
) -> None:
    before = snapshot(db)
    response = alice.post(PATH, AS_BEFORE | {field: value})
    assert response.status_code == 422
    assert list(Page(response.text).field_errors) == [field]
    assert snapshot(db) == before


@pytest.mark.sqlite_only
def test_every_zone_that_is_offered_can_be_chosen(alice: Visitor) -> None:
    offered = alice.page(PATH).one("select", name="time_zone").all("option")
    assert len(offered) > 300
    for option in offered[::40]:
        response = alice.post(PATH, AS_BEFORE | {"time_zone": option["value"]})
        assert response.status_code == 303


@pytest.mark.sqlite_only
def test_a_zone_can_be_chosen_by_a_name_of_before(alice: Visitor) -> None:
    offered = alice.page(PATH).one("select", name="time_zone")
    assert offered.all("option", value="Asia/Calcutta") == []
    # As browsers call it.
    assert alice.post(PATH, AS_BEFORE | {"time_zone": "Asia/Calcutta"}).status_code == 303
    chosen = alice.page(PATH).one("select", name="time_zone").one("option", selected="")
    assert chosen["value"] == "Asia/Calcutta"


@pytest.mark.sqlite_only
def test_zones_are_offered_by_continent_and_city_in_the_readers_language(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    with application_beside(app, tmp_path, LANGUAGES=("en", "de", "ar", "ja")) as beside:
        alice = Visitor.signed_in(beside, cast.alice)
        for language, continent, city in [
            ("en", "Asia", "Kathmandu (GMT+5:45)"),
            ("de", "Asien", "Kathmandu (GMT+5:45)"),
            ("ar", "آسيا", "كاتماندو (غرينتش\u200e+5:45)"),
            ("ja", "アジア", "カトマンズ (GMT+5:45)"),
        ]:
            page = alice.page(PATH, headers={"Accept-Language": language})
            group = page.one("select", name="time_zone").one("optgroup", label=continent)
            assert group.one("option", value="Asia/Kathmandu").text == city
            assert len(group.all("option")) > 70


def add_words(app: Flask, folder: Path, language: str, words: dict[str, str]) -> None:
    """Let an application say something in another language."""
    catalogue = Catalog(locale=language, fuzzy=False)
    for message, translated in words.items():
        catalogue.add(message, translated)
    place = folder / "words" / language / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    app.extensions["babel"].translation_directories.append(str(folder / "words"))


def test_whom_one_writes_for_is_a_preference(alice: Visitor) -> None:
    assert alice.post(PATH, AS_BEFORE | {"default_visibility": "quiet"}).status_code == 303
    for path in (PATH, "/posts/new"):
        chosen = [o["value"] for o in alice.page(path).all("option", selected="")]
        assert "quiet" in chosen
    # A form that does not say it leaves it as it is; an odd one changes nothing.
    assert alice.post(PATH, AS_BEFORE).status_code == 303
    assert alice.post(PATH, AS_BEFORE | {"default_visibility": "nobody"}).status_code == 422
    assert "quiet" in [o["value"] for o in alice.page(PATH).all("option", selected="")]
