"""`microblog demo` makes data and says how to sign in."""

import re

import pytest
from click.testing import Result
from flask import Flask

from microblog import passwords
from microblog.cli.demo import demo
from microblog.db import Database
from microblog.domain import sessions
from tests import make
from tests.cast import Cast


def run(app: Flask, *arguments: str) -> Result:
    with app.app_context():
        return app.test_cli_runner().invoke(demo, arguments)


@pytest.mark.sqlite_only
def test_it_prints_a_password_that_signs_in(app: Flask, db: Database) -> None:
    result = run(app)
    assert result.exit_code == 0, result.output
    found = re.search(r"^Log in as (\w+), the admin, with the password (\S+)$", result.output, re.M)
    assert found
    username, password = found.groups()
    with db.read() as session:
        stored = sessions.find_credentials(session, username)
    assert passwords.verify_password(stored.password_hash, password)


@pytest.mark.sqlite_only
def test_where_there_are_posts_it_refuses_in_one_sentence(
    app: Flask, db: Database, cast: Cast
) -> None:
    make.post(db, cast.alice)
    result = run(app)
    assert result.exit_code == 1
    assert result.output.startswith("Error: The demo is for an empty server")
    assert len(result.output.splitlines()) == 1


@pytest.mark.sqlite_only
def test_large_data_is_added_also_where_there_are_posts(
    app: Flask, db: Database, cast: Cast
) -> None:
    make.post(db, cast.alice)
    result = run(app, "--accounts", "20", "--posts", "100", "--viewers", "2", "--follows", "5")
    assert result.exit_code == 0, result.output
    assert "20 people wrote 100 posts." in result.output
    assert re.search(r"^[\d,]+ posts a second\.$", result.output, re.M)
    assert re.search(r"^[\d,]+ timeline entries, [\d,]+ a second\.$", result.output, re.M)
    assert "Log in as person00001 with the password " in result.output
