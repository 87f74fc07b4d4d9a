"""`microblog recount`, `microblog config` and Flask's own commands."""

import pytest
from flask import Flask
from flask.cli import FlaskGroup
from sqlalchemy import update

from microblog.cli.schema import current_revision, head, revisions
from microblog.config import Config
from microblog.db import Database
from microblog.models import Account
from microblog.services import Services
from tests import make
from tests.cast import Cast


def call(app: Flask, *arguments: str) -> str:
    group = FlaskGroup(create_app=lambda: app, load_dotenv=False)
    done = app.test_cli_runner().invoke(group, args=arguments)
    assert done.exit_code == 0, done.output
    return done.output


def test_recount_says_that_every_counter_is_right(app: Flask, db: Database, cast: Cast) -> None:
    make.post(db, cast.alice)
    assert call(app, "recount") == "Every counter is right.\n"


def test_recount_mends_what_is_wrong(
    app: Flask, db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("microblog.domain.counters.CHUNK", 1)
    make.post(db, cast.alice)
    db.write(lambda session: session.execute(update(Account).values(posts_count=7)))
    assert call(app, "recount").splitlines() == [
        "@alice: posts_count was 7, is 1",
        "@bob: posts_count was 7, is 0",
        "@carol: posts_count was 7, is 0",
        "3 counters were wrong.",
    ]
    assert call(app, "recount") == "Every counter is right.\n"


@pytest.mark.sqlite_only
def test_config_prints_every_setting_and_what_it_is_for(app: Flask) -> None:
    printed = call(app, "config")
    for name in Config.__dataclass_fields__:
        assert f"\n{name} (" in f"\n{printed}"
    assert "PORT (number, default: 5000)\n    Port the server listens on.\n" in printed


@pytest.mark.sqlite_only
def test_config_does_not_print_what_is_set(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", "hunter2")
    assert "hunter2" not in call(app, "config")
    assert "hunter2" not in call(app, "config", "--markdown")


def test_the_revision_of_the_database_is_the_newest_there_is(services: Services) -> None:
    assert current_revision(services.config) == head()
    assert head() in revisions()


@pytest.mark.sqlite_only
def test_flask_lists_every_command(app: Flask) -> None:
    printed = call(app, "--help")
    for name in ("account", "config", "db", "demo", "recount", "routes", "run", "serve", "shell"):
        assert f"\n  {name} " in printed


def test_the_shell_has_a_session_and_the_models_at_hand(app: Flask, cast: Cast) -> None:
    with app.app_context():
        context = app.make_shell_context()
    session, account = context["session"], context["Account"]
    usernames = [one.username for one in session.scalars(context["sa"].select(account))]
    assert sorted(usernames) == ["alice", "bob", "carol"]
    session.close()
