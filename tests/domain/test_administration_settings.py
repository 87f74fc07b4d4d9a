"""The settings of the server: admins change them, and every process sees it."""

from functools import partial
from typing import Any

import pytest

from microblog.db import Database
from microblog.domain import administration, sessions
from microblog.domain.errors import Invalid, NotAllowed
from microblog.domain.server import ServerSettings, ServerView
from microblog.domain.viewer import ADMIN, Viewer
from tests.cast import Cast

VALUES: dict[str, Any] = {
    "name": "Pine Street",
    "description": "For neighbours.",
    "rules": "Be kind.\n\n  \nNo adverts.  ",
    "registration_mode": "approval",
}


def edit(db: Database, by: Viewer, **values: Any) -> None:
    db.write(partial(administration.edit_server, by=by, **{**VALUES, **values}))


def settings(db: Database) -> ServerView:
    return ServerSettings().at(1, db)


def details(db: Database, cast: Cast) -> list[str]:
    with db.read() as session:
        log = administration.list_log(session, by=cast.alice, account_id=None)
    assert {(line.entry.kind, line.actor) for line in log} <= {("settings_changed", "alice")}
    return [line.entry.detail for line in log]


def test_an_admin_says_what_the_server_is(db: Database, cast: Cast) -> None:
    edit(db, cast.alice)
    assert settings(db) == ServerView(
        "Pine Street", "For neighbours.", 2, "Be kind.\nNo adverts.", "approval"
    )
    assert details(db, cast) == ["name, description, rules, registration_mode"]


def test_each_change_is_seen_with_the_next_request(db: Database, cast: Cast) -> None:
    kept = ServerSettings()
    assert kept.at(1, db).name == "Testville"
    edit(db, cast.alice)
    version = sessions.visit(db, None).server_version
    assert version == 2
    assert kept.at(version, db).name == "Pine Street"


def test_what_is_as_it_was_is_no_change(db: Database, cast: Cast) -> None:
    edit(db, cast.alice)
    edit(db, cast.alice)
    assert settings(db).version == 2
    edit(db, cast.alice, registration_mode="closed")
    assert settings(db).version == 3
    assert details(db, cast)[0] == "registration_mode"
    assert len(details(db, cast)) == 2


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"name": " "}, ("name", "required")),
        ({"name": "n" * 51}, ("name", "too_long")),
        ({"name": "a\x00b"}, ("name", "characters")),
        ({"description": "d" * 301}, ("description", "too_long")),
        ({"description": "\ud800"}, ("description", "characters")),
        ({"rules": "r" * 3001}, ("rules", "too_long")),
        ({"rules": "r" * 100_000}, ("rules", "too_long")),
        ({"rules": "a\x00b"}, ("rules", "characters")),
        ({"registration_mode": "perhaps"}, ("registration_mode", "registration_mode_unknown")),
    ],
)
def test_what_cannot_be_taken_is_refused_and_changes_nothing(
    db: Database, cast: Cast, values: dict[str, Any], refused: tuple[str, str]
) -> None:
    with pytest.raises(Invalid) as error:
        edit(db, cast.alice, **values)
    assert (error.value.field, error.value.code) == refused
    assert settings(db).name == "Testville"
    assert details(db, cast) == []


def test_nobody_else_changes_them(db: Database, cast: Cast) -> None:
    for by in (cast.bob, Viewer(cast.bob.id, "bob", role=ADMIN)):
        with pytest.raises(NotAllowed):
            edit(db, by)
    assert settings(db).name == "Testville"
