"""Pictures in the cards of posts."""

import pytest
from flask import Flask

from microblog.db import Database
from microblog.domain import posts
from microblog.domain.visibility import FOLLOWERS
from tests import make
from tests.cast import Cast
from tests.page import Element, Page
from tests.visitor import Visitor

pytestmark = pytest.mark.sqlite_only


def card_of(page: Page, post_id: int) -> Element:
    return page.one("article", id=f"post-{post_id}")


def test_a_card_shows_its_pictures_in_order_with_their_sizes_and_descriptions(
    visitor: Visitor, db: Database, cast: Cast
) -> None:
    wanted = [
        make.picture(db, cast.alice, "A <b>cup</b>\nof tea"),
        make.picture(db, cast.alice),
        make.picture(db, cast.alice, "Cake"),
    ]
    post_id = make.picture_post(db, cast.alice, *wanted, text="Breakfast")
    for path in ("/explore", "/@alice", f"/@alice/{post_id}"):
        card = card_of(visitor.page(path), post_id)
        (pictures,) = card.all("ul", "pictures-3")
        images = pictures.all("img")
        assert [image["alt"] for image in images] == [
            "A <b>cup</b>\nof tea",
            "Picture without a description",
            "Cake",
        ]
        for link, image in zip(pictures.all("a"), images, strict=True):
            assert link["href"].startswith("/media/")
            assert image["src"].startswith("/media/")
            assert link["href"] != image["src"]
            assert (image["width"], image["height"]) == ("2", "1")
            assert (image["loading"], image["decoding"]) == ("lazy", "async")
        said = [one.raw_text.strip() for one in pictures.all("p", "picture-description")]
        assert said == ["A <b>cup</b>\nof tea", "Cake"]


def test_pictures_alone_are_a_post_whose_page_is_named_after_what_they_show(
    visitor: Visitor, db: Database, cast: Cast
) -> None:
    said = make.picture_post(db, cast.alice, make.picture(db, cast.alice, "A cup of tea"))
    unsaid = make.picture_post(db, cast.alice, make.picture(db, cast.alice))
    assert visitor.page(f"/@alice/{said}").title == "alice: A cup of tea · Testville"
    assert visitor.page(f"/@alice/{unsaid}").title == "alice · Testville"
    assert not card_of(visitor.page(f"/@alice/{said}"), said).all("div", "post-text")


def test_what_is_behind_a_warning_has_its_pictures_there_too(
    visitor: Visitor, db: Database, cast: Cast
) -> None:
    wanted = [make.picture(db, cast.alice)]
    with db.read() as session:
        draft = posts.compose(session, "Soup", warning="Food", attachment_ids=wanted)
    db.write(lambda session: posts.publish(session, by=cast.alice, draft=draft))
    (card,) = visitor.page("/explore").all("article")
    assert card.one("details", "post-warning").one("ul", "pictures-1")
    assert len(card.all("ul", "pictures-1")) == 1


def test_a_post_without_pictures_has_no_place_for_them(
    visitor: Visitor, db: Database, cast: Cast
) -> None:
    make.post(db, cast.alice)
    assert not visitor.page("/explore").all("ul", "pictures-1")


def test_whom_a_post_is_not_for_learns_no_name_of_its_files(
    app: Flask, db: Database, cast: Cast
) -> None:
    picture = make.picture(db, cast.alice, "A secret")
    make.picture_post(db, cast.alice, picture, visibility=FOLLOWERS)
    seen = Visitor.signed_in(app, cast.bob).get("/@alice").text
    assert "A secret" in seen
    for stranger in (Visitor.signed_in(app, cast.carol), Visitor(app)):
        assert "/media/" not in stranger.get("/@alice").text
