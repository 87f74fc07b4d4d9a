"""The server's own settings, and its first minute."""

from functools import partial

import pytest
from sqlalchemy import func, select, update

from microblog.db import Database
from microblog.domain import server
from microblog.domain.accounts import Registration
from microblog.domain.errors import Conflict, Invalid
from microblog.domain.server import ServerSettings, ServerView
from microblog.domain.viewer import ADMIN
from microblog.models import Account, Server, User
from tests.cast import Cast
from tests.parallel import at_once


def set_up(db: Database, name: str = "Testville", description: str = "", admin: str = "ada") -> int:
    registration = Registration(admin, f"{admin}@ex.com", "a hash", ADMIN)
    return db.write(
        lambda session: server.set_up(
            session, name=name, description=description, admin=registration
        )
    )


def test_the_first_visitor_names_the_server_and_becomes_its_admin(db: Database) -> None:
    account_id = set_up(db, " Test  ville ", "For\ntests.")
    assert ServerSettings().at(1, db) == ServerView("Test ville", "For tests.", 1)
    with db.read() as session:
        assert session.get_one(User, account_id).role == ADMIN


def test_a_server_is_set_up_once(db: Database) -> None:
    set_up(db)
    with pytest.raises(Conflict) as refused:
        set_up(db, "Another name", admin="eve")
    assert refused.value.code == "already_set_up"
    assert ServerSettings().at(1, db).name == "Testville"
    assert count_accounts(db) == 1


def test_of_ten_first_visitors_at_once_one_becomes_the_admin(db: Database) -> None:
    def try_to_set_up(number: int) -> bool:
        try:
            set_up(db, admin=f"admin{number}_")
        except Conflict:
            return False
        return True

    assert sum(at_once(*(partial(try_to_set_up, number) for number in range(10)))) == 1
    assert count_accounts(db) == 1


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"name": " \u200b "}, ("name", "required")),
        ({"name": "n" * 51}, ("name", "too_long")),
        ({"name": "n" * 10**7}, ("name", "too_long")),
        ({"name": f"a{' ' * 5000}b{' ' * 5000}c"}, ("name", "too_long")),
        ({"name": "👨‍👩‍👧‍👦" * 50}, ("name", "too_long")),
        ({"name": "a\x00b"}, ("name", "characters")),
        ({"description": "d" * 301}, ("description", "too_long")),
        ({"description": "\ud800"}, ("description", "characters")),
        ({"admin": "root"}, ("username", "username_reserved")),
    ],
)
def test_what_cannot_be_taken_leaves_the_server_as_it_was(
    db: Database, values: dict[str, str], refused: tuple[str, str]
) -> None:
    with pytest.raises(Invalid) as error:
        set_up(db, **values)
    assert (error.value.field, error.value.code) == refused
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(Server)) == 0


def test_a_process_reads_the_settings_anew_when_they_have_changed(db: Database, cast: Cast) -> None:
    settings = ServerSettings()
    assert settings.at(1, db).name == "Testville"
    db.reset_statements()
    assert settings.at(1, db).name == "Testville"
    assert db.statements == 0
    db.write(lambda session: session.execute(update(Server).values(name="Newtown", version=2)))
    assert settings.at(1, db).name == "Testville"
    assert settings.at(2, db).name == "Newtown"
    assert settings.at(1, db).name == "Newtown"


def count_accounts(db: Database) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(Account)) or 0
