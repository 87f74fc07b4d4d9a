"""What people may change about themselves."""

from typing import Any

import pytest

from microblog.db import Database
from microblog.domain import accounts
from microblog.domain.accounts import AccountView
from microblog.domain.errors import Invalid
from microblog.domain.viewer import Viewer
from microblog.models import User
from tests.cast import Cast

FAMILY = "👨‍👩‍👧‍👦"
PREFERENCES: dict[str, Any] = {
    "locale": None,
    "time_zone": None,
    "theme": "auto",
    "shows_last_seen": True,
}


def edit(db: Database, by: Viewer, *, display_name: str = "", about: str = "") -> AccountView:
    with db.read() as session:
        draft = accounts.compose_profile(session, display_name=display_name, about=about)
    db.write(lambda session: accounts.edit_profile(session, by=by, draft=draft))
    with db.read() as session:
        return accounts.get_by_username(session, by.username)


def test_a_person_may_say_who_they_are(db: Database, cast: Cast) -> None:
    view = edit(db, cast.bob, display_name=" Bob \n the  Builder ", about="I know @alice.\r\n#diy")
    assert view.name == "Bob the Builder"
    assert view.about == "I know @alice.\n#diy"
    assert 'href="/@alice"' in view.about_html
    assert 'href="/tags/diy"' in view.about_html


def test_a_person_may_say_nothing(db: Database, cast: Cast) -> None:
    edit(db, cast.bob, display_name="Bob the Builder", about="Hello")
    view = edit(db, cast.bob, display_name="\u200b", about="\u200b\u2060 \n")
    assert (view.name, view.about, view.about_html) == ("bob", "", "")


def test_a_changed_face_has_a_new_version_and_an_unchanged_one_has_not(
    db: Database, cast: Cast
) -> None:
    assert edit(db, cast.bob, display_name="Bob B.").version == 2
    assert edit(db, cast.bob, display_name="Bob B.", about="Only this is new").version == 2


def test_nobody_else_is_changed(db: Database, cast: Cast) -> None:
    edit(db, cast.bob, display_name="Bob B.")
    with db.read() as session:
        assert accounts.get_by_username(session, "alice").name == "alice"


@pytest.mark.parametrize(
    "field",
    [
        {"display_name": "d" * 50},
        {"display_name": FAMILY * 28},
        {"about": "a" * 500},
        {"about": FAMILY * 500},
        {"about": f"https://example.org/{'a' * 300} {'a' * 476}"},
    ],
)
def test_what_is_within_the_limits_is_kept_whole(
    db: Database, cast: Cast, field: dict[str, str]
) -> None:
    """length-limits-01."""
    view = edit(db, cast.bob, **field)
    assert {"display_name": view.name, "about": view.about}.items() >= field.items()


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("field", "code"),
    [
        pytest.param({"display_name": "d" * 51}, "too_long", id="one letter too many"),
        pytest.param({"display_name": "d" * 500}, "too_long", id="ten times"),
        pytest.param({"display_name": FAMILY * 50}, "too_long", id="more than the column holds"),
        pytest.param({"display_name": "d" * 10**7}, "too_long", id="ten megabytes"),
        pytest.param({"about": "a" * 501}, "too_long", id="one letter too many in about"),
        pytest.param({"about": "a" * 5000}, "too_long", id="ten times in about"),
        pytest.param({"display_name": "a\x00b"}, "characters", id="text-edge-01"),
        pytest.param({"about": "a\x00b"}, "characters", id="text-edge-01 in about"),
        pytest.param({"display_name": "\ud800"}, "characters", id="text-edge-02"),
        pytest.param({"about": "\ud800"}, "characters", id="text-edge-02 in about"),
        pytest.param({"display_name": "a\u0301" * 50_000}, "too_long", id="text-edge-04"),
        pytest.param({"about": "a\u0301" * 50_000}, "too_long", id="text-edge-04 in about"),
    ],
)
def test_what_is_beyond_them_is_refused_at_its_field(
    db: Database, cast: Cast, field: dict[str, str], code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        edit(db, cast.bob, **field)
    assert (refused.value.field, refused.value.code) == (*field, code)


def test_a_person_may_choose_how_they_see_the_server(db: Database, cast: Cast) -> None:
    chosen = {
        "locale": "de",
        "time_zone": "Asia/Kathmandu",
        "theme": "dark",
        "default_visibility": "followers",
    }
    edit_preferences(db, cast.bob, **chosen, shows_last_seen=False)
    with db.read() as session:
        user = session.get_one(User, cast.bob.id)
        assert accounts.get_by_username(session, "bob").shows_last_seen is False
        assert {name: getattr(user, name) for name in chosen} == chosen
        assert session.get_one(User, cast.alice.id).theme == "auto"


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone_unknown"),
        ({"time_zone": "../../etc/passwd"}, "time_zone_unknown"),
        ({"time_zone": "UTC\x00"}, "time_zone_unknown"),
        ({"time_zone": ""}, "time_zone_unknown"),
        ({"theme": "blink"}, "theme_unknown"),
        ({"default_visibility": "nobody"}, "visibility_unknown"),
    ],
)
def test_an_unknown_choice_is_refused(
    db: Database, cast: Cast, chosen: dict[str, str], code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        edit_preferences(db, cast.bob, **chosen)
    assert (refused.value.field, refused.value.code) == (*chosen, code)


def edit_preferences(db: Database, by: Viewer, **chosen: Any) -> None:
    wanted = {**PREFERENCES, **chosen}
    db.write(lambda session: accounts.edit_preferences(session, by=by, **wanted))
