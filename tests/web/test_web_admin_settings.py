"""The settings of the server, and the page on which everybody reads them."""

import pytest

from microblog.db import Database
from tests.cast import Cast
from tests.page import Page
from tests.snapshot import snapshot
from tests.visitor import Visitor

VALUES = {
    "name": "Pine <Street>",
    "description": "For neighbours.",
    "rules": "Be kind.\r\n\r\nNo <b>adverts</b>.",
    "registration_mode": "closed",
}


def test_what_an_admin_says_of_the_server_is_read_by_everybody_at_once(
    visitor: Visitor, alice: Visitor
) -> None:
    visitor.page("/explore")
    assert alice.post("/admin/settings", VALUES).status_code == 303
    page = visitor.page("/about")
    assert page.one("h1").text == "Pine <Street>"
    assert [rule.text for rule in page.one("ol").all("li")] == ["Be kind.", "No <b>adverts</b>."]
    assert "Nobody at the moment." in page.one("main").text
    assert "/auth/register" not in [link["href"] for link in page.one("main").all("a")]
    assert visitor.page("/explore").title.endswith("Pine <Street>")
    assert "/about" in visitor.page("/explore").links
    assert "/about" in visitor.page("/auth/login").links


def test_without_rules_no_page_leads_to_them(visitor: Visitor, cast: Cast) -> None:
    assert "/about" not in visitor.page("/explore").links
    assert visitor.page("/about").all("ol") == []


@pytest.mark.parametrize(
    ("mode", "words"), [("open", "Everybody."), ("approval", "Whoever an admin lets in")]
)
def test_everybody_reads_who_may_make_an_account(
    visitor: Visitor, alice: Visitor, mode: str, words: str
) -> None:
    alice.post("/admin/settings", {**VALUES, "registration_mode": mode})
    page = visitor.page("/about").one("main")
    assert words in page.text
    assert "/auth/register" in [link["href"] for link in page.all("a")]


def test_the_form_shows_what_is_and_the_log_what_was_changed(alice: Visitor) -> None:
    alice.post("/admin/settings", VALUES)
    page = alice.page("/admin/settings")
    assert page.one("input", id="name")["value"] == "Pine <Street>"
    assert page.one("textarea", id="rules").raw_text.strip() == "Be kind.\nNo <b>adverts</b>."
    assert page.one("option", value="closed").attributes.keys() >= {"selected"}
    assert "Name, Description, Rules, Who may make an account" in page.one("main").text


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "n" * 51}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"description": "d" * 301}, "description"),
        ({"rules": "r" * 3001}, "rules"),
        ({"rules": "r" * 200_000}, "rules"),
        ({"registration_mode": "perhaps"}, "registration_mode"),
        ({"registration_mode": ""}, "registration_mode"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field_and_kept(
    alice: Visitor, db: Database, values: dict[str, str], field: str
) -> None:
    before = snapshot(db)
    response = alice.post("/admin/settings", {**VALUES, **values})
    assert response.status_code == 422
    page = Page(response.text)
    assert list(page.field_errors) == [field]
    assert "For neighbours." in response.text or field == "description"
    assert snapshot(db) == before


def test_fields_that_are_missing_are_refused_and_others_ignored(
    alice: Visitor, db: Database
) -> None:
    before = snapshot(db)
    assert alice.post("/admin/settings", {}).status_code == 422
    assert snapshot(db) == before
    alice.post("/admin/settings", {**VALUES, "id": "2", "version": "99"})
    assert alice.get("/about").status_code == 200
