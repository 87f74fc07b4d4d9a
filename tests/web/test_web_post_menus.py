"""The menu of a post: a page, and for scripts its items alone."""

import pytest
from flask import Flask

from microblog.db import Database
from microblog.domain.visibility import FOLLOWERS, MENTIONED
from tests import make
from tests.cast import Cast
from tests.page import Page
from tests.snapshot import snapshot
from tests.visitor import Visitor

HTMX = {"HX-Request": "true"}

pytestmark = pytest.mark.sqlite_only


def test_the_menu_offers_what_the_reader_may_do(
    app: Flask, bob: Visitor, cast: Cast, db: Database
) -> None:
    post_id = make.post(db, cast.alice, "Words of Alice")
    alice = Visitor.signed_in(app, cast.alice)
    for path in ("/explore", "/@alice", f"/@alice/{post_id}"):
        for reader in (alice, bob):
            (link,) = reader.page(path).all("a", "post-act-more")
            assert link["href"] == f"/posts/{post_id}/menu"
    page = alice.page(link["href"])
    assert page.one("blockquote").text == "Words of Alice"
    assert "Delete" in items(page)
    assert "Pin to the profile" in items(page)
    assert "Delete" not in items(bob.page(link["href"]))
    assert "Pin to the profile" not in items(bob.page(link["href"]))
    assert "Mute this conversation" in items(bob.page(link["href"]))


def test_the_menu_of_others_offers_to_mute_and_to_block_them(
    bob: Visitor, cast: Cast, db: Database
) -> None:
    menu = f"/posts/{make.post(db, cast.alice)}/menu"
    page = bob.page(menu)
    assert "/@alice/block" in page.links
    assert page.one("button", formaction="/@alice/mute").text == "Mute @alice"
    bob.post("/@alice/mute")
    assert bob.page(menu).one("button", formaction="/@alice/unmute")
    own = bob.page(f"/posts/{make.post(db, cast.bob)}/menu")
    assert own.all("button", formaction="/@bob/mute") == []
    assert "/@bob/block" not in own.links


def test_the_lists_of_people_are_offered_once_somebody_is_in_them(
    bob: Visitor, cast: Cast, db: Database
) -> None:
    post_id = make.post(db, cast.alice)
    lists = [f"/@alice/{post_id}/{name}" for name in ("favourites", "boosts")]
    assert not set(lists) & set(bob.page(f"/posts/{post_id}/menu").links)
    for verb in ("favourite", "boost"):
        bob.post(f"/posts/{post_id}/{verb}")
    assert set(lists) <= set(bob.page(f"/posts/{post_id}/menu").links)


def test_for_a_script_the_items_alone_are_the_answer(
    bob: Visitor, cast: Cast, db: Database
) -> None:
    post_id = make.post(db, cast.bob)
    alone = Page(bob.get(f"/posts/{post_id}/menu", headers=HTMX).text)
    assert [child.tag for child in alone.children if not isinstance(child, str)] == ["ul"]
    assert items(alone) == items(bob.page(f"/posts/{post_id}/menu"))
    assert all(item["hx-post"] for item in alone.all("button", form="act"))


def test_a_warning_stands_before_the_text_in_the_menu_too(
    bob: Visitor, cast: Cast, db: Database
) -> None:
    post_id = make.post(db, cast.alice, "The butler", warning="The end of the book")
    page = bob.page(f"/posts/{post_id}/menu")
    assert page.one("p", "quoted").text == "The end of the book"
    assert "The butler" not in page.one("main").text


def test_the_menu_of_what_one_cannot_see_is_not_there(
    visitor: Visitor, bob: Visitor, cast: Cast, db: Database
) -> None:
    hidden = make.post(db, cast.carol, visibility=FOLLOWERS)
    for post_id in (hidden, 1):
        assert bob.get(f"/posts/{post_id}/menu").status_code == 404
        assert bob.get(f"/posts/{post_id}/menu", headers=HTMX).status_code == 404
    assert visitor.get(f"/posts/{hidden}/menu").location.startswith("/auth/login")


@pytest.mark.parametrize(
    ("verb", "back", "message"),
    [
        ("pin", "unpin", "The post stands on top of your profile now."),
        ("mute", "unmute", "You will hear no more of this conversation."),
    ],
)
def test_an_item_says_what_it_did_and_leads_back_to_the_post(
    bob: Visitor, cast: Cast, db: Database, verb: str, back: str, message: str
) -> None:
    post_id = make.post(db, cast.bob)
    menu = f"/posts/{post_id}/menu"
    referrer = {"Referer": f"http://localhost{menu}"}
    for each in (verb, back):
        item = bob.page(menu).one("button", formaction=f"/posts/{post_id}/{each}")
        response = bob.post(item["formaction"], headers=referrer)
        assert (response.status_code, response.location) == (
            303,
            f"/@bob/{post_id}#post-{post_id}",
        )
        flashes = bob.page("/explore").flashes
        assert len(flashes) == 1
        assert (flashes == [message]) == (each == verb)
    assert Page(bob.post(f"/posts/{post_id}/{verb}", headers=HTMX).text).flashes == [message]


def test_what_cannot_be_pinned_is_said(bob: Visitor, cast: Cast, db: Database) -> None:
    named = make.post(db, cast.bob, "@alice", visibility=MENTIONED)
    assert "Pin to the profile" not in items(bob.page(f"/posts/{named}/menu"))
    answer = Page(bob.post(f"/posts/{named}/pin", headers=HTMX).text)
    assert answer.flashes == ["What is for mentioned people only cannot stand on your profile."]


def test_a_sixth_pin_is_refused_in_words(bob: Visitor, cast: Cast, db: Database) -> None:
    *five, sixth = make.posts_of(db, cast.bob, 6)
    for post_id in five:
        assert bob.post(f"/posts/{post_id}/pin").status_code == 303
    before = snapshot(db)
    answer = Page(bob.post(f"/posts/{sixth}/pin", headers=HTMX).text)
    assert answer.flashes == ["At most 5 posts can be pinned. Unpin one of them first."]
    assert snapshot(db) == before


def test_nobody_pins_another_ones_post(bob: Visitor, cast: Cast, db: Database) -> None:
    post_id = make.post(db, cast.alice)
    before = snapshot(db)
    assert bob.post(f"/posts/{post_id}/pin").status_code == 403
    assert snapshot(db) == before


def items(page: Page) -> list[str]:
    return [item.text for item in page.all("", "menu-item")]
