"""How Alembic reaches the database: through the application's own engine, in write mode."""

from typing import Any

import click
from alembic import context
from alembic.migration import MigrationContext
from alembic.operations import MigrationScript
from flask import current_app

from microblog.db import Base

database = current_app.extensions["microblog"].db
DIALECTS_WITHOUT_TRANSACTIONAL_DDL = ("mysql", "mariadb")


def run_migrations_online() -> None:
    """Apply the migrations over a connection of the application's."""
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_type=True,
            render_as_batch=False,
            # Each migration commits by itself, so that a killed upgrade goes on where it was.
            transaction_per_migration=True,
            process_revision_directives=write_nothing_when_nothing_changed,
        )
        with context.begin_transaction():
            context.run_migrations()


def run_migrations_offline() -> None:
    """Print the SQL of the migrations for the application's kind of database."""
    context.configure(
        url=database.url.render_as_string(hide_password=False),
        target_metadata=Base.metadata,
        literal_binds=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def write_nothing_when_nothing_changed(
    _context: MigrationContext, _revision: Any, directives: list[MigrationScript]
) -> None:
    """Drop the migration that `flask db migrate` is about to write when it would do nothing."""
    is_asked_to_compare = getattr(context.config.cmd_opts, "autogenerate", False)
    changes = [change for script in directives for change in script.upgrade_ops_list]
    if is_asked_to_compare and all(change.is_empty() for change in changes):
        directives.clear()
        click.echo("The models and the database agree: there is nothing to migrate.")


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
