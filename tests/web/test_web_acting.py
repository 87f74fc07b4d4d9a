"""The buttons of a post: boost, favourite, bookmark."""

import pytest
from flask import Flask

from microblog.db import Database
from microblog.domain import posts, timelines
from microblog.domain.visibility import FOLLOWERS
from microblog.web import limits
from tests import make
from tests.cast import Cast
from tests.page import Element, Page
from tests.snapshot import snapshot
from tests.visitor import Visitor
from tests.web.tries import assert_too_soon, limited

HTMX = {"HX-Request": "true"}
ACTS = ["boost", "favourite", "bookmark"]
VERBS = [*ACTS, *(f"un{act}" for act in ACTS)]


@pytest.mark.parametrize("act", ACTS)
def test_a_button_leads_back_to_its_post_where_there_are_no_scripts(
    bob: Visitor, cast: Cast, db: Database, act: str
) -> None:
    post_id = make.post(db, cast.alice)
    for verb, opposite, pressed in ((act, f"un{act}", "true"), (f"un{act}", act, "false")):
        offered = button(bob.page("/explore?after=0"), act, post_id)
        assert offered["formaction"] == offered["hx-post"] == f"/posts/{post_id}/{verb}"
        referrer = {"Referer": "http://localhost/explore?after=0"}
        response = bob.post(offered["formaction"], headers=referrer)
        assert (response.status_code, response.location) == (
            303,
            f"/explore?after=0#post-{post_id}",
        )
        page = bob.page("/explore")
        assert button(page, act, post_id)["aria-pressed"] == pressed
        assert button(page, act, post_id)["formaction"].endswith(f"/{opposite}")


@pytest.mark.sqlite_only
def test_a_button_of_nobody_knows_where_leads_to_the_page_of_the_post(
    bob: Visitor, cast: Cast, db: Database
) -> None:
    post_id = make.post(db, cast.alice)
    for headers in ({}, {"Referer": "https://evil.example/"}):
        response = bob.post(f"/posts/{post_id}/favourite", headers=headers)
        assert response.location == f"/@alice/{post_id}#post-{post_id}"


@pytest.mark.parametrize("act", ACTS)
def test_with_scripts_the_answer_is_the_button_in_its_row(
    bob: Visitor, cast: Cast, db: Database, act: str
) -> None:
    post_id = make.post(db, cast.alice)
    answer = bob.post(f"/posts/{post_id}/{act}", headers=HTMX)
    assert answer.headers["HX-Reselect"] == f"#{act}-{post_id}"
    page = Page(answer.text)
    assert page.all("article") == []
    row = page.one("div", "post-acts")
    assert (row["hx-target"], row["hx-swap"]) == ("closest button", "outerHTML")
    pressed = [each["id"] for each in page.all("button", **{"aria-pressed": "true"})]
    assert pressed == [f"{act}-{post_id}"]
    counts = [each.text for each in page.all("span", "act-count")]
    assert counts == ([] if act == "bookmark" else ["1"])
    answer = bob.post(f"/posts/{post_id}/un{act}", headers=HTMX)
    assert answer.headers["HX-Reselect"] == f"#{act}-{post_id}"
    page = Page(answer.text)
    assert page.all("button", **{"aria-pressed": "true"}) == page.all("span", "act-count") == []


@pytest.mark.sqlite_only
def test_visitors_see_counters_and_no_buttons(
    visitor: Visitor, bob: Visitor, cast: Cast, db: Database
) -> None:
    post_id = make.post(db, cast.alice)
    for verb in VERBS:
        refused = visitor.post(f"/posts/{post_id}/{verb}")
        assert refused.location.startswith("/auth/login")
    bob.post(f"/posts/{post_id}/favourite")
    for path in ("/explore", "/@alice", f"/@alice/{post_id}"):
        card = visitor.page(path).one("article")
        assert card.all("button") == []
        assert [each.text for each in card.one("ul", "post-acts").all("li")] == ["Favourites1"]


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.sqlite_only
def test_what_one_cannot_see_is_not_there_for_any_verb(
    bob: Visitor, cast: Cast, db: Database, verb: str, headers: dict[str, str]
) -> None:
    post_id = make.post(db, cast.carol, visibility=FOLLOWERS)
    before = snapshot(db)
    for odd in (post_id, 1, 2**63 - 1):
        assert bob.post(f"/posts/{odd}/{verb}", headers=headers).status_code == 404
    assert bob.post(f"/posts/0{post_id}/{verb}", headers=headers).status_code == 404
    assert bob.post(f"/posts/{post_id}/{verb}s", headers=headers).status_code in (404, 405)
    assert bob.get(f"/posts/{post_id}/{verb}").status_code == 405
    assert snapshot(db) == before


@pytest.mark.sqlite_only
def test_what_is_for_followers_cannot_be_boosted_by_them(
    bob: Visitor, cast: Cast, db: Database
) -> None:
    post_id = make.post(db, cast.alice, visibility=FOLLOWERS)
    assert bob.page(f"/@alice/{post_id}").one("span", "post-act-off").text == "Cannot be boosted"
    assert bob.post(f"/posts/{post_id}/boost", headers=HTMX).status_code == 403
    assert timelines.entry_of(db, cast.bob, post_id).boosts_count == 0


@pytest.mark.sqlite_only
def test_what_can_be_boosted_no_more_stands_in_the_place_of_its_button(
    bob: Visitor, cast: Cast, db: Database
) -> None:
    post_id = make.post(db, cast.alice)
    make.boost(db, cast.bob, post_id)
    make.narrow(db, cast.alice, post_id, FOLLOWERS)
    answer = bob.post(f"/posts/{post_id}/unboost", headers=HTMX)
    selected = Page(answer.text).one(id=answer.headers["HX-Reselect"].removeprefix("#"))
    assert (selected.tag, selected.text) == ("span", "Cannot be boosted")


@pytest.mark.sqlite_only
def test_three_hundred_acts_are_enough_for_an_hour(app: Flask, cast: Cast, db: Database) -> None:
    post_id = make.post(db, cast.alice)
    answers = [limited(app, limits.count_acting, cast.bob, "127.0.0.1") for _ in range(300)]
    assert answers == [False] * 300
    bob = Visitor.signed_in(app, cast.bob)
    db.write(lambda session: posts.boost(session, by=cast.bob, post_id=post_id))
    assert_too_soon(bob.post(f"/posts/{post_id}/favourite"), 3600)
    # What was done can always be taken back.
    assert bob.post(f"/posts/{post_id}/unboost").status_code == 303


def button(page: Page, act: str, post_id: int) -> Element:
    return page.one("button", id=f"{act}-{post_id}")
