"""The page of a post with the conversation around it."""

import pytest
from flask import Flask

from microblog.db import Database
from microblog.domain import posts
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import FOLLOWERS, MENTIONED, QUIET
from tests import make
from tests.cast import Cast
from tests.page import Element, Page
from tests.visitor import Visitor

HTMX = {"HX-Request": "true"}


def delete(db: Database, author: Viewer, post_id: int) -> None:
    db.write(lambda session: posts.delete(session, by=author, post_id=post_id))


def replies_of(page: Page) -> Element:
    return page.one("section", id="replies")


def texts(element: Element) -> list[str]:
    return [post.one("div", "post-text").text for post in element.all("article", "post")]


def test_a_post_stands_between_what_it_answers_and_what_answers_it(
    visitor: Visitor, cast: Cast, db: Database
) -> None:
    first = make.post(db, cast.alice, "First")
    second = make.post(db, cast.bob, "Second", reply_to=first)
    third = make.post(db, cast.carol, "Third", reply_to=second)
    make.post(db, cast.alice, "Fourth", reply_to=third)
    page = visitor.page(f"/@bob/{second}")
    assert page.posts == ["First", "Second", "Third", "Fourth"]
    assert texts(page.one("section", "thread-above")) == ["First"]
    assert page.one("article", "post-focused")["id"] == f"post-{second}"
    assert texts(replies_of(page)) == ["Third", "Fourth"]
    assert [heading.text for heading in page.all("h2", "thread-heading")] == ["Replies"]
    assert page.title == "bob: Second · Testville"
    levels = replies_of(page).all("ul", "thread-places")
    assert [texts(level) for level in levels] == [["Third", "Fourth"], ["Fourth"]]


@pytest.mark.sqlite_only
def test_a_post_by_itself_has_no_headings_of_what_is_not_there(
    visitor: Visitor, cast: Cast, db: Database
) -> None:
    page = visitor.page(f"/@alice/{make.post(db, cast.alice)}")
    assert page.all("section", "thread-above") == []
    assert page.all("section", id="replies") == []


def test_more_replies_come_in_pages_with_scripts_and_without(
    visitor: Visitor, cast: Cast, db: Database
) -> None:
    post_id = make.post(db, cast.alice, "Post")
    replies = [make.post(db, cast.bob, f"Reply {n}", reply_to=post_id) for n in range(23)]
    page = visitor.page(f"/@alice/{post_id}")
    assert texts(replies_of(page)) == [f"Reply {n}" for n in range(20)]
    link = page.one("a", "pager-older")
    assert link.text == "Show more replies"
    assert link["href"] == f"/@alice/{post_id}?after={replies[19]}#replies"
    rest = [f"Reply {n}" for n in range(20, 23)]
    next_page = visitor.page(link["href"])
    assert texts(replies_of(next_page)) == rest
    assert next_page.posts == ["Post", *rest]
    assert next_page.one("a", "pager-newer")["href"] == f"/@alice/{post_id}#replies"
    fragment = Page(visitor.get(link["hx-get"], headers=HTMX).text)
    assert (fragment.posts, fragment.all("title")) == (rest, [])
    assert fragment.all("a", "pager-older") == []


@pytest.mark.parametrize("after", ["x", "-1", "0", "", "9" * 19, "9" * 5000, "1 OR 1=1"])
@pytest.mark.sqlite_only
def test_an_odd_page_is_one_all_the_same(
    visitor: Visitor, cast: Cast, db: Database, after: str
) -> None:
    post_id = make.post(db, cast.alice, "Post")
    make.post(db, cast.bob, "Reply", reply_to=post_id)
    for headers in ({}, HTMX):
        response = visitor.get(f"/@alice/{post_id}?after={after}", headers=headers)
        assert response.status_code == 200


def test_what_is_left_out_is_led_to(visitor: Visitor, cast: Cast, db: Database) -> None:
    post_id = make.post(db, cast.alice)
    reply = make.post(db, cast.bob, reply_to=post_id)
    for _ in range(5):
        make.post(db, cast.carol, reply_to=reply)
    ids = [make.post(db, cast.carol, reply_to=post_id)]
    for author in (cast.bob, cast.carol, cast.bob):
        ids.append(make.post(db, author, reply_to=ids[-1]))
    more = visitor.page(f"/@alice/{post_id}").all("p", "thread-more")
    assert [(one.text, one.one("a")["href"]) for one in more] == [
        ("2 more replies", f"/@bob/{reply}#replies"),
        ("Continue this conversation", f"/@carol/{ids[2]}#replies"),
    ]


def test_what_a_reader_muted_is_folded_and_can_be_unfolded(
    app: Flask, visitor: Visitor, cast: Cast, db: Database
) -> None:
    post_id = make.post(db, cast.alice, "Post")
    reply = make.post(db, cast.carol, "Loud", reply_to=post_id)
    make.post(db, cast.alice, "Answer", reply_to=reply)
    make.mute(db, cast.bob, cast.carol)
    bob = Visitor.signed_in(app, cast.bob)
    folded = replies_of(bob.page(f"/@alice/{post_id}")).one("details", "thread-folded")
    assert folded.one("summary").text == "Hidden, because you muted @carol"
    assert "open" not in folded.attributes
    assert texts(folded) == ["Loud", "Answer"]
    assert visitor.page(f"/@alice/{post_id}").all("details", "thread-folded") == []


def test_lines_stand_for_what_was_deleted_and_for_what_is_hidden(
    visitor: Visitor, cast: Cast, db: Database
) -> None:
    first = make.post(db, cast.alice, "First")
    gone = make.post(db, cast.bob, "Gone", reply_to=first)
    third = make.post(db, cast.alice, "Third", reply_to=gone)
    hidden = make.post(db, cast.bob, "Hidden", visibility=FOLLOWERS, reply_to=third)
    last = make.post(db, cast.bob, "Last", reply_to=hidden)
    delete(db, cast.bob, gone)
    page = visitor.page(f"/@bob/{last}")
    lines = [line.text for line in page.all("p", "thread-line")]
    assert lines == ["This post was deleted", "This post is not available"]
    assert page.posts == ["First", "Third", "Last"]
    below = replies_of(visitor.page(f"/@alice/{first}"))
    assert [line.text for line in below.all("p", "thread-line")] == ["This post was deleted"]
    assert texts(below) == ["Third"]


def test_the_parts_of_a_series_are_numbered_on_the_page_of_a_thread_only(
    visitor: Visitor, cast: Cast, db: Database
) -> None:
    first = make.post(db, cast.alice, "First")
    second = make.post(db, cast.alice, "Second", reply_to=first)
    make.post(db, cast.alice, "Third", reply_to=second)
    for post_id in (first, second):
        parts = visitor.page(f"/@alice/{post_id}").all("span", "post-part")
        assert [part["title"] for part in parts] == [f"Part {n} of 3" for n in (1, 2, 3)]
    assert visitor.page("/@alice").all("span", "post-part") == []


@pytest.mark.sqlite_only
def test_a_long_way_up_begins_with_the_first_post_and_a_link(
    visitor: Visitor, cast: Cast, db: Database
) -> None:
    ids = [make.post(db, cast.alice)]
    for number in range(34):
        ids.append(make.post(db, (cast.bob, cast.alice)[number % 2], reply_to=ids[-1]))
    above = visitor.page(f"/@alice/{ids[-1]}").one("section", "thread-above")
    shown = [post["id"] for post in above.all("article")]
    assert shown == [f"post-{id_}" for id_ in (ids[0], *ids[4:34])]
    link = above.one("li", "thread-earlier").one("a")
    assert (link.text, link["href"]) == ("Show earlier posts", f"/@alice/{ids[4]}")


def test_a_post_for_some_says_whom_it_is_for(app: Flask, cast: Cast, db: Database) -> None:
    post_id = make.post(db, cast.alice, "Hi @bob and @carol", visibility=MENTIONED)
    page = Visitor.signed_in(app, cast.bob).page(f"/@alice/{post_id}")
    audience = page.one("p", "post-audience")
    assert audience.text == "Only for @bob and @carol"
    assert [link["href"] for link in audience.all("a")] == ["/@bob", "/@carol"]


def test_who_is_signed_in_answers_below_the_post_and_others_log_in(
    app: Flask, visitor: Visitor, cast: Cast, db: Database
) -> None:
    post_id = make.post(db, cast.alice, "Hi @bob", warning="Tea", visibility=QUIET)
    path = f"/@alice/{post_id}"
    assert f"/auth/login?next={path}" in visitor.page(path).links
    assert visitor.page(path).all("form", "composer") == []
    carol = Visitor.signed_in(app, cast.carol)
    form = carol.page(path).one("form", "composer")
    assert form.one("textarea").raw_text == "\n@alice @bob "
    assert form.one("input", name="warning")["value"] == "Tea"
    chosen = [option for option in form.all("option") if "selected" in option.attributes]
    assert [option["value"] for option in chosen] == ["quiet"]
    hidden = {field["name"]: field["value"] for field in form.all("input", type="hidden")}
    response = carol.post_raw("/posts", data=hidden | {"text": "Yes", "visibility": "quiet"})
    assert response.status_code == 303
    assert texts(replies_of(carol.page(path))) == ["Yes"]


def test_one_goes_on_with_ones_own_post_without_naming_oneself(
    app: Flask, cast: Cast, db: Database
) -> None:
    post_id = make.post(db, cast.alice)
    form = Visitor.signed_in(app, cast.alice).page(f"/@alice/{post_id}").one("form", "composer")
    assert form.one("textarea").raw_text.strip() == ""


@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        (None, "/@alice"),
        ("http://localhost/", "/"),
        ("http://localhost/explore?before=9", "/explore?before=9"),
        ("http://localhost/@bob/1", "/@bob/1"),
        ("http://localhost/@alice/{id}", "/@alice"),
        ("http://localhost/auth/login?next=/", "/@alice"),
        ("http://localhost/posts/{id}/reply", "/@alice"),
        ("http://elsewhere.example/", "/@alice"),
        ("nonsense", "/@alice"),
    ],
)
@pytest.mark.sqlite_only
def test_back_leads_to_where_one_read_before(
    visitor: Visitor, cast: Cast, db: Database, came_from: str | None, back: str
) -> None:
    post_id = make.post(db, cast.alice)
    headers = {"Referer": came_from.format(id=post_id)} if came_from else {}
    page = visitor.page(f"/@alice/{post_id}", headers=headers)
    assert page.one("a", "back")["href"] == back
