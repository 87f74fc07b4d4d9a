"""`microblog db ...`: Flask-Migrate's commands, brought in only when one is called.

Importing it takes as long as starting the rest of the program.
"""

from pathlib import Path
from typing import Any

import click
from flask import Flask

MIGRATIONS = Path(__file__).parent.parent / "migrations"


class DatabaseGroup(click.Command):
    """Stands for Flask-Migrate's group of commands until it is called."""

    def __init__(self, app: Flask) -> None:
        super().__init__("db", help="Migrate the database: upgrade, downgrade, migrate, ...")
        self._app = app

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Let Flask-Migrate's group take the call over."""
        return self.load().make_context(info_name, args, parent, **extra)

    def load(self) -> click.Group:
        """Return Flask-Migrate's group, at work on this application's database."""
        from flask_migrate import Migrate
        from flask_migrate.cli import db as group

        if "migrate" not in self._app.extensions:
            database = self._app.extensions["microblog"].db
            Migrate(self._app, database, directory=str(MIGRATIONS))
        return group
