"""Choosing by a form what one hears of, and how."""

import pytest
from sqlalchemy import update

from microblog.db import Database
from microblog.domain.notifications import KINDS
from microblog.models import User
from microblog.models.notification import MAILED_KINDS
from tests.page import Page
from tests.visitor import Visitor

PATH = "/settings/notifications"


def checked(page: Page, name: str) -> list[str]:
    boxes = page.all("input", type="checkbox", name=name)
    assert [box["value"] for box in boxes] == [*(MAILED_KINDS if name == "by_mail" else KINDS)]
    return [box["value"] for box in boxes if "checked" in box.attributes]


def test_at_first_everything_is_on_the_page_and_nothing_by_mail(bob: Visitor) -> None:
    page = bob.page(PATH)
    assert checked(page, "on_page") == [*KINDS]
    assert checked(page, "by_mail") == []
    labels = [box["aria-label"] for box in page.all("input", type="checkbox")]
    assert labels[:2] == ["Somebody mentions you: On the page", "Somebody mentions you: By mail"]
    assert len(set(labels)) == len(KINDS) + len(MAILED_KINDS)


def test_what_is_chosen_stays_and_what_comes_by_mail_is_on_the_page(bob: Visitor) -> None:
    response = bob.post(PATH, {"on_page": ["reply", "follow"], "by_mail": ["mention"]})
    assert (response.status_code, response.location) == (303, PATH)
    page = bob.page(PATH)
    assert page.flashes == ["Saved."]
    assert checked(page, "on_page") == ["mention", "reply", "follow"]
    assert checked(page, "by_mail") == ["mention"]
    assert bob.post(PATH).status_code == 303
    assert checked(bob.page(PATH), "on_page") == []


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", ["on_page", "by_mail"])
@pytest.mark.parametrize("kind", ["poll", "", "mention,reply", "\0", "x" * 5000])
def test_an_unknown_kind_is_refused_and_nothing_changes(bob: Visitor, name: str, kind: str) -> None:
    response = bob.post(PATH, {"on_page": ["reply"], name: [kind]})
    assert response.status_code == 422
    assert Page(response.text).all("p", "field-error")
    assert checked(bob.page(PATH), "on_page") == [*KINDS]


def test_who_has_not_confirmed_their_address_is_told_when_mails_begin(
    bob: Visitor, db: Database
) -> None:
    assert "Mails begin" not in bob.get(PATH).text
    unconfirmed = update(User).values(email_confirmed_at=None)
    db.write(lambda session: session.execute(unconfirmed))
    assert "Mails begin when your address is confirmed." in bob.get(PATH).text


@pytest.mark.sqlite_only
def test_visitors_are_asked_to_log_in(visitor: Visitor) -> None:
    assert visitor.get(PATH).location == f"/auth/login?next={PATH}"


def test_mails_of_messages_are_a_choice_of_their_own(bob: Visitor) -> None:
    path = "/settings/notifications"
    (box,) = bob.page(path).all("input", value="message")
    assert (box["name"], "checked" in box.attributes) == ("by_mail", False)
    bob.post(path, {"by_mail": "message"})
    assert "checked" in bob.page(path).one("input", value="message").attributes
    assert bob.post(path, {"on_page": "message"}).status_code == 422
