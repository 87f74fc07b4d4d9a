"""Changing one's address and password, and deleting one's account."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from microblog import clock
from microblog.db import Database
from microblog.domain import security_log, tokens
from microblog.domain.viewer import Viewer
from microblog.models import OutboxEvent, User
from tests.authenticator import Authenticator
from tests.cast import PASSWORD, Cast
from tests.page import Page
from tests.snapshot import snapshot
from tests.visitor import Visitor

PATH = "/settings/account"
EMAIL, PASSWORDS = f"{PATH}/email", f"{PATH}/password"
DELETION, CANCEL = f"{PATH}/deletion", f"{PATH}/deletion/cancel"
NEW_PASSWORD = "seven lazy otters"
NEW_EMAIL = {"email": "Bob@Elsewhere.Example", "current_password": PASSWORD}
CHANGE = {
    "current_password": PASSWORD,
    "password": NEW_PASSWORD,
    "password_again": NEW_PASSWORD,
}
LEAVE = {"current_password": PASSWORD}
FORMS = {EMAIL: NEW_EMAIL, PASSWORDS: CHANGE, DELETION: LEAVE}
NOT_THE_PASSWORD = "This is not your current password."
EMPTY = "Fill this in."


def test_the_page_tells_ones_address_and_whether_it_is_confirmed(
    bob: Visitor, cast: Cast, db: Database
) -> None:
    set_user(db, cast.bob, email_confirmed_at=None)
    page = bob.page(PATH)
    assert page.one("p", "settings-value").text == "bob@ex.com not confirmed"
    assert len(page.all("form", action=f"{PATH}/confirmation")) == 1
    set_user(db, cast.bob, email_confirmed_at=clock.now())
    page = bob.page(PATH)
    assert page.one("p", "settings-value").text == "bob@ex.com confirmed"
    assert page.all("form", action=f"{PATH}/confirmation") == []


def test_the_mail_that_confirms_an_address_can_be_sent_again(
    bob: Visitor, cast: Cast, db: Database
) -> None:
    set_user(db, cast.bob, email_confirmed_at=None)
    response = bob.post(f"{PATH}/confirmation")
    assert (response.status_code, response.location) == (303, PATH)
    assert mailed(db) == [("confirm_email", "bob@ex.com")]
    assert "once more" in bob.page(PATH).flashes[0]


def test_the_mail_is_not_sent_without_end(bob: Visitor, cast: Cast, db: Database) -> None:
    set_user(db, cast.bob, email_confirmed_at=None)
    for _ in range(6):
        bob.post(f"{PATH}/confirmation")
    assert 1 < len(mailed(db)) < 6
    assert "several mails" in bob.page(PATH).flashes[-1]
    page = refused(bob, EMAIL, NEW_EMAIL)
    assert "several mails" in page.field_errors["email"]


def test_an_address_changes_by_a_link_to_the_new_one(
    bob: Visitor, cast: Cast, db: Database
) -> None:
    response = bob.post(EMAIL, NEW_EMAIL)
    assert (response.status_code, response.location) == (303, PATH)
    assert mailed(db) == [("change_email", "bob@elsewhere.example")]
    page = bob.page(PATH)
    assert "bob@elsewhere.example" in page.flashes[0]
    assert page.one("p", "settings-value").text.startswith("bob@ex.com")
    shown = "It becomes bob@elsewhere.example once you open the link that we mailed there."
    assert shown in [text.text for text in page.all("p", "settings-text")]
    assert logged(db, cast.bob) == ["email_change_requested"]


def test_a_link_that_has_expired_is_awaited_no_more(bob: Visitor, cast: Cast, db: Database) -> None:
    db.write(
        lambda session: tokens.issue(
            session, cast.bob.id, tokens.CHANGE_EMAIL, timedelta(0), "late@ex.com"
        )
    )
    assert "late@ex.com" not in bob.get(PATH).text


def test_nobody_learns_whether_an_address_is_somebody_elses(bob: Visitor, db: Database) -> None:
    answers = []
    for email in ("carol@ex.com", "caral@ex.com"):
        bob.post(EMAIL, NEW_EMAIL | {"email": email})
        page = bob.get(PATH).text.replace(email, "<address>")
        # The token of a form holds the second in which it was made.
        answers.append(re.sub(r'name="csrf_token"[^>]*>', "", page))
    assert answers[0] == answers[1]
    assert mailed(db) == [("address_in_use", "carol@ex.com"), ("change_email", "caral@ex.com")]


@pytest.mark.parametrize("email", ["bob", "bob@", "a b@ex.com", "bob@ex.com\nBcc: x@ex.com", ""])
@pytest.mark.sqlite_only
def test_what_is_no_address_is_said_at_the_field(bob: Visitor, db: Database, email: str) -> None:
    before = snapshot(db)
    page = refused(bob, EMAIL, NEW_EMAIL | {"email": email})
    assert list(page.field_errors) == ["email"]
    assert is_open(page, EMAIL)
    assert snapshot(db) == before


@pytest.mark.sqlite_only
def test_ones_own_address_is_no_new_one(bob: Visitor, db: Database) -> None:
    page = refused(bob, EMAIL, NEW_EMAIL | {"email": "BOB@ex.com"})
    assert list(page.field_errors) == ["email"]
    assert mailed(db) == []


def test_a_password_changes_and_only_this_browser_stays_logged_in(
    app: Flask, bob: Visitor, cast: Cast, db: Database
) -> None:
    other, alice = Visitor.signed_in(app, cast.bob), Visitor.signed_in(app, cast.alice)
    cookie = bob.cookie("login")
    response = bob.post(PASSWORDS, CHANGE)
    assert (response.status_code, response.location) == (303, PATH)
    assert bob.cookie("login") == cookie
    assert "logged out everywhere else" in bob.page(PATH).flashes[0]
    assert (bob.is_logged_in, other.is_logged_in, alice.is_logged_in) == (True, False, True)
    assert mailed(db) == [("password_changed", "bob@ex.com")]
    assert logged(db, cast.bob) == ["password_changed"]
    assert other.log_in("bob").status_code == 401
    assert other.log_in("bob", NEW_PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"password": "short", "password_again": "short"}, "password"),
        ({"password": "password1", "password_again": "password1"}, "password"),
        ({"password": "bob@ex.com", "password_again": "bob@ex.com"}, "password"),
        ({"password": "ü" * 513, "password_again": "ü" * 513}, "password"),
        ({"password": "", "password_again": ""}, "password"),
        ({"password_again": "another lazy otter"}, "password_again"),
    ],
)
@pytest.mark.sqlite_only
def test_a_password_that_is_none_is_said_at_the_field(
    bob: Visitor, db: Database, typed: dict[str, str], field: str
) -> None:
    before = snapshot(db)
    page = refused(bob, PASSWORDS, CHANGE | typed)
    assert field in page.field_errors
    assert set(page.field_errors) <= {"password", "password_again"}
    assert is_open(page, PASSWORDS)
    assert not is_open(page, EMAIL)
    assert snapshot(db) == before


def test_an_account_goes_after_some_days_in_which_it_can_be_kept(
    bob: Visitor, cast: Cast, db: Database
) -> None:
    response = bob.post(DELETION, LEAVE)
    assert (response.status_code, response.location) == (303, PATH)
    page = bob.page(PATH)
    banner = page.one("section", "leaving")
    assert "Your account will be deleted on" in banner.text
    assert page.all("form", action=DELETION) == []
    days = delete_at(db, cast.bob) - clock.now()
    assert timedelta(days=6, hours=23) < days < timedelta(days=7)
    assert bob.post(CANCEL).location == PATH
    page = bob.page(PATH)
    assert page.all("section", "leaving") == []
    assert "Your account stays" in page.flashes[0]
    assert delete_at(db, cast.bob) is None
    assert logged(db, cast.bob) == ["deletion_cancelled", "deletion_begun"]


def test_the_only_admin_cannot_leave(app: Flask, cast: Cast, db: Database) -> None:
    alice = Visitor.signed_in(app, cast.alice)
    page = refused(alice, DELETION, LEAVE)
    assert page.field_errors
    assert delete_at(db, cast.alice) is None


def test_keeping_an_account_that_stays_changes_nothing(bob: Visitor, db: Database) -> None:
    before = snapshot(db)
    assert bob.post(CANCEL).status_code == 303
    assert snapshot(db) == before


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("password", ["wrong", "", PASSWORD.upper(), "x" * 2000])
def test_without_the_current_password_nothing_changes(
    bob: Visitor, cast: Cast, db: Database, path: str, password: str
) -> None:
    page = refused(bob, path, FORMS[path] | {"current_password": password})
    assert page.field_errors == {"current_password": NOT_THE_PASSWORD if password else EMPTY}
    assert is_open(page, path)
    assert not page.one("input", id=f"{part_of(path)}-current_password").attributes.get("value")
    assert (mailed(db), logged(db, cast.bob), delete_at(db, cast.bob)) == ([], [], None)
    assert Visitor.log_in(bob, "bob").status_code == 303


@pytest.mark.parametrize("path", FORMS)
def test_wrong_passwords_are_counted(bob: Visitor, db: Database, path: str) -> None:
    wrong = FORMS[path] | {"current_password": "wrong"}
    answers = [bob.post(path, wrong) for _ in range(40)]
    assert answers[0].status_code == 422
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0
    # While one has to wait, the right password helps as little.
    assert bob.post(path, FORMS[path]).status_code == 429
    assert mailed(db) == []


@pytest.mark.parametrize("path", FORMS)
def test_with_a_second_factor_a_code_is_asked_for_too(
    bob: Visitor, cast: Cast, db: Database, path: str
) -> None:
    authenticator = Authenticator.of(db, cast.bob)
    before = mailed(db)
    field = f"{part_of(path)}-code"
    assert bob.page(PATH).one("input", id=field)["autocomplete"] == "one-time-code"
    for code in ("", "000000", "wrong-wrong-wrong"):
        page = refused(bob, path, FORMS[path] | {"code": code})
        assert list(page.field_errors) == ["code"]
        assert is_open(page, path)
    assert mailed(db) == before
    assert bob.post(path, FORMS[path] | {"code": authenticator.code(1)}).status_code == 303
    assert mailed(db) != before
    assert refused(bob, path, FORMS[path] | {"code": authenticator.code(1)}).field_errors


def test_without_a_second_factor_no_code_is_asked_for(bob: Visitor) -> None:
    assert bob.page(PATH).all("input", name="code") == []


def test_a_wrong_password_uses_up_no_code(bob: Visitor, cast: Cast, db: Database) -> None:
    code = Authenticator.of(db, cast.bob).recovery_codes[0]
    refused(bob, PASSWORDS, CHANGE | {"current_password": "wrong", "code": code})
    refused(bob, PASSWORDS, CHANGE | {"password": "short", "password_again": "short", "code": code})
    assert bob.post(PASSWORDS, CHANGE | {"code": code}).status_code == 303


@pytest.mark.sqlite_only
def test_every_form_of_the_page_has_fields_of_its_own(bob: Visitor) -> None:
    page = bob.page(PATH)
    ids = [element["id"] for element in page.all() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    for field in page.one("main").all("input"):
        if field.attributes.get("type") not in ("hidden", None) and "id" in field.attributes:
            assert len(page.all("label", **{"for": field["id"]})) == 1


@pytest.mark.parametrize("path", [*FORMS, CANCEL, f"{PATH}/confirmation"])
@pytest.mark.sqlite_only
def test_a_forged_form_changes_nothing(bob: Visitor, db: Database, path: str) -> None:
    before = snapshot(db)
    assert bob.post_raw(path, data=FORMS.get(path, {})).status_code == 400
    assert bob.get(path).status_code == 405
    assert snapshot(db) == before


def refused(visitor: Visitor, path: str, form: dict[str, str]) -> Page:
    """Send a form that is not taken; return the page that says why."""
    response = visitor.post(path, form)
    assert response.status_code == 422
    return Page(response.text)


def is_open(page: Page, path: str) -> bool:
    """Tell whether a form of the page can be seen."""
    for details in page.all("details"):
        if details.all("form", action=path):
            return "open" in details.attributes
    raise AssertionError(path)


def part_of(path: str) -> str:
    return path.rpartition("/")[2]


def set_user(db: Database, person: Viewer, **values: Any) -> None:
    changed = update(User).where(User.account_id == person.id).values(**values)
    db.write(lambda session: session.execute(changed))


def delete_at(db: Database, person: Viewer) -> Any:
    with db.read() as session:
        return session.get_one(User, person.id).delete_at


def mailed(db: Database) -> list[tuple[str, str]]:
    """Return the kinds of the mails that were asked for, and to whom."""
    with db.read() as session:
        rows = session.scalars(select(OutboxEvent).order_by(OutboxEvent.id)).all()
    events = [json.loads(row.payload) for row in rows if row.kind == "MailRequested"]
    return [(event["kind"], event["to"]) for event in events]


def logged(db: Database, person: Viewer) -> list[str]:
    with db.read() as session:
        return [entry.kind for entry in security_log.list_for(session, person.id)]
