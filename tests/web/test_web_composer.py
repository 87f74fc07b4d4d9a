"""The composer: what it begins with, whom it says it reaches, and what it recalls."""

import pytest
from sqlalchemy import select, update

from microblog.db import Database
from microblog.domain import posts
from microblog.domain.viewer import Viewer
from microblog.models import Block, Post, User
from tests import make
from tests.cast import Cast
from tests.page import Page
from tests.snapshot import count, snapshot
from tests.visitor import Visitor


def test_an_answer_begins_with_the_names_of_all_who_take_part(
    bob: Visitor, cast: Cast, db: Database
) -> None:
    post_id = make.post(db, cast.alice, "Hello @carol and @bob")
    page = bob.page(f"/posts/{post_id}/reply")
    assert page.title == "Reply to alice · Testville"
    assert page.posts == ["Hello @carol and @bob"]
    assert page.one("textarea", name="text").raw_text == "\n@alice @carol "
    # Nothing is done with the post here but answering it.
    assert page.one("article").all("", "post-acts") == []


def test_an_answer_to_oneself_names_only_the_others(bob: Visitor, cast: Cast, db: Database) -> None:
    post_id = make.post(db, cast.bob, "Hello @carol and @nobody")
    page = bob.page(f"/posts/{post_id}/reply")
    assert page.one("textarea", name="text").raw_text == "\n@carol "


def test_an_answer_names_nobody_with_whom_one_has_nothing_to_do(
    bob: Visitor, cast: Cast, db: Database
) -> None:
    post_id = make.post(db, cast.alice, "Hello @carol")
    block(db, cast.carol, cast.bob)
    page = bob.page(f"/posts/{post_id}/reply")
    assert page.one("textarea", name="text").raw_text == "\n@alice "


@pytest.mark.parametrize(
    ("parents", "own", "expected"),
    [
        ("public", "public", "public"),
        ("public", "followers", "followers"),
        ("followers", "public", "followers"),
        ("quiet", "followers", "followers"),
        ("mentioned", "followers", "mentioned"),
    ],
)
def test_an_answer_is_for_as_few_as_the_post_or_as_one_prefers(
    bob: Visitor, cast: Cast, db: Database, parents: str, own: str, expected: str
) -> None:
    prefer(db, cast.bob, own)
    post_id = write(db, cast.alice, "Dear @bob", visibility=parents, warning="Feelings")
    page = bob.page(f"/posts/{post_id}/reply")
    assert chosen(page, "visibility") == expected
    assert page.one("input", name="warning")["value"] == "Feelings"
    assert "open" in page.one("details", "composer-warning").attributes


def test_an_answer_leads_to_where_it_stands(bob: Visitor, cast: Cast, db: Database) -> None:
    post_id = make.post(db, cast.alice, "Anybody?")
    form = filled(bob.page(f"/posts/{post_id}/reply"), text="@alice Me")
    response = bob.post_raw("/posts", data=form)
    with db.read() as session:
        answer = session.scalars(select(Post).where(Post.reply_to_id == post_id)).one()
    assert response.status_code == 303
    assert response.location == f"/@bob/{answer.id}#post-{answer.id}"
    assert bob.page(response.location).flashes == ["Your reply is out."]
    assert answer.text == "@alice Me"


def test_what_cannot_be_seen_cannot_be_answered_and_no_text_is_lost(
    bob: Visitor, cast: Cast, db: Database
) -> None:
    hidden = write(db, cast.carol, "For my followers", visibility="followers")
    for post_id in (hidden, 1, "x" * 30, "-1"):
        assert bob.get(f"/posts/new?reply_to={post_id}").status_code == 404
    assert bob.get(f"/posts/{hidden}/reply").status_code == 404
    before = snapshot(db)
    for post_id in (hidden, 1, "x", "9" * 30, "\0"):
        response = bob.post("/posts", {"text": "Keep me", "reply_to": str(post_id)})
        assert response.status_code == 404
        page = Page(response.text)
        assert page.one("textarea", name="text").text == "Keep me"
        assert page.field_errors == {
            "text": "What you answer is not there any more. You can post this by itself."
        }
        assert page.posts == []
        assert page.all("input", name="reply_to") == []
    assert snapshot(db) == before


def test_a_link_to_the_composer_brings_a_text(bob: Visitor) -> None:
    page = bob.page("/posts/new?text=@carol+%3Cb%3E%22")
    assert page.one("textarea", name="text").raw_text == '\n@carol <b>"'
    long = bob.page("/posts/new?text=" + "x" * 3000)
    assert len(long.one("textarea", name="text").text) == 3000


def test_whom_a_post_reaches_is_said_in_words(bob: Visitor, cast: Cast, db: Database) -> None:
    for path in ("/", "/posts/new"):
        assert audience(bob.page(path)) == [
            "Public — anybody, and on Explore",
            "Quiet public — anybody, but not on Explore or tags",
            "Followers — you have none yet",
            "Only those you mention",
        ]
    make.follow(db, cast.carol, cast.bob)
    for path in ("/", "/posts/new"):
        assert audience(bob.page(path))[2] == "Followers — your 1 follower"
    make.follow(db, cast.alice, cast.bob)
    for path in ("/", "/posts/new"):
        assert audience(bob.page(path))[2] == "Followers — your 2 followers"


def test_whom_a_post_mentions_is_said_where_it_is_known(
    bob: Visitor, cast: Cast, db: Database
) -> None:
    post_id = make.post(db, cast.alice, "Hello @carol, https://example.org/@nobody")
    known = "Only those you mention — @alice @carol"
    assert audience(bob.page(f"/posts/{post_id}/reply"))[3] == known
    assert audience(bob.page(f"/@alice/{post_id}"))[3] == known
    many = "/posts/new?text=@A+@b+@c+@d+@a"
    assert audience(bob.page(many))[3] == "Only those you mention — @a @b @c …"


def test_the_composer_begins_with_what_one_prefers(bob: Visitor, cast: Cast, db: Database) -> None:
    assert chosen(bob.page("/"), "visibility") == "public"
    prefer(db, cast.bob, "followers")
    assert chosen(bob.page("/"), "visibility") == "followers"
    assert chosen(bob.page("/posts/new"), "visibility") == "followers"
    # What a form does not say is as one prefers, too.
    assert bob.post("/posts", {"text": "For few"}).status_code == 303
    with db.read() as session:
        assert session.scalars(select(Post.visibility)).all() == ["followers"]


def test_warning_and_visibility_are_published(bob: Visitor, db: Database) -> None:
    form = {"text": "The butler", "warning": "Ending of a film", "visibility": "quiet"}
    assert bob.post("/posts", form).location == "/"
    with db.read() as session:
        post = session.scalars(select(Post)).one()
    assert (post.warning, post.visibility) == ("Ending of a film", "quiet")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("warning", "x" * 101, "At most 100 characters, please."),
        ("warning", "a\0b", "There are characters in this that cannot be read. Type it anew."),
        ("warning", "x" * 20_000, "At most 100 characters, please."),
        ("visibility", "nobody", "Choose one of these."),
        ("visibility", "mentioned", "Name somebody with @, or choose who else may see this."),
        ("language", "xx", "Choose one of the languages."),
    ],
)
@pytest.mark.sqlite_only
def test_what_is_wrong_is_said_at_its_field(
    bob: Visitor, cast: Cast, db: Database, field: str, value: str, sentence: str
) -> None:
    before = snapshot(db)
    response = bob.post("/posts", {"text": "Keep me @nobody", field: value})
    assert response.status_code == 422
    page = Page(response.text)
    assert page.field_errors == {field: sentence}
    assert page.one("textarea", name="text").text == "Keep me @nobody"
    assert snapshot(db) == before


def test_the_warning_counts_too(bob: Visitor, db: Database) -> None:
    response = bob.post("/posts", {"text": "x" * 450, "warning": "y" * 60})
    page = Page(response.text)
    assert page.field_errors == {"text": "This is too long by 10 characters."}
    assert bob.post("/posts", {"text": "x" * 450, "warning": "y" * 50}).status_code == 303


@pytest.mark.parametrize(
    ("form", "reminders"),
    [
        ({"text": "#tea", "visibility": "quiet"}, ["Tags work only in public posts."]),
        ({"text": "#tea", "visibility": "public"}, []),
        ({"text": "@carol, hello"}, ["You have blocked @carol, who will not see this."]),
        (
            {"text": "@alice and @Nobody", "visibility": "mentioned"},
            ["Nobody here is called @Nobody, so nobody of that name will see this."],
        ),
        ({"text": "@alice and @nobody", "visibility": "followers"}, []),
        (
            {"text": "@alice @carol #tea @no @na", "visibility": "mentioned"},
            [
                "Tags work only in public posts.",
                "You have blocked @carol, who will not see this.",
                "Nobody here is called @no and @na, so nobody of that name will see this.",
            ],
        ),
    ],
)
def test_what_was_missed_is_recalled_once(
    bob: Visitor, cast: Cast, db: Database, form: dict[str, str], reminders: list[str]
) -> None:
    block(db, cast.bob, cast.carol)
    before = snapshot(db)
    response = bob.post("/posts", {"key": "key-of-this-form", **form})
    if not reminders:
        assert response.status_code == 303
        return
    assert response.status_code == 422
    page = Page(response.text)
    assert [item.text for item in page.one("ul", "composer-reminders").all("li")] == reminders
    assert snapshot(db) == before
    anyway = page.one("button", name="anyway")
    again = filled(page, text=page.one("textarea", name="text").text) | {
        "visibility": chosen(page, "visibility"),
        anyway["name"]: anyway["value"],
    }
    assert (again["key"], again["text"]) == ("key-of-this-form", form["text"])
    assert bob.post_raw("/posts", data=again).status_code == 303
    assert count(db, Post) == 1


def test_who_has_blocked_the_writer_is_not_told_of(bob: Visitor, cast: Cast, db: Database) -> None:
    block(db, cast.carol, cast.bob)
    assert bob.post("/posts", {"text": "@carol?", "visibility": "followers"}).status_code == 303


def test_a_picture_without_a_description_is_recalled(
    bob: Visitor, cast: Cast, db: Database
) -> None:
    said, unsaid = make.picture(db, cast.bob, "A cat"), make.picture(db, cast.bob)
    form = {"text": "Look", "media": [str(said), str(unsaid), "odd"], "key": "key-of-this-form"}
    for emptied in ({}, {f"description-{said}": "", f"description-{unsaid}": "A dog"}):
        response = bob.post("/posts", {**form, **emptied})
        assert response.status_code == 422
        reminder = Page(response.text).one("ul", "composer-reminders").one("li")
        assert reminder.text == (
            "A picture has no description for people who cannot see it. Add alt text"
        )
        missing = said if emptied else unsaid
        assert reminder.one("a")["href"] == f"#description-{missing}"
    assert bob.post("/posts", {**form, f"description-{unsaid}": "A dog"}).status_code == 303
    assert count(db, Post) == 1


def test_a_picture_that_is_gone_is_said_so_and_no_text_is_lost(
    bob: Visitor, cast: Cast, db: Database
) -> None:
    others = make.picture(db, cast.carol, "A cat")
    before = snapshot(db)
    response = bob.post("/posts", {"text": "Look", "media": str(others)})
    assert response.status_code == 422
    page = Page(response.text)
    assert page.one(id="write-pictures-error").text
    assert page.one("textarea", name="text").text == "Look"
    assert snapshot(db) == before


def prefer(db: Database, person: Viewer, visibility: str) -> None:
    own = update(User).where(User.account_id == person.id)
    db.write(lambda session: session.execute(own.values(default_visibility=visibility)))


def block(db: Database, blocker: Viewer, blocked: Viewer) -> None:
    row = Block(blocker_id=blocker.id, blocked_id=blocked.id, id=1)
    db.write(lambda session: session.add(row))


def write(db: Database, author: Viewer, text: str, *, visibility: str, warning: str = "") -> int:
    with db.read() as session:
        draft = posts.compose(session, text, visibility=visibility, warning=warning)
    return db.write(lambda session: posts.publish(session, by=author, draft=draft)).post_id


def filled(page: Page, text: str) -> dict[str, str]:
    form = page.one("form", "composer")
    hidden = {field["name"]: field["value"] for field in form.all("input", type="hidden")}
    return hidden | {"text": text}


def audience(page: Page) -> list[str]:
    return [option.text for option in page.one("select", name="visibility").all("option")]


def chosen(page: Page, name: str) -> str:
    options = page.one("select", name=name).all("option")
    (found,) = [option["value"] for option in options if "selected" in option.attributes]
    return found
