"""Muting, blocking, asking to follow and hiding boosts, by buttons and menus."""

import pytest
from flask import Flask

from microblog.db import Database
from microblog.domain import relationships
from microblog.domain.relationships import Relationship
from microblog.domain.viewer import Viewer
from tests import make
from tests.cast import Cast
from tests.page import Page
from tests.snapshot import snapshot
from tests.visitor import Visitor

HTMX = {"HX-Request": "true"}
ON_PROFILE = {**HTMX, "HX-Target": "profile"}
VERBS = [
    *("follow", "unfollow", "hide-boosts", "show-boosts", "mute", "unmute"),
    *("block", "unblock", "accept", "refuse"),
]


def relation(db: Database, viewer: Viewer, other: Viewer) -> Relationship:
    with db.read() as session:
        return relationships.relate(session, viewer, [other.id])[other.id]


@pytest.mark.parametrize(
    ("verb", "message", "stands"),
    [
        (
            "mute",
            "alice is muted: what they write stays out of your pages.",
            Relationship(following=True, muting=True),
        ),
        ("unmute", "alice is not muted any more.", Relationship(following=True)),
        (
            "hide-boosts",
            "You do not see what alice boosts any more.",
            Relationship(following=True, hides_boosts=True),
        ),
        ("show-boosts", "You see what alice boosts again.", Relationship(following=True)),
        (
            "block",
            "alice is blocked: you do not see each other any more.",
            Relationship(blocking=True),
        ),
        ("unblock", "alice is not blocked any more.", Relationship(following=True)),
    ],
)
def test_what_is_done_is_said(
    bob: Visitor, cast: Cast, db: Database, verb: str, message: str, stands: Relationship
) -> None:
    for _ in range(2):
        response = bob.post(f"/@Alice/{verb}")
        assert (response.status_code, response.location) == (303, "/@alice")
        assert bob.page("/@alice").flashes == [message]
        assert relation(db, cast.bob, cast.alice) == stands


@pytest.mark.parametrize("verb", VERBS)
def test_each_needs_a_form_a_person_and_somebody_signed_in(
    visitor: Visitor, carol: Visitor, cast: Cast, db: Database, verb: str
) -> None:
    before = snapshot(db)
    assert carol.post(f"/@nobody/{verb}").status_code == 404
    assert carol.post_raw(f"/@alice/{verb}").status_code == 400
    assert carol.get(f"/@alice/{verb}").status_code == (200 if verb == "block" else 405)
    assert visitor.post(f"/@alice/{verb}").location.startswith("/auth/login")
    assert visitor.post(f"/@alice/{verb}", headers=HTMX).status_code == 401
    assert snapshot(db) == before


@pytest.mark.parametrize("verb", VERBS)
def test_nobody_has_a_relationship_to_themselves(
    carol: Visitor, cast: Cast, db: Database, verb: str
) -> None:
    before = snapshot(db)
    assert carol.post(f"/@carol/{verb}").status_code == 303
    assert carol.post(f"/@carol/{verb}", headers=HTMX).status_code in (200, 303)
    assert snapshot(db) == before


@pytest.mark.parametrize("verb", ["follow", "mute"])
def test_who_is_blocked_can_neither_follow_nor_mute(
    carol: Visitor, bob: Visitor, cast: Cast, db: Database, verb: str
) -> None:
    make.block(db, cast.bob, cast.carol)
    before = snapshot(db)
    assert carol.post(f"/@bob/{verb}").status_code == 404
    assert bob.post(f"/@carol/{verb}").status_code == 404
    assert snapshot(db) == before


def test_who_is_blocked_sees_a_name_and_nothing_else(
    carol: Visitor, bob: Visitor, cast: Cast, db: Database
) -> None:
    make.post(db, cast.bob, "A post for friends")
    make.block(db, cast.bob, cast.carol)
    page = carol.page("/@bob")
    column = page.one("main")
    assert column.one("section", "empty").text == "bob You cannot see this profile."
    assert not column.all("button")
    assert "A post for friends" not in page.text
    for path in ("/@bob/followers", "/@bob/following", "/@bob/menu"):
        assert carol.get(path).location == "/@bob"


def test_who_blocks_reads_that_they_do_and_may_end_it(
    bob: Visitor, cast: Cast, db: Database
) -> None:
    make.post(db, cast.alice, "Hello")
    make.block(db, cast.bob, cast.alice)
    column = bob.page("/@alice").one("main")
    assert "You have blocked this person" in column.text
    assert column.one("button")["formaction"] == "/@alice/unblock"
    assert not column.all("article")
    bob.post("/@alice/unblock")
    assert bob.page("/@alice").posts == ["Hello"]


def test_blocking_is_explained_first(bob: Visitor, cast: Cast, db: Database) -> None:
    page = bob.page("/@alice/block")
    assert page.one("h1").text == "Block alice?"
    form = page.one("main").one("form")
    response = bob.post(form["action"], headers={"Referer": "http://localhost/@alice/block"})
    assert response.location == "/@alice"
    assert bob.get("/@alice/block").location == "/@alice"
    assert bob.get("/@bob/block").location == "/@bob"


def test_the_menu_offers_what_fits(bob: Visitor, carol: Visitor, cast: Cast, db: Database) -> None:
    def offered(visitor: Visitor) -> list[str]:
        page = visitor.page("/@alice/menu")
        assert page.one("main").one("h1").text == "alice"
        return [item.text for item in page.one("ul", "menu-items").all("li")]

    assert offered(carol) == ["Mention", "Mute", "Block"]
    assert offered(bob) == ["Mention", "Hide their boosts", "Mute", "Block"]
    bob.post("/@alice/mute")
    bob.post("/@alice/hide-boosts")
    assert offered(bob) == ["Mention", "Show their boosts", "Unmute", "Block"]
    fragment = Page(bob.get("/@alice/menu", headers=HTMX).text)
    assert not fragment.all("main")
    assert {item["hx-target"] for item in fragment.all("button")} == {"#profile"}
    assert bob.get("/@bob/menu").location == "/@bob"


def test_on_a_profile_the_answer_is_its_top(bob: Visitor, cast: Cast) -> None:
    response = bob.post("/@alice/mute", headers=ON_PROFILE)
    fragment = Page(response.text)
    top = fragment.one("header", "profile")
    assert "You have muted alice." in top.text
    assert top.one("button", formaction="/@alice/unmute")
    assert fragment.flashes == ["alice is muted: what they write stays out of your pages."]
    again = Page(bob.post("/@alice/hide-boosts", headers=ON_PROFILE).text)
    assert "You have hidden their boosts" in again.text
    gone = bob.post("/@alice/block", headers=ON_PROFILE)
    assert gone.headers["HX-Redirect"] == "/@alice"
    assert bob.page("/@alice").flashes == ["alice is blocked: you do not see each other any more."]


@pytest.mark.parametrize(("verb", "list_"), [("mute", "people"), ("block", "people/blocked")])
def test_in_the_settings_people_are_listed_with_the_way_back(
    bob: Visitor, cast: Cast, verb: str, list_: str
) -> None:
    assert bob.page(f"/settings/{list_}").one("div", "empty")
    bob.post(f"/@alice/{verb}")
    page = bob.page(f"/settings/{list_}")
    assert page.people == ["@alice"]
    button = page.one("main").one("li", "account").one("button")
    assert button["formaction"] == f"/@alice/un{verb}"
    other = Page(bob.post(f"/@alice/un{verb}", headers=HTMX).text).all("button")[0]
    assert other["formaction"] == f"/@alice/{verb}"
    assert bob.page(f"/settings/{list_}").one("div", "empty")


def test_a_list_in_the_settings_goes_on(bob: Visitor, cast: Cast, db: Database) -> None:
    for number in range(23):
        make.mute(db, cast.bob, make.account(db, f"loud{number}"))
    first = bob.page("/settings/people")
    older = first.one("a", "pager-older")["href"]
    assert len(first.people) == 20
    assert bob.page(older).people == ["@loud2", "@loud1", "@loud0"]
    fragment = Page(bob.get(older, headers=HTMX).text)
    assert [button["formaction"] for button in fragment.all("button", "btn")] == [
        f"/@loud{number}/unmute" for number in (2, 1, 0)
    ]
    assert bob.page("/settings/people?before=1").one("main").text


def test_asking_to_follow_is_said_and_can_be_withdrawn(
    carol: Visitor, cast: Cast, db: Database
) -> None:
    make.locked(db, cast.alice)
    page = carol.page("/@alice")
    assert page.one("button", "follow").text == "Ask to follow"
    assert page.one("span", "profile-locked")
    button = Page(carol.post("/@alice/follow", headers=HTMX).text)
    assert button.flashes == ["You have asked to follow alice."]
    assert button.one("button", "follow")["formaction"] == "/@alice/unfollow"
    assert button.one("span", "follow-state").text == "Requested"
    carol.post("/@alice/unfollow")
    assert carol.page("/@alice").flashes == ["You do not ask to follow alice any more."]
    assert relation(db, cast.carol, cast.alice) == Relationship()


def test_who_is_asked_lets_in_or_refuses(
    app: Flask, carol: Visitor, bob: Visitor, cast: Cast, db: Database
) -> None:
    make.locked(db, cast.carol)
    for person in (cast.alice, cast.bob):
        make.follow(db, person, cast.carol)
    page = carol.page("/follow-requests")
    assert page.people == ["@bob", "@alice"]
    acts = [button["formaction"] for button in page.one("main").all("button", "btn")]
    assert acts == ["/@bob/accept", "/@bob/refuse", "/@alice/accept", "/@alice/refuse"]
    accepted = Page(carol.post("/@bob/accept", headers=HTMX).text)
    assert accepted.one("div", "request").text == "Follows you"
    assert accepted.flashes == ["bob follows you now."]
    refused = Page(carol.post("/@alice/refuse", headers=HTMX).text)
    assert refused.one("div", "request").text == "Refused"
    assert carol.page("/follow-requests").one("div", "empty")
    assert relation(db, cast.bob, cast.carol) == Relationship(following=True)
    assert relation(db, cast.alice, cast.carol) == Relationship()
    carol.post("/@alice/accept")
    assert carol.page("/@alice").flashes == ["alice does not ask to follow you any more."]


def test_a_request_can_be_answered_on_the_profile_of_who_asks(
    carol: Visitor, cast: Cast, db: Database
) -> None:
    make.locked(db, cast.carol)
    make.follow(db, cast.alice, cast.carol)
    notice = carol.page("/@alice").one("div", "profile-notice")
    assert notice.text.startswith("alice asks to follow you.")
    top = Page(carol.post("/@alice/accept", headers=ON_PROFILE).text).one("header", "profile")
    assert not top.all("div", "profile-notice")
    assert top.one("p", "profile-handle").text == "@alice Follows you"


def test_followers_are_let_in_by_hand_when_the_settings_say_so(
    carol: Visitor, bob: Visitor, cast: Cast, db: Database
) -> None:
    carol.post("/settings/profile", {"display_name": "", "about": "", "is_locked": "y"})
    switch = carol.page("/settings/profile").one("input", name="is_locked")
    assert "checked" in switch.attributes
    assert carol.page("/@carol").one("a", href="/follow-requests")
    bob.post("/@carol/follow")
    assert relation(db, cast.bob, cast.carol) == Relationship(requested=True)
    carol.post("/settings/profile", {"display_name": "", "about": ""})
    bob.post("/@carol/follow")
    assert relation(db, cast.bob, cast.carol) == Relationship(following=True)


@pytest.mark.sqlite_only
def test_what_was_kept_of_people_to_follow_forgets_the_blocked(
    carol: Visitor, cast: Cast, db: Database
) -> None:
    make.post(db, cast.alice)
    make.post(db, cast.bob)

    def offered() -> list[str]:
        rail = carol.page("/explore").one("aside")
        return [name.text for name in rail.all("span", "account-handle")]

    assert set(offered()) == {"@alice", "@bob"}
    carol.post("/@alice/block")
    assert offered() == ["@bob"]
    carol.post("/@bob/mute")
    assert offered() == []
    carol.post("/@alice/unblock")
    assert offered() == ["@alice"]


def test_a_card_says_in_short_who_somebody_is(
    bob: Visitor, visitor: Visitor, cast: Cast, db: Database
) -> None:
    make.follow(db, cast.alice, cast.bob)
    card = Page(bob.get("/@Alice/card", headers=HTMX).text)
    assert card.one("p", "person-card-name").text == "alice"
    assert card.one("p", "person-card-handle").text == "@alice Follows you"
    assert card.one("ul", "profile-counts").text == "0 posts 1 following 1 follower"
    assert card.one("button", "follow")["formaction"] == "/@alice/unfollow"
    assert not Page(bob.get("/@bob/card", headers=HTMX).text).all("button")
    shown = Page(visitor.get("/@alice/card", headers=HTMX).text)
    assert shown.one("a", "btn")["href"] == "/auth/login?next=/@alice"
    assert db.statements <= 3


def test_nobody_has_no_card_and_the_blocked_show_none(
    bob: Visitor, carol: Visitor, cast: Cast, db: Database
) -> None:
    assert bob.get("/@nobody/card", headers=HTMX).status_code == 404
    assert bob.get("/@alice/card").location == "/@alice"
    make.block(db, cast.bob, cast.carol)
    for person, other in ((bob, "carol"), (carol, "bob")):
        answer = person.get(f"/@{other}/card", headers=HTMX)
        assert (answer.status_code, answer.text) == (204, "")
