"""Writing and deleting posts by the forms of the pages."""

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from microblog.db import Database
from microblog.models import Account, OutboxEvent, Post
from tests import make
from tests.cast import Cast
from tests.page import Page
from tests.parallel import at_once
from tests.snapshot import count, snapshot
from tests.visitor import Visitor

HTMX = {"HX-Request": "true"}


def test_what_is_written_in_the_composer_is_published(
    alice: Visitor, cast: Cast, db: Database
) -> None:
    response = send(alice, text="Hello\r\n\r\nworld  ")
    assert (response.status_code, response.location) == (303, "/")
    home = alice.page("/")
    assert home.flashes == ["Your post is out."]
    assert home.posts == ["Hello world"]
    with db.read() as session:
        post = session.scalars(select(Post)).one()
    assert (post.text, post.account_id) == ("Hello\n\nworld", cast.alice.id)


def test_sent_again_the_same_form_leads_to_the_first_post(alice: Visitor, db: Database) -> None:
    form = filled_composer(alice, text="Only once")
    assert alice.post_raw("/posts", data=form).location == "/"
    alice.get("/")
    again = alice.post_raw("/posts", data=form)
    with db.read() as session:
        post_id = session.scalars(select(Post.id)).one()
    assert (again.status_code, again.location) == (303, f"/@alice/{post_id}")
    assert alice.page("/").flashes == []
    changed = alice.post_raw("/posts", data=form | {"text": "Changed in the meantime"})
    assert changed.location == f"/@alice/{post_id}"
    assert count(db, Post) == 1


@pytest.mark.sqlite_only
def test_every_page_has_a_form_of_its_own(alice: Visitor) -> None:
    keys = {alice.page("/").one("input", name="key")["value"] for _ in range(5)}
    assert len(keys) == 5


def test_two_people_may_send_the_same_key(
    app: Flask, alice: Visitor, cast: Cast, db: Database
) -> None:
    bob = Visitor.signed_in(app, cast.bob)
    for person in (alice, bob):
        assert person.post("/posts", {"text": "x", "key": "the-same-key"}).location == "/"
    assert count(db, Post) == 2


def test_a_post_without_a_key_is_published_all_the_same(alice: Visitor, db: Database) -> None:
    for key in ({}, {"key": ""}):
        assert alice.post("/posts", {"text": "x", **key}).location == "/"
    assert count(db, Post) == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write something first."),
        (" \n\u200b\u2060 ", "Write something first."),
        ("x" * 501, "This is too long by 1 character."),
        ("😀" * 520, "This is too long by 20 characters."),
        ("x" * 10_001, "At most 500 characters, please."),
        ("a\0b", "There are characters in this that cannot be read. Type it anew."),
        ("a\x1bb", "There are characters in this that cannot be read. Type it anew."),
    ],
)
@pytest.mark.sqlite_only
def test_a_mistake_is_said_at_the_field_and_the_text_is_kept(
    alice: Visitor, db: Database, text: str, sentence: str
) -> None:
    form = filled_composer(alice, text=text)
    before = snapshot(db)
    response = alice.post_raw("/posts", data=form)
    assert response.status_code == 422
    page = Page(response.text)
    assert page.title == "Write a post · Testville"
    assert page.field_errors == {"text": sentence}
    field = page.one("textarea", name="text")
    assert field["aria-invalid"] == "true"
    assert field.raw_text == "\n" + text[:10_000]
    # The same form: sent once more, mended, it is still the first post of this key.
    assert page.one("input", name="key")["value"] == form["key"]
    assert snapshot(db) == before


@pytest.mark.parametrize("key", ["short", "x" * 65, "with space", "ключ-ключ", "a\0bcdefgh"])
@pytest.mark.sqlite_only
def test_a_damaged_form_is_refused(alice: Visitor, db: Database, key: str) -> None:
    response = alice.post("/posts", {"text": "Hello", "key": key})
    assert response.status_code == 422
    page = Page(response.text)
    assert page.field_errors == {"text": "The form was damaged on its way. Send it again."}
    assert page.one("textarea", name="text").raw_text.strip() == "Hello"
    assert count(db, Post) == 0
    mended = {"text": "Hello", "key": page.one("input", name="key")["value"]}
    assert alice.post("/posts", mended).status_code == 303


@pytest.mark.parametrize(
    "text",
    ["x" * 500, "👩‍👩‍👧‍👦" * 500, "https://ex.com/" + "x" * 1000, "e\u0301" * 500, "م" * 500],
)
def test_five_hundred_characters_as_people_count_them_fit(
    alice: Visitor, db: Database, text: str
) -> None:
    assert alice.post("/posts", {"text": text}).status_code == 303
    assert count(db, Post) == 1


def test_thirty_clicks_at_once_are_one_post(
    app: Flask, alice: Visitor, cast: Cast, db: Database
) -> None:
    token = alice.cookie("login")
    assert token is not None
    browsers = [Visitor(app) for _ in range(30)]
    forms = []
    for browser in browsers:
        browser.set_cookie("login", token)
        forms.append({"csrf_token": browser.token(), "text": "once", "key": "one-and-only-key"})
    answers = at_once(
        *(
            lambda browser=browser, form=form: browser.post_raw("/posts", data=form)
            for browser, form in zip(browsers, forms, strict=True)
        )
    )
    with db.read() as session:
        post_id = session.scalars(select(Post.id)).one()
        assert session.get_one(Account, cast.alice.id).posts_count == 1
    assert {answer.status_code for answer in answers} == {303}
    locations = [answer.location for answer in answers]
    assert sorted(locations) == ["/"] + [f"/@alice/{post_id}"] * 29
    assert count(db, OutboxEvent) == 2  # The post's, and that Bob follows Alice.


def test_deleting_asks_first_where_there_are_no_scripts(
    alice: Visitor, cast: Cast, db: Database
) -> None:
    post_id = make.post(db, cast.alice, "a #mistake")
    menu = alice.page(alice.page("/").one("article").one("a", "post-act-more")["href"])
    page = alice.page(menu.one("a", "menu-item-danger")["href"])
    assert page.one("h1").text == "Delete this post?"
    assert page.one("blockquote").text == "a #mistake"
    assert f"/@alice/{post_id}" in page.links
    assert count(db, Post) == 1
    form = page.one("form", "form-acts")
    token = form.one("input", name="csrf_token")["value"]
    response = alice.post_raw(form["action"], data={"csrf_token": token})
    assert response.status_code == 303
    assert alice.page(response.location).flashes == ["The post is deleted."]
    assert alice.page("/").posts == []
    with db.read() as session:
        assert session.scalars(select(Post.text)).all() == [""]
        assert session.get_one(Account, cast.alice.id).posts_count == 0


def test_with_scripts_deleting_answers_the_message_alone(
    alice: Visitor, cast: Cast, db: Database
) -> None:
    post_id = make.post(db, cast.alice)
    menu = Page(alice.get(f"/posts/{post_id}/menu", headers=HTMX).text)
    link = menu.one("a", "menu-item-danger")
    assert link["hx-post"] == link["href"] == f"/posts/{post_id}/delete"
    assert link["hx-target"] == f"#post-{post_id}"
    response = alice.post(link["hx-post"], headers=HTMX)
    assert response.status_code == 200
    assert Page(response.text).flashes == ["The post is deleted."]
    assert alice.page("/").posts == []


@pytest.mark.parametrize(
    ("came_from", "location"),
    [
        ("/explore?before=9", "/explore?before=9"),
        ("/@alice/{id}", "/@alice"),
        ("/posts/{id}/delete", "/@alice"),
    ],
)
@pytest.mark.sqlite_only
def test_after_deleting_the_page_is_there_where_it_was_done(
    alice: Visitor, cast: Cast, db: Database, came_from: str, location: str
) -> None:
    post_id = make.post(db, cast.alice)
    referrer = "http://localhost" + came_from.format(id=post_id)
    response = alice.post(f"/posts/{post_id}/delete", headers={"Referer": referrer})
    assert (response.status_code, response.location) == (303, location)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_nobody_deletes_another_ones_post(
    app: Flask, cast: Cast, db: Database, headers: dict[str, str]
) -> None:
    post_id = make.post(db, cast.alice)
    bob = Visitor.signed_in(app, cast.bob)
    before = snapshot(db)
    assert bob.get(f"/posts/{post_id}/delete").status_code == 403
    response = bob.post(f"/posts/{post_id}/delete", headers=headers)
    assert response.status_code == 403
    assert Page(response.text).one("h1").text == "You may not do this"
    assert snapshot(db) == before


def test_deleting_twice_finds_nothing_the_second_time(
    alice: Visitor, cast: Cast, db: Database
) -> None:
    post_id = make.post(db, cast.alice)
    assert alice.post(f"/posts/{post_id}/delete").status_code == 303
    before = snapshot(db)
    assert alice.get(f"/posts/{post_id}/delete").status_code == 404
    assert alice.post(f"/posts/{post_id}/delete").status_code == 404
    assert alice.post("/posts/1/delete").status_code == 404
    assert snapshot(db) == before


def send(visitor: Visitor, text: str) -> TestResponse:
    return visitor.post_raw("/posts", data=filled_composer(visitor, text=text))


def filled_composer(visitor: Visitor, text: str) -> dict[str, str]:
    form = visitor.page("/").one("form", "composer")
    hidden = {field["name"]: field["value"] for field in form.all("input", type="hidden")}
    return hidden | {"text": text}
