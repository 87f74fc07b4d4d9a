"""The page of what others did, and how much of it every page says is new."""

import pytest
from flask import Flask

from microblog.db import Database
from microblog.domain import posts
from microblog.domain.visibility import MENTIONED
from microblog.worker import Worker
from tests import make
from tests.cast import Cast
from tests.listener import do_everything
from tests.page import Element, Page
from tests.visitor import Visitor


@pytest.fixture
def post_id(db: Database, cast: Cast) -> int:
    """Return a post of Alice's."""
    return make.post(db, cast.alice, "What a day")


@pytest.fixture
def alice(app: Flask, cast: Cast, worker: Worker) -> Visitor:
    """Return the browser of Alice, who has read that Bob follows her."""
    worker.run_due()
    visitor = Visitor.signed_in(app, cast.alice)
    read_all(visitor)
    return visitor


def read_all(visitor: Visitor) -> None:
    """Press the button that says that everything is read."""
    form = visitor.page("/notifications").one("form", action="/notifications/read")
    key = form.one("input", name="key")["value"]
    response = visitor.post("/notifications/read", {"key": key})
    assert (response.status_code, response.location) == (303, "/notifications")


def lines(page: Page) -> list[str]:
    """Return what the gathered lines say, and the labels above the posts."""
    notes = [note for note in page.all() if "note" in note.classes]
    return [
        (note.all("span", "note-sentence") or note.one("p", "note-label").all("span"))[0].text
        for note in notes
    ]


def unread(page: Page) -> list[str]:
    """Return the marks of what is new."""
    return [mark.text for mark in page.all("span", "note-new")]


def badge(page: Page, name: str = "notifications") -> Element:
    return page.one("span", "nav-badge", **{"data-badge": name})


def test_a_page_says_what_others_did(
    alice: Visitor, cast: Cast, db: Database, worker: Worker, post_id: int
) -> None:
    do_everything(db, cast.carol, cast.alice, post_id)
    make.favourite(db, cast.bob, post_id)
    worker.run_due()
    page = alice.page("/notifications")
    assert lines(page) == [
        "bob and carol favourited your post",
        "carol and bob followed you",
        "carol boosted your post",
        "Replied to you",
        "Mentioned you",
    ]
    assert page.posts == ["An answer", "@alice hello"]
    assert unread(page) == ["New"] * 5
    excerpts = [line.one("a") for line in page.all("p", "note-excerpt")]
    assert [(link["href"], link.text) for link in excerpts] == [
        (f"/@alice/{post_id}", "What a day")
    ] * 2
    assert {"/@bob", "/@carol"} <= set(page.links)
    assert page.one("p", "pager-end").text == "You're all caught up."


def test_many_people_are_a_few_names_and_a_number(
    alice: Visitor, cast: Cast, db: Database, worker: Worker, post_id: int
) -> None:
    for number in range(5):
        make.boost(db, make.account(db, f"fan{number}"), post_id)
    worker.run_due()
    assert lines(alice.page("/notifications"))[0] == (
        "fan4, fan3, fan2 and 2 others boosted your post"
    )


def test_mentions_have_a_page_of_their_own(
    alice: Visitor, cast: Cast, db: Database, worker: Worker, post_id: int
) -> None:
    do_everything(db, cast.carol, cast.alice, post_id)
    worker.run_due()
    page = alice.page("/notifications/mentions")
    assert lines(page) == ["Replied to you", "Mentioned you"]
    current = page.one("nav", "tabs").one("a", **{"aria-current": "page"})
    assert current.text == "Mentions"
    form = page.one("form", action="/notifications/read")
    assert "data-read-when-seen" not in form.attributes


def test_a_private_mention_is_a_card_with_its_mark(
    alice: Visitor, cast: Cast, db: Database, worker: Worker
) -> None:
    make.post(db, cast.carol, "Between us, @alice", visibility=MENTIONED)
    worker.run_due()
    page = alice.page("/notifications")
    assert page.posts == ["Between us, @alice"]
    assert page.one("span", "post-visibility").text == "Mentioned people only"


def test_a_request_to_follow_is_answered_where_it_is_told(
    alice: Visitor, app: Flask, cast: Cast, db: Database, worker: Worker
) -> None:
    make.locked(db, cast.alice)
    make.follow(db, cast.carol, cast.alice)
    worker.run_due()
    page = alice.page("/notifications")
    assert lines(page)[0] == "carol asks to follow you"
    buttons = page.one("div", "request").all("button")
    assert [button["formaction"] for button in buttons] == ["/@carol/accept", "/@carol/refuse"]
    assert alice.post("/@carol/accept").status_code == 303
    assert lines(alice.page("/notifications")) == ["bob followed you"]


def test_names_and_texts_are_no_html(
    alice: Visitor, cast: Cast, db: Database, worker: Worker
) -> None:
    post_id = make.post(db, cast.alice, "<b>bold</b> & <script>")
    make.favourite(db, cast.carol, post_id)
    worker.run_due()
    page = alice.page("/notifications")
    assert page.one("p", "note-excerpt").text == "<b>bold</b> & <script>"


def test_what_a_warning_hides_is_not_in_the_line(
    alice: Visitor, cast: Cast, db: Database, worker: Worker
) -> None:
    post_id = make.post(db, cast.alice, "The butler did it", warning="Spoiler")
    make.favourite(db, cast.carol, post_id)
    worker.run_due()
    page = alice.page("/notifications")
    assert page.one("p", "note-excerpt").text == "Spoiler"
    assert "butler" not in alice.get("/notifications").text


def test_somebody_new_hears_nothing_yet(app: Flask, cast: Cast) -> None:
    carol = Visitor.signed_in(app, cast.carol)
    for path in ("/notifications", "/notifications/mentions"):
        page = carol.page(path)
        assert page.one("h2", "empty-heading").text == "Nothing here yet"
        assert not page.all("form", action="/notifications/read")
        assert not page.all("p", "pager-end")


@pytest.mark.sqlite_only
def test_visitors_are_asked_to_log_in(visitor: Visitor) -> None:
    for path in ("/notifications", "/notifications/mentions"):
        assert visitor.get(path).location == f"/auth/login?next={path}"
    assert visitor.post("/notifications/read", {"key": "1"}).status_code in (302, 303, 401)
    page = visitor.page("/explore")
    assert not page.all("span", "nav-badge")
    assert not page.all("nav", "nav-more")


def test_older_notifications_are_pages_and_load_alone(
    alice: Visitor, cast: Cast, db: Database, worker: Worker
) -> None:
    for number in range(25):
        make.post(db, cast.carol, f"@alice {number}")
    worker.run_due()
    first = alice.page("/notifications")
    older = first.one("a", "pager-older")["href"]
    second = alice.page(older)
    assert first.posts + second.posts == [f"@alice {number}" for number in reversed(range(25))]
    assert not second.all("form", action="/notifications/read")
    alone = alice.page(older, headers={"HX-Request": "true"})
    assert alone.posts == second.posts
    assert not alone.all("title")


@pytest.mark.sqlite_only
@pytest.mark.parametrize("query", ["before=x", "before=0", f"after={2**63 - 1}", "before=%00"])
def test_an_odd_key_answers_an_empty_page_with_a_way_back(alice: Visitor, query: str) -> None:
    page = alice.page(f"/notifications?{query}")
    assert lines(page) == []
    assert page.one("div", "empty").one("a")["href"] == "/notifications"


# What is new.


def test_looking_at_a_page_does_not_read_it(
    alice: Visitor, cast: Cast, db: Database, worker: Worker, post_id: int
) -> None:
    make.favourite(db, cast.carol, post_id)
    worker.run_due()
    for _ in range(2):
        assert unread(alice.page("/notifications")) == ["New"]
    assert alice.get("/notifications/read").status_code == 405
    read_all(alice)
    page = alice.page("/notifications")
    assert page.flashes == ["Marked as read."]
    assert unread(page) == []
    assert "hidden" in badge(page).attributes


def test_every_page_says_how_much_is_new(
    alice: Visitor, cast: Cast, db: Database, worker: Worker, post_id: int
) -> None:
    do_everything(db, cast.carol, cast.alice, post_id)
    worker.run_due()
    for path in ("/", "/explore", "/settings/profile", f"/@alice/{post_id}", "/admin"):
        page = alice.page(path)
        assert badge(page).text == "5 5 unread"
        assert page.title.startswith("(5) ")
    read_all(alice)
    page = alice.page("/")
    assert "hidden" in badge(page).attributes
    assert page.title == "Home · Testville"


def test_messages_are_counted_beside_notifications(
    alice: Visitor, cast: Cast, db: Database
) -> None:
    make.follow(db, cast.alice, cast.bob)
    make.message(db, cast.bob, cast.alice)
    assert alice.page("/explore").title == "(1) Explore · Testville"
    assert poll(alice)["unread"]["messages"] == {"shown": "1", "label": "1 unread"}


@pytest.mark.sqlite_only
@pytest.mark.parametrize("key", ["", "x", "-1", "99999999999999999999", "1;2", "\0", "٣"])
def test_an_odd_key_reads_nothing(
    alice: Visitor, cast: Cast, db: Database, worker: Worker, post_id: int, key: str
) -> None:
    make.favourite(db, cast.carol, post_id)
    worker.run_due()
    assert alice.post("/notifications/read", {"key": key}).status_code == 303
    assert unread(alice.page("/notifications")) == ["New"]


def test_a_script_reads_and_hears_that_it_is_done(
    alice: Visitor, cast: Cast, db: Database, worker: Worker, post_id: int
) -> None:
    make.favourite(db, cast.carol, post_id)
    worker.run_due()
    form = alice.page("/notifications").one("form", action="/notifications/read")
    assert "data-read-when-seen" in form.attributes
    key = form.one("input", name="key")["value"]
    headers = {"Accept": "application/json"}
    response = alice.post("/notifications/read", {"key": key}, headers=headers)
    assert (response.status_code, response.text) == (204, "")
    assert poll(alice)["unread"]["notifications"] == {"shown": "", "label": ""}


# The poll.


def poll(visitor: Visitor, query: str = "") -> dict[str, dict[str, object]]:
    response = visitor.get(f"/updates{query}")
    assert response.status_code == 200
    found: dict[str, dict[str, object]] = response.get_json()
    return found


def test_one_poll_says_everything_that_is_new(
    alice: Visitor, cast: Cast, db: Database, worker: Worker, post_id: int
) -> None:
    make.follow(db, cast.alice, cast.carol)
    worker.run_due()
    do_everything(db, cast.carol, cast.alice, post_id)
    worker.run_due()
    assert poll(alice, f"?after={post_id}") == {
        "new_posts": {"count": 2, "label": "2 new posts"},
        "unread": {
            "title": "(5) ",
            "notifications": {"shown": "5", "label": "5 unread"},
            "messages": {"shown": "", "label": ""},
        },
    }
    assert poll(alice)["new_posts"] == {"count": 0, "label": ""}


def test_a_poll_takes_one_statement_and_one_more_for_posts(
    alice: Visitor, db: Database, cast: Cast, worker: Worker, post_id: int
) -> None:
    for _ in range(2):
        poll(alice)
        assert db.statements == 1
        poll(alice, "?after=0")
        assert db.statements == 2
        do_everything(db, cast.carol, cast.alice, post_id)
        worker.run_due()


def test_a_warm_page_takes_three_statements_whatever_is_on_it(
    alice: Visitor, db: Database, cast: Cast, worker: Worker, post_id: int
) -> None:
    for fan in [make.account(db, f"fan{number}") for number in range(3)]:
        do_everything(db, fan, cast.alice, post_id)
    worker.run_due()
    for path in ("/notifications", "/notifications/mentions"):
        alice.page(path)
        alice.page(path)
        assert db.statements == 3


def test_what_is_gone_is_neither_shown_nor_counted(
    alice: Visitor, cast: Cast, db: Database, worker: Worker
) -> None:
    post_id = make.post(db, cast.carol, "@alice oh")
    worker.run_due()
    assert alice.page("/").title == "(1) Home · Testville"
    db.write(lambda session: posts.delete(session, by=cast.carol, post_id=post_id))
    page = alice.page("/notifications")
    assert lines(page) == ["bob followed you"]
    assert page.title == "Notifications · Testville"
