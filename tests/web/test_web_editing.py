"""Editing posts by the composer, their history, and deleting them to write them anew."""

import pytest

from microblog.db import Database
from microblog.domain.visibility import FOLLOWERS
from microblog.models import Post, PostEdit, SavedDraft
from tests import make
from tests.cast import Cast
from tests.page import Page
from tests.snapshot import count, snapshot
from tests.visitor import Visitor


def test_the_menu_leads_to_the_composer_with_the_post_in_it(
    alice: Visitor, cast: Cast, db: Database
) -> None:
    post_id = make.post(db, cast.alice, "I like green tea.", warning="Drinks", visibility=FOLLOWERS)
    menu = alice.page(f"/posts/{post_id}/menu")
    assert f"/posts/{post_id}/edit" in menu.links
    assert f"/@alice/{post_id}/history" not in menu.links
    form = alice.page(f"/posts/{post_id}/edit").one("form", "composer")
    assert form["action"] == f"/posts/{post_id}/edit"
    assert form.one("textarea", name="text").raw_text.strip() == "I like green tea."
    assert form.one("input", name="warning")["value"] == "Drinks"
    assert form.one("option", selected="")["value"] == FOLLOWERS
    assert form.all("button", formaction="/drafts") == []
    response = alice.post(form["action"], {"text": "I like black tea.", "visibility": "public"})
    assert (response.status_code, response.location) == (303, f"/@alice/{post_id}#post-{post_id}")
    page = alice.page(f"/@alice/{post_id}")
    assert page.flashes == ["Your changes are saved."]
    assert page.posts == ["I like black tea."]
    assert page.one("a", "post-edited")["href"] == f"/@alice/{post_id}/history"
    assert f"/@alice/{post_id}/history" in alice.page(f"/posts/{post_id}/menu").links


@pytest.mark.sqlite_only
def test_everybody_sees_the_edited_card_at_once(
    alice: Visitor, visitor: Visitor, cast: Cast, db: Database
) -> None:
    post_id = make.post(db, cast.alice, "Before")
    assert visitor.page("/explore").posts == ["Before"]
    alice.post(f"/posts/{post_id}/edit", {"text": "After", "visibility": "public"})
    assert visitor.page("/explore").posts == ["After"]
    alice.post(f"/posts/{post_id}/edit", {"text": "After", "visibility": "followers"})
    assert visitor.page("/explore").posts == []
    assert visitor.get(f"/@alice/{post_id}").status_code == 404
    assert visitor.get(f"/@alice/{post_id}/history").status_code == 404


@pytest.mark.sqlite_only
def test_no_change_says_nothing_and_keeps_nothing(alice: Visitor, cast: Cast, db: Database) -> None:
    post_id = make.post(db, cast.alice, "The same")
    before = snapshot(db)
    response = alice.post(f"/posts/{post_id}/edit", {"text": "The same", "visibility": "public"})
    assert response.location == f"/@alice/{post_id}#post-{post_id}"
    assert snapshot(db) == before
    assert alice.page("/").flashes == []


@pytest.mark.parametrize(
    ("form", "field", "sentence"),
    [
        ({"text": ""}, "text", "Write something first."),
        ({"text": "x" * 501}, "text", "This is too long by 1 character."),
        (
            {"text": "a\0b"},
            "text",
            "There are characters in this that cannot be read. Type it anew.",
        ),
        ({"text": "x", "visibility": "odd"}, "visibility", ""),
        ({"text": "x", "language": "xx"}, "language", "Choose one of the languages."),
    ],
)
@pytest.mark.sqlite_only
def test_a_mistake_is_said_at_the_field_and_the_text_is_kept(
    alice: Visitor, cast: Cast, db: Database, form: dict[str, str], field: str, sentence: str
) -> None:
    post_id = make.post(db, cast.alice)
    before = snapshot(db)
    response = alice.post(f"/posts/{post_id}/edit", form)
    assert response.status_code == 422
    page = Page(response.text)
    assert sentence in page.field_errors[field]
    assert page.one("form", "composer")["action"] == f"/posts/{post_id}/edit"
    assert page.one("textarea", name="text").raw_text == f"\n{form['text']}"
    assert snapshot(db) == before


@pytest.mark.sqlite_only
def test_what_one_may_have_missed_is_said_before_it_is_saved(
    alice: Visitor, cast: Cast, db: Database
) -> None:
    post_id = make.post(db, cast.alice)
    form = {"text": "#tea", "visibility": "followers"}
    response = alice.post(f"/posts/{post_id}/edit", form)
    assert response.status_code == 422
    assert Page(response.text).one("ul", "composer-reminders").all("li")
    assert alice.post(f"/posts/{post_id}/edit", {**form, "anyway": "1"}).status_code == 303
    assert alice.page("/@alice").posts == ["#tea"]


@pytest.mark.sqlite_only
def test_nobody_edits_or_redrafts_what_others_wrote(
    visitor: Visitor, bob: Visitor, cast: Cast, db: Database
) -> None:
    seen = make.post(db, cast.alice)
    hidden = make.post(db, cast.carol, visibility=FOLLOWERS)
    before = snapshot(db)
    for act in ("edit", "redraft"):
        for post_id, status in ((seen, 403), (hidden, 404), (1, 404)):
            path = f"/posts/{post_id}/{act}"
            assert bob.get(path).status_code == status
            assert bob.post(path, {"text": "Mine now"}).status_code == status
            assert visitor.get(path).location.startswith("/auth/login")
            assert visitor.post(path, {"text": "Mine"}).location.startswith("/auth/login")
    assert snapshot(db) == before


def test_the_history_marks_what_was_added_and_what_was_removed(
    alice: Visitor, visitor: Visitor, cast: Cast, db: Database
) -> None:
    post_id = make.post(db, cast.alice, "I like <green> tea.")
    form = {"text": "I like black tea.", "warning": "Drinks", "visibility": "public"}
    alice.post(f"/posts/{post_id}/edit", form)
    page = visitor.page(f"/@alice/{post_id}/history")
    assert f"/@alice/{post_id}" in page.links
    newest, oldest = page.all("li", "version")
    assert [each.text for each in newest.all("del")] == ["<green>"]
    assert [each.text for each in newest.all("ins")] == ["Drinks", "black"]
    assert oldest.one("p", "version-text").text == "I like <green> tea."
    assert oldest.all("ins") == oldest.all("del") == []


@pytest.mark.sqlite_only
def test_the_history_has_one_address(visitor: Visitor, cast: Cast, db: Database) -> None:
    post_id = make.post(db, cast.alice)
    other_case = visitor.get(f"/@ALICE/{post_id}/history")
    assert (other_case.status_code, other_case.location) == (301, f"/@alice/{post_id}/history")
    assert visitor.get(f"/@bob/{post_id}/history").status_code == 404
    assert visitor.get("/@alice/1/history").status_code == 404
    assert len(visitor.page(f"/@alice/{post_id}/history").all("li", "version")) == 1


def test_a_post_is_deleted_and_written_anew(alice: Visitor, cast: Cast, db: Database) -> None:
    first = make.post(db, cast.bob, "What do you drink?")
    post_id = make.post(db, cast.alice, "Green tea", warning="Drinks", reply_to=first)
    asked = alice.page(f"/posts/{post_id}/redraft")
    assert asked.one("blockquote").text == "Green tea"
    response = alice.post(asked.one("form", "form-acts")["action"])
    assert response.status_code == 303
    composer = alice.page(response.location)
    assert composer.flashes == ["The post is deleted. Here is what it said."]
    form = composer.one("form", "composer")
    assert form.one("textarea", name="text").raw_text.strip() == "Green tea"
    assert form.one("input", name="warning")["value"] == "Drinks"
    assert form.one("input", name="reply_to")["value"] == str(first)
    assert alice.get(f"/@alice/{post_id}").status_code == 404
    assert alice.post(f"/posts/{post_id}/redraft").status_code == 404
    assert count(db, SavedDraft) == 1


@pytest.mark.sqlite_only
def test_with_fifty_drafts_the_post_stays(
    alice: Visitor, cast: Cast, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("microblog.domain.drafts.MAX_DRAFTS", 1)
    kept, post_id = make.posts_of(db, cast.alice, 2)
    alice.post(f"/posts/{kept}/redraft")
    before = snapshot(db)
    response = alice.post(f"/posts/{post_id}/redraft")
    assert (response.status_code, response.location) == (303, "/drafts")
    assert snapshot(db) == before
    assert alice.page("/drafts").flashes == ["You have 1 drafts: post or delete one first."]


@pytest.mark.sqlite_only
def test_the_pictures_of_a_post_stay_when_its_words_are_edited(
    alice: Visitor, cast: Cast, db: Database
) -> None:
    picture = make.picture(db, cast.alice, "A cup")
    post_id = make.picture_post(db, cast.alice, picture, text="Green tea")
    field = alice.page(f"/posts/{post_id}/edit").one("form", "composer").one("input", name="media")
    form = {"text": "Black tea", "visibility": "public", "media": field["value"]}
    assert alice.post(f"/posts/{post_id}/edit", form).status_code == 303
    assert len(alice.page(f"/@alice/{post_id}").one("article").all("img", alt="A cup")) == 1
    assert (count(db, PostEdit), count(db, Post)) == (1, 1)
