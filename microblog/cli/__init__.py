"""The command line: `microblog ...`, and the same commands under `flask ...`.

Commands are thin callers of the domain. What they need is imported when they run, so that starting
the server does not wait for it.
"""

from typing import Any

import click
from flask import Flask
from flask.cli import FlaskGroup

from microblog.cli.accounts import account
from microblog.cli.counters import recount
from microblog.cli.database import DatabaseGroup
from microblog.cli.demo import demo
from microblog.cli.mail import mail
from microblog.cli.running import run_beside
from microblog.cli.serving import serve
from microblog.cli.settings import config
from microblog.cli.translations import translate

# These need no application, or make it themselves.
_STANDALONE = (serve, config, translate)


def init_app(app: Flask) -> None:
    """Give an application its commands."""
    for command in (*_STANDALONE, account, demo, mail, recount):
        app.cli.add_command(command)
    app.cli.add_command(DatabaseGroup(app), "db")
    app.shell_context_processor(lambda: _shell(app))
    run_beside(app)


def main() -> None:
    """Run the console command `microblog`."""
    group = FlaskGroup(name="microblog", create_app=_create_app, help="Run and tend a Microblog.")
    for command in _STANDALONE:
        group.add_command(command)
    group.main(prog_name="microblog")


def _create_app() -> Flask:
    from microblog import create_app

    return create_app()


def _shell(app: Flask) -> dict[str, Any]:
    """Return what is at hand in `flask shell`: a session that may write, and the models."""
    import sqlalchemy as sa
    import sqlalchemy.orm as so

    from microblog import models

    db = app.extensions["microblog"].db
    context = {name: getattr(models, name) for name in models.__all__}
    click.echo("Changes are kept by session.commit().")
    return {"sa": sa, "so": so, "db": db, "session": so.Session(db.engine), **context}
