"""The list of keys, and switching them off."""

from flask import Flask

from tests.cast import Cast
from tests.page import Page
from tests.visitor import Visitor


def test_everybody_may_read_which_keys_there_are(visitor: Visitor, app: Flask, cast: Cast) -> None:
    bob = Visitor.signed_in(app, cast.bob)
    assert "jNext post" in visitor.page("/keys").one("main").text
    assert "Favourite" not in visitor.page("/keys").one("main").text
    assert "fFavourite" in bob.page("/keys").one("main").text
    sheet = Page(bob.get("/keys", headers={"HX-Request": "true"}).text)
    assert sheet.all("main") == []
    assert sheet.one("h2").text == "Keyboard shortcuts"


def test_a_person_switches_them_off_and_on(app: Flask, cast: Cast) -> None:
    bob = Visitor.signed_in(app, cast.bob)
    form = {"locale": "", "time_zone": "", "theme": "auto"}
    for path in ("/", "/settings/preferences"):
        assert len(bob.page(path).all("dialog", id="keys")) == 1
    bob.post("/settings/preferences", form | {"avoids_shortcuts": "y"})
    for path in ("/", "/settings/preferences"):
        assert bob.page(path).all("dialog", id="keys") == []
    assert "switched off" in bob.page("/keys").one("main").text
    box = bob.page("/settings/preferences").one("input", name="avoids_shortcuts")
    assert "checked" in box.attributes
    bob.post("/settings/preferences", form)
    assert len(bob.page("/").all("dialog", id="keys")) == 1
