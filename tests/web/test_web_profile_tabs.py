"""What a profile shows beside a person's posts: tabs, pinned posts, lines of their own."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from microblog import clock, ids
from microblog.db import Database
from microblog.domain import posts
from microblog.domain.viewer import Viewer
from microblog.models import Account, Attachment
from tests import make
from tests.cast import Cast
from tests.page import Page
from tests.visitor import Visitor


def pin(db: Database, by: Viewer, post_id: int) -> None:
    db.write(lambda session: posts.pin(session, by=by, post_id=post_id))


def pinned(page: Page) -> list[str]:
    """Return the posts that are marked as pinned."""
    return [
        post.one("div", "post-text").text
        for post in page.all("article", "post")
        if any(mark.text == "Pinned" for mark in post.all("p", "post-boosted"))
    ]


def test_each_tab_shows_its_part(visitor: Visitor, cast: Cast, db: Database) -> None:
    question = make.post(db, cast.bob, "A question")
    make.post(db, cast.alice, "An answer", reply_to=question)
    make.post(db, cast.alice, "A post")
    picture = make.post(db, cast.alice, "A picture")

    def attach(session: Session) -> None:
        session.add(
            Attachment(
                id=ids.new(),
                account_id=cast.alice.id,
                post_id=picture,
                file="x.webp",
                preview="y.webp",
                width=1,
                height=1,
                preview_width=1,
                preview_height=1,
                created_at=clock.now(),
            )
        )

    db.write(attach)
    assert visitor.page("/@alice").posts == ["A picture", "A post"]
    assert visitor.page("/@alice/replies").posts == ["A picture", "A post", "An answer"]
    assert visitor.page("/@alice/media").posts == ["A picture"]


@pytest.mark.parametrize(
    ("path", "label", "empty"),
    [
        ("/@carol", "Posts", "No posts yet"),
        ("/@carol/replies", "Posts and replies", "No posts yet"),
        ("/@carol/media", "Media", "No pictures yet"),
    ],
)
@pytest.mark.sqlite_only
def test_the_tab_that_is_open_is_marked(
    visitor: Visitor, cast: Cast, path: str, label: str, empty: str
) -> None:
    page = visitor.page(path)
    tabs = page.one("nav", "tabs")
    assert [tab["href"] for tab in tabs.all("a")] == [
        "/@carol",
        "/@carol/replies",
        "/@carol/media",
    ]
    assert tabs.one("a", **{"aria-current": "page"}).text == label
    assert page.one("h2", "empty-heading").text == empty
    assert visitor.get(path.replace("carol", "Carol")).location == path


def test_pinned_posts_stand_on_top_once(visitor: Visitor, cast: Cast, db: Database) -> None:
    old, older = (make.post(db, cast.alice, text) for text in ("One", "Two"))
    make.posts_of(db, cast.alice, 22)
    pin(db, cast.alice, older)
    pin(db, cast.alice, old)
    first = visitor.page("/@alice")
    assert first.posts[:3] == ["One", "Two", "Post 21 of alice"]
    assert pinned(first) == ["One", "Two"]
    second = visitor.page(first.one("a", "pager-older")["href"])
    assert second.posts == ["Post 1 of alice", "Post 0 of alice"]
    assert pinned(second) == []
    replies = visitor.page("/@alice/replies")
    assert pinned(replies) == []
    assert replies.posts[0] == "Post 21 of alice"


def test_what_is_pinned_is_for_whom_it_was_written(
    app: Flask, visitor: Visitor, cast: Cast, db: Database
) -> None:
    pin(db, cast.alice, make.post(db, cast.alice, "For followers", visibility="followers"))
    assert pinned(visitor.page("/@alice")) == []
    assert pinned(Visitor.signed_in(app, cast.bob).page("/@alice")) == ["For followers"]


def test_a_profile_of_pinned_posts_alone_is_not_empty(
    visitor: Visitor, cast: Cast, db: Database
) -> None:
    pin(db, cast.alice, make.post(db, cast.alice, "Only this"))
    page = visitor.page("/@alice")
    assert page.posts == ["Only this"]
    assert not page.all("div", "empty")


def test_a_boost_says_whose_it_is(visitor: Visitor, cast: Cast, db: Database) -> None:
    post_id = make.post(db, cast.carol)
    db.write(lambda session: posts.boost(session, by=cast.alice, post_id=post_id))
    mark = visitor.page("/@alice").one("article", "post").one("p", "post-boosted")
    assert mark.text == "alice boosted"
    assert mark.one("a")["href"] == "/@alice"


def test_no_more_than_five_stand_on_top(visitor: Visitor, cast: Cast, db: Database) -> None:
    for post_id in make.posts_of(db, cast.alice, 5):
        pin(db, cast.alice, post_id)
    assert len(pinned(visitor.page("/@alice"))) == 5


def test_pins_cost_no_statement(visitor: Visitor, cast: Cast, db: Database) -> None:
    for post_id in make.posts_of(db, cast.alice, 3):
        pin(db, cast.alice, post_id)
    visitor.page("/@alice")
    visitor.page("/@alice")
    assert db.statements <= 2


def test_lines_of_a_profile_are_shown_with_links_to_oneself(
    alice: Visitor, visitor: Visitor, cast: Cast
) -> None:
    alice.post(
        "/settings/profile",
        {
            "display_name": "",
            "about": "",
            "fields-0-label": " Page ",
            "fields-0-text": "https://ex.com/me",
            "fields-1-label": "",
            "fields-1-text": " ",
            "fields-2-label": "<b>",
            "fields-2-text": '"><script>alert(1)</script>',
        },
    )
    fields = visitor.page("/@alice").one("dl", "profile-fields")
    assert [label.text for label in fields.all("dt")] == ["Page", "<b>"]
    link = fields.one("a")
    assert (link["href"], link["rel"]) == ("https://ex.com/me", "me nofollow noopener")
    assert fields.all("dd")[1].text == '"><script>alert(1)</script>'
    form = alice.page("/settings/profile")
    assert form.one("input", name="fields-1-label")["value"] == "<b>"
    alice.post("/settings/profile", {"display_name": "", "about": ""})
    assert not visitor.page("/@alice").all("dl")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"fields-0-label": "Only a label"}, "Give each line a label and a text"),
        ({"fields-0-text": "Only a text"}, "Give each line a label and a text"),
        ({"fields-0-label": "l" * 41, "fields-0-text": "x"}, "At most 40 characters"),
        ({"fields-0-label": "l", "fields-0-text": "x" * 201}, "At most 200 characters"),
        ({"fields-0-label": "l", "fields-0-text": "x" * 200_000}, "At most 200 characters"),
    ],
)
@pytest.mark.sqlite_only
def test_what_is_wrong_with_a_line_is_said_there(
    alice: Visitor, fields: dict[str, str], message: str
) -> None:
    response = alice.post("/settings/profile", {"display_name": "", "about": "", **fields})
    assert response.status_code == 422
    assert message in Page(response.text).one("p", id="fields-error").text


@pytest.mark.sqlite_only
def test_a_header_is_shown_where_there_is_one(visitor: Visitor, cast: Cast, db: Database) -> None:
    assert not visitor.page("/@alice").all("img", "profile-header")

    def give(session: Session) -> None:
        session.get_one(Account, cast.alice.id).header = "ab/cdef.webp"

    db.write(give)
    assert visitor.page("/@alice").one("img", "profile-header")["src"] == "/media/ab/cdef.webp"
