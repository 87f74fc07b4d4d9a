"""Drafts by the forms of the pages: saving, going on, deleting."""

from flask import Flask

from microblog.db import Database
from microblog.models import Post, SavedDraft
from tests import make
from tests.cast import Cast
from tests.page import Element, Page
from tests.snapshot import count, snapshot
from tests.visitor import Visitor

HTMX = {"HX-Request": "true"}
IN_BACKGROUND = {"Accept": "application/json"}
BEGUN = {
    "text": "Once upon\na time",
    "warning": "A tale",
    "visibility": "followers",
    "language": "en",
    "key": "key-of-this-form",
}


def test_a_draft_is_saved_listed_continued_and_posted(bob: Visitor, db: Database) -> None:
    button = bob.page("/").one("button", "composer-save")
    assert "formnovalidate" in button.attributes
    response = bob.post(button["formaction"], BEGUN)
    assert (response.status_code, response.location) == (303, "/drafts")
    page = bob.page("/drafts")
    assert page.flashes == ["Your draft is saved."]
    draft = page.one("li", "draft")
    assert draft.one("p", "draft-text").text == "Once upon a time"
    assert "A tale" in draft.text
    form = written(bob.page(draft.all("a")[0]["href"]))
    assert form == {"csrf_token": form["csrf_token"], **BEGUN}
    assert bob.post_raw("/posts", data=form).location == "/"
    assert bob.page("/").posts == ["Once upon a time"]
    assert bob.page("/drafts").one("div", "empty").one("h2").text == "No drafts"


def test_a_draft_of_an_answer_shows_what_it_answers(bob: Visitor, cast: Cast, db: Database) -> None:
    post_id = make.post(db, cast.alice, "Anybody?")
    form = written(bob.page(f"/posts/{post_id}/reply"))
    bob.post_raw("/drafts", data=form | {"text": "@alice Me"})
    draft = bob.page("/drafts").one("li", "draft")
    assert "Reply" in draft.text
    page = bob.page(draft.all("a")[0]["href"])
    assert page.posts == ["Anybody?"]
    response = bob.post_raw("/posts", data=written(page))
    assert response.location.startswith("/@bob/")
    assert count(db, SavedDraft) == 0


def test_a_script_saves_and_is_told_whether_there_was_something(bob: Visitor, db: Database) -> None:
    for text, is_saved in (("Once", True), ("Once upon", True), (" ", False)):
        form = {"text": text, "key": "key-of-this-form"}
        response = bob.post("/drafts", form, headers=IN_BACKGROUND)
        assert (response.status_code, response.json) == (200, {"saved": is_saved})
        assert count(db, SavedDraft) == int(is_saved)
    assert bob.page("/drafts").flashes == []
    too_much = {"text": "x" * 10_001, "key": "key-of-this-form"}
    response = bob.post("/drafts", too_much, headers=IN_BACKGROUND)
    assert (response.status_code, response.json) == (422, {"saved": False})


def test_what_cannot_be_saved_is_shown_again(bob: Visitor, db: Database) -> None:
    for number in range(50):
        bob.post("/drafts", {"text": "x", "key": f"key-of-form-{number}"})
    before = snapshot(db)
    response = bob.post("/drafts", {"text": "One too many", "key": "the-last-one"})
    assert response.status_code == 422
    page = Page(response.text)
    assert page.field_errors == {"text": "You have 50 drafts: post or delete one first."}
    assert written(page)["text"] == "One too many"
    assert snapshot(db) == before


def test_an_empty_form_is_no_draft(bob: Visitor, db: Database) -> None:
    assert bob.post("/drafts", {"text": " "}).location == "/drafts"
    assert bob.page("/drafts").flashes == []
    assert count(db, SavedDraft) == 0


def test_a_form_without_a_key_is_kept_all_the_same(bob: Visitor, db: Database) -> None:
    for _ in range(2):
        assert bob.post("/drafts", {"text": "x"}).status_code == 303
    assert count(db, SavedDraft) == 2


def test_the_draft_of_somebody_else_is_not_there(
    app: Flask, bob: Visitor, cast: Cast, db: Database
) -> None:
    bob.post("/drafts", BEGUN)
    open_, delete = (link["href"] for link in bob.page("/drafts").one("li", "draft").all("a"))
    carol = Visitor.signed_in(app, cast.carol)
    before = snapshot(db)
    assert "Once upon" not in carol.get("/drafts").text
    assert carol.get(open_).status_code == 404
    assert carol.get(delete).status_code == 404
    assert carol.post(delete).status_code == 404
    assert snapshot(db) == before
    for odd in ("1", "x", "-1", "9" * 30, "%00"):
        assert bob.get(f"/posts/new?draft={odd}").status_code == 404


def test_deleting_asks_first_where_there_are_no_scripts(bob: Visitor, db: Database) -> None:
    bob.post("/drafts", BEGUN)
    link = delete_link(bob)
    page = bob.page(link["href"])
    assert page.one("h1").text == "Delete this draft?"
    assert page.one("blockquote").text == "Once upon a time"
    assert count(db, SavedDraft) == 1
    assert bob.post(page.one("form", "form-acts")["action"]).location == "/drafts"
    assert bob.page("/drafts").flashes == ["The draft is deleted."]
    assert count(db, SavedDraft) == 0


def test_with_scripts_deleting_answers_the_message_alone(bob: Visitor, db: Database) -> None:
    bob.post("/drafts", BEGUN)
    link = delete_link(bob)
    assert link["hx-post"] == link["href"]
    response = bob.post(link["hx-post"], headers=HTMX)
    assert Page(response.text).flashes == ["The draft is deleted."]
    assert count(db, SavedDraft) == 0


def test_a_draft_of_what_is_out_leads_to_no_second_post(bob: Visitor, db: Database) -> None:
    bob.post("/posts", BEGUN)
    bob.post("/drafts", BEGUN | {"text": "Written on"})
    assert (count(db, Post), count(db, SavedDraft)) == (1, 0)


def delete_link(visitor: Visitor) -> Element:
    return visitor.page("/drafts").one("li", "draft").all("a")[1]


def written(page: Page) -> dict[str, str]:
    """Return what a composer holds."""
    form = page.one("form", "composer")
    inputs = [field for field in form.all("input") if field.attributes.get("type") != "file"]
    fields = {field["name"]: field["value"] for field in inputs}
    for list_ in form.all("select"):
        chosen = [o for o in list_.all("option") if "selected" in o.attributes]
        fields[list_["name"]] = chosen[0]["value"] if chosen else ""
    text = form.one("textarea", name="text").raw_text.removeprefix("\n")
    return fields | {"text": text}
