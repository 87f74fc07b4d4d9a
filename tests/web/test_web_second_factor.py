"""Setting up a second factor, making new recovery codes, and switching it off."""

import re
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from microblog.db import Database
from microblog.domain import second_factor, security_log
from microblog.models import RecoveryCode
from tests.authenticator import Authenticator
from tests.cast import PASSWORD, Cast
from tests.page import Page
from tests.snapshot import count, snapshot
from tests.visitor import Visitor

HERE = "/settings/second-factor"
RECOVERY_CODE = re.compile(r"\w{6}-\w{6}-\w{6}-\w{6}")


@pytest.fixture
def phone(db: Database, cast: Cast) -> Authenticator:
    """Return Bob's authenticator."""
    return Authenticator.of(db, cast.bob)


def key_shown(page: Page) -> str:
    return page.one("p", "secret").text


def codes_shown(page: Page) -> list[str]:
    return [code.text for code in page.one("ol", "codes").all("code")]


def is_on(db: Database, cast: Cast) -> bool:
    with db.read() as session:
        return second_factor.is_on(session, cast.bob.id)


def use(db: Database, cast: Cast, codes: list[str]) -> None:
    """Use up recovery codes of Bob."""

    def act(session: Session) -> bool:
        return all(second_factor.check(session, cast.bob.id, code) for code in codes)

    assert db.write(act)


def begin(bob: Visitor) -> Authenticator:
    """Press the button and read the key into an authenticator."""
    assert bob.post(f"{HERE}/begin").location == f"{HERE}/new"
    return Authenticator(key_shown(bob.page(f"{HERE}/new")).replace(" ", ""))


def test_a_person_sets_it_up_and_is_shown_recovery_codes_once(
    bob: Visitor, cast: Cast, db: Database
) -> None:
    authenticator = begin(bob)
    form = {"code": authenticator.code(), "current_password": PASSWORD}
    response = bob.post(f"{HERE}/new", form)
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    codes = codes_shown(Page(response.text))
    assert len(set(codes)) == 10
    assert is_on(db, cast)
    with db.read() as session:
        entry = security_log.list_for(session, cast.bob.id)[0]
    assert (entry.kind, entry.address_prefix) == ("second_factor_on", "127.0.0.0/24")

    page = bob.page(HERE)
    assert "is on" in page.one("h2", "standing-heading").text
    assert "10 recovery codes are left." in page.one("main").text
    # To load the page of the codes again makes and shows none.
    again = bob.post(f"{HERE}/new", form)
    assert (again.status_code, again.location) == (303, HERE)
    assert not RECOVERY_CODE.search(bob.page(HERE).one("main").text)
    with db.read() as session:
        assert second_factor.describe(session, cast.bob.id).codes_left == 10


def test_the_key_can_be_scanned_typed_and_opened(bob: Visitor) -> None:
    bob.post(f"{HERE}/begin")
    page = bob.page(f"{HERE}/new")
    key = key_shown(page)
    assert re.fullmatch(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", key)
    (link,) = (link for link in page.links if link.startswith("otpauth:"))
    parts = urlsplit(link)
    assert (parts.netloc, unquote(parts.path)) == ("totp", "/Testville:bob")
    assert parse_qs(parts.query)["secret"] == [key.replace(" ", "")]
    image = page.one("img", "scan-code")
    kind, _, drawing = image["src"].partition(",")
    assert kind.startswith("data:image/svg+xml")
    assert image["alt"]
    root = ElementTree.fromstring(unquote(drawing))
    _, _, width, height = root.attrib["viewBox"].split()
    # A square of at least 21 modules and the margin that readers need.
    assert width == height
    assert int(width) >= 21 + 2 * 4


def test_a_page_that_is_loaded_again_keeps_the_key_and_the_button_makes_another(
    bob: Visitor,
) -> None:
    bob.post(f"{HERE}/begin")
    key = key_shown(bob.page(f"{HERE}/new"))
    assert key_shown(bob.page(f"{HERE}/new")) == key
    bob.post(f"{HERE}/begin")
    assert key_shown(bob.page(f"{HERE}/new")) != key


def test_what_is_typed_wrong_is_said_at_its_field_and_changes_nothing(
    bob: Visitor, cast: Cast, db: Database
) -> None:
    authenticator = begin(bob)
    right = {"code": authenticator.code(), "current_password": PASSWORD}
    for field, typed in [
        ("code", ""),
        ("code", authenticator.code(later=9)),
        ("code", "x" * 100_000),
        ("code", "\0"),
        ("current_password", ""),
        ("current_password", "wrong"),
        ("current_password", "\0" * 2000),
    ]:
        response = bob.post(f"{HERE}/new", right | {field: typed})
        assert response.status_code == 422
        page = Page(response.text)
        assert list(page.field_errors) == [field]
        assert Authenticator(key_shown(page).replace(" ", "")).code(), "The same key is shown."
    assert not is_on(db, cast)
    assert count(db, RecoveryCode) == 0
    assert bob.post(f"{HERE}/new", right).status_code == 200


def test_nothing_is_set_up_that_was_not_begun(bob: Visitor, cast: Cast, db: Database) -> None:
    before = snapshot(db)
    assert bob.get(f"{HERE}/new").location == HERE
    answer = bob.post(f"{HERE}/new", {"code": "123456", "current_password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, HERE)
    assert snapshot(db) == before


def test_opening_the_pages_changes_nothing(
    bob: Visitor, phone: Authenticator, db: Database
) -> None:
    before = snapshot(db)
    for path in ("", "/new", "/codes", "/delete"):
        bob.get(f"{HERE}{path}")
    assert snapshot(db) == before


def test_what_is_on_is_not_begun_again(bob: Visitor, phone: Authenticator) -> None:
    answer = bob.post(f"{HERE}/begin")
    assert (answer.status_code, answer.location) == (303, HERE)
    assert bob.page(HERE).flashes == ["Your second factor is on already."]
    assert bob.get(f"{HERE}/new").location == HERE


@pytest.mark.parametrize("path", ["/codes", "/delete"])
def test_a_change_asks_for_the_password_and_a_code(
    bob: Visitor, phone: Authenticator, cast: Cast, db: Database, path: str
) -> None:
    right = {"current_password": PASSWORD, "code": phone.code(later=1)}
    assert bob.page(HERE + path).one("input", name="code")
    for field, typed in [
        ("current_password", ""),
        ("current_password", "wrong"),
        ("code", ""),
        ("code", phone.code()),
        ("code", "\0"),
    ]:
        response = bob.post(HERE + path, right | {field: typed})
        assert response.status_code == 422
        assert list(Page(response.text).field_errors) == [field]
    with db.read() as session:
        factor = second_factor.describe(session, cast.bob.id)
    assert (factor.is_on, factor.codes_left) == (True, 10)
    assert bob.post(HERE + path, right).status_code in (200, 303)


def test_new_recovery_codes_take_the_place_of_the_old_ones(
    bob: Visitor, phone: Authenticator, cast: Cast, db: Database
) -> None:
    form = {"current_password": PASSWORD, "code": phone.recovery_codes[0]}
    page = Page(bob.post(f"{HERE}/codes", form).text)
    codes = codes_shown(page)
    assert len(set(codes)) == 10
    assert not set(codes) & set(phone.recovery_codes)
    (link,) = (link for link in page.links if link.startswith("data:"))
    file = unquote(link.partition(",")[2])
    assert RECOVERY_CODE.findall(file) == codes
    assert "@bob" in file
    assert "Testville" in file
    assert bob.post(f"{HERE}/codes", form | {"code": phone.recovery_codes[1]}).status_code == 422
    assert bob.post(f"{HERE}/codes", form | {"code": codes[0]}).status_code == 200


def test_when_few_recovery_codes_are_left_the_page_says_so(
    bob: Visitor, phone: Authenticator, cast: Cast, db: Database
) -> None:
    use(db, cast, phone.recovery_codes[:7])
    assert "Only 3 recovery codes are left." in bob.page(HERE).one("p", "caution").text
    use(db, cast, phone.recovery_codes[7:])
    assert "No recovery code is left." in bob.page(HERE).one("p", "caution").text


def test_switched_off_no_code_is_asked_for_any_more(
    bob: Visitor, app: Flask, phone: Authenticator, cast: Cast, db: Database
) -> None:
    form = {"current_password": PASSWORD, "code": phone.code(later=1)}
    answer = bob.post(f"{HERE}/delete", form)
    assert (answer.status_code, answer.location) == (303, HERE)
    assert bob.page(HERE).flashes == ["The second factor is off."]
    assert not is_on(db, cast)
    assert Visitor(app).log_in("bob").location == "/"


@pytest.mark.parametrize("path", ["/codes", "/delete"])
def test_what_is_off_has_nothing_to_change(
    bob: Visitor, cast: Cast, db: Database, path: str
) -> None:
    before = snapshot(db)
    for answer in (bob.get(HERE + path), bob.post(HERE + path)):
        assert (answer.status_code, answer.location) == (303, HERE)
    assert snapshot(db) == before
    answer = bob.post(HERE + path, {"current_password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, HERE)
    assert not is_on(db, cast)


def test_nobody_sees_the_key_or_the_state_of_others(
    app: Flask, bob: Visitor, phone: Authenticator, cast: Cast
) -> None:
    carol = Visitor.signed_in(app, cast.carol)
    assert "is on" not in carol.page(HERE).one("main").text
    begin(carol)
    assert "otpauth" not in bob.get(HERE).text
