"""`microblog account`: what an operator does to people's accounts."""

from datetime import timedelta

import pytest
from click.testing import Result
from flask import Flask
from flask.cli import FlaskGroup
from sqlalchemy import update

from microblog import passwords
from microblog.db import Database
from microblog.domain import accounts, second_factor, security_log, sessions, tokens
from microblog.domain.viewer import ADMIN, MEMBER, Viewer
from microblog.models import User
from tests.announced import mails
from tests.cast import PASSWORD, Cast


def call(app: Flask, *arguments: str, typed: str | None = None) -> Result:
    group = FlaskGroup(create_app=lambda: app, load_dotenv=False)
    return app.test_cli_runner().invoke(group, args=["account", *arguments], input=typed)


def create(app: Flask, username: str, *options: str, password: str = PASSWORD) -> Result:
    address = f"--email={username}@ex.com"
    return call(app, "create", username, address, f"--password={password}", *options)


def role_of(db: Database, username: str) -> str:
    with db.read() as session:
        return {a.username: user.role for a, user in accounts.list_accounts(session)}[username]


def can_sign_in(db: Database, username: str, password: str) -> bool:
    with db.read() as session:
        stored = sessions.find_credentials(session, username).password_hash
    return passwords.verify_password(stored, password)


def test_the_operator_may_make_an_account(app: Flask, db: Database, cast: Cast) -> None:
    done = create(app, "Dora")
    assert (done.exit_code, done.output) == (0, "@Dora is made.\n")
    assert role_of(db, "Dora") == MEMBER
    assert can_sign_in(db, "dora@ex.com", PASSWORD)


def test_the_operator_may_make_an_admin(app: Flask, db: Database, cast: Cast) -> None:
    assert create(app, "Dora", "--admin").exit_code == 0
    assert role_of(db, "Dora") == ADMIN


@pytest.mark.sqlite_only
def test_what_is_left_out_is_asked_and_the_password_twice(
    app: Flask, db: Database, cast: Cast
) -> None:
    typed = f"dora@ex.com\n{PASSWORD}\nmistyped\n{PASSWORD}\n{PASSWORD}\n"
    done = call(app, "create", "Dora", typed=typed)
    assert done.exit_code == 0
    assert PASSWORD not in done.output
    assert can_sign_in(db, "Dora", PASSWORD)


@pytest.mark.parametrize(
    ("username", "password", "sentence"),
    [
        ("ALICE", PASSWORD, "Error: username: username taken\n"),
        ("no name", PASSWORD, "Error: username: username characters (maximum 30)\n"),
        ("root", PASSWORD, "Error: username: username reserved\n"),
        ("dora", "PassWord1", "Error: password: password common\n"),
        ("dora", "dora-2026", "Error: password: password personal\n"),
        ("dora", "short", "Error: password: password short (minimum 8)\n"),
        ("dora", "\udcff" * 8, "Error: password: characters\n"),
    ],
)
def test_what_cannot_be_made_is_said_in_one_sentence(
    app: Flask, db: Database, cast: Cast, username: str, password: str, sentence: str
) -> None:
    done = create(app, username, password=password)
    assert (done.exit_code, done.output) == (1, sentence)
    with db.read() as session:
        assert len(accounts.list_accounts(session)) == 3


def test_everybody_is_listed_in_the_order_they_came(app: Flask, cast: Cast) -> None:
    lines = [line.split("\t") for line in call(app, "list").output.splitlines()]
    assert [line[:3] for line in lines] == [
        ["@alice", "admin", "alice@ex.com"],
        ["@bob", "member", "bob@ex.com"],
        ["@carol", "member", "carol@ex.com"],
    ]


def test_the_operator_may_promote_and_demote(app: Flask, db: Database, cast: Cast) -> None:
    assert call(app, "promote", "BOB").output == "@BOB is admin now.\n"
    assert role_of(db, "bob") == ADMIN
    assert call(app, "promote", "bob", "member").output == "@bob is member now.\n"
    assert role_of(db, "bob") == MEMBER


@pytest.mark.parametrize("username", ["nobody", "", "\udcff", "a b"])
@pytest.mark.parametrize(
    "command",
    [["promote"], ["reset-password", f"--password={PASSWORD}"], ["reset-second-factor"]],
)
def test_nobody_can_be_changed_who_is_not_there(
    app: Flask, cast: Cast, command: list[str], username: str
) -> None:
    name, *options = command
    done = call(app, name, username, *options)
    assert done.exit_code == 1
    assert done.output.startswith("Error: There is no @")


@pytest.mark.sqlite_only
def test_there_is_no_other_role(app: Flask, db: Database, cast: Cast) -> None:
    assert call(app, "promote", "bob", "owner").exit_code == 2
    assert role_of(db, "bob") == MEMBER


def test_a_new_password_signs_a_person_out_everywhere(app: Flask, db: Database, cast: Cast) -> None:
    tokens = [sign_in(db, person) for person in (cast.bob, cast.bob, cast.alice)]
    done = call(app, "reset-password", "bob", "--password=a new password")
    assert done.exit_code == 0
    assert can_sign_in(db, "bob", "a new password")
    assert not can_sign_in(db, "bob", PASSWORD)
    signed_in = [sessions.visit(db, token).viewer is not None for token in tokens]
    assert signed_in == [False, False, True]


def test_who_is_given_a_password_hears_of_it(app: Flask, db: Database, cast: Cast) -> None:
    token_id = db.write(
        lambda session: tokens.issue(session, cast.bob.id, tokens.RESET, timedelta(days=1))
    )
    assert call(app, "reset-password", "bob", "--password=a new password").exit_code == 0
    assert mails(db) == [("password_changed", "bob@ex.com")]
    assert logged(db, cast.bob) == [security_log.PASSWORD_RESET]
    with db.read() as session:
        assert tokens.sign(session, token_id, "a secret key") is None


@pytest.mark.parametrize("password", ["bob-2026", "Football1"])
def test_the_operator_sets_no_password_that_is_guessed(
    app: Flask, db: Database, cast: Cast, password: str
) -> None:
    assert call(app, "reset-password", "bob", f"--password={password}").exit_code == 1
    assert can_sign_in(db, "bob", PASSWORD)


def test_who_has_lost_the_second_factor_is_let_in_without(
    app: Flask, db: Database, cast: Cast
) -> None:
    secret = update(User).where(User.account_id == cast.bob.id).values(totp_secret="J" * 32)
    db.write(lambda session: session.execute(secret))
    done = call(app, "reset-second-factor", "BOB")
    assert (done.exit_code, done.output) == (0, "@BOB logs in by password alone now.\n")
    with db.read() as session:
        assert not second_factor.is_on(session, cast.bob.id)
    assert mails(db) == [("second_factor_off", "bob@ex.com")]
    done = call(app, "reset-second-factor", "bob")
    assert (done.exit_code, done.output) == (0, "@bob has no second factor.\n")
    assert len(logged(db, cast.bob)) == 1


def test_a_refused_password_changes_nothing(app: Flask, db: Database, cast: Cast) -> None:
    token = sign_in(db, cast.bob)
    assert call(app, "reset-password", "bob", "--password=short").exit_code == 1
    assert can_sign_in(db, "bob", PASSWORD)
    assert sessions.visit(db, token).viewer is not None


def logged(db: Database, person: Viewer) -> list[str]:
    with db.read() as session:
        return [entry.kind for entry in security_log.list_for(session, person.id)]


def sign_in(db: Database, person: Viewer) -> str:
    return db.write(
        lambda session: sessions.start(
            session, person.id, address="", agent="", lifetime=timedelta(days=1)
        )
    )
