"""A migrated database for one test process, emptied between tests."""

from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import exists, literal, select, union_all

from microblog.cli.database import MIGRATIONS, DatabaseGroup
from microblog.config import Config
from microblog.db import Base, Database
from microblog.domain.server import ServerSettings
from microblog.web import rates
from tests.applications import make_app

# The names of the tables that hold something.
_FILLED = union_all(
    *(
        select(literal(table.name)).where(exists().select_from(table))
        for table in Base.metadata.sorted_tables
    )
)
KINDS = ("sqlite", "postgresql", "mysql")


class TestDatabase:
    """One database with an application on it."""

    __test__ = False  # For pytest: no class of tests.

    def __init__(self, url: str, folder: Path) -> None:
        self.app = make_app(Config(DATA_DIR=folder / "data", DATABASE_URL=url))
        self.app.testing = True
        self._db: Database = self.app.extensions["microblog"].db
        with self.app.app_context():
            DatabaseGroup(self.app).load()
            upgrade(directory=str(MIGRATIONS))

    def empty(self) -> None:
        """Delete every row, and what the application remembers of them."""
        with self._db.engine.begin() as connection:
            # Most tests write to few tables, and asking which ones is faster than emptying all.
            filled = set(connection.scalars(_FILLED))
            for table in reversed(Base.metadata.sorted_tables):
                if table.name in filled:
                    connection.execute(table.delete())
        services = self.app.extensions["microblog"]
        rates.reset(self.app)
        object.__setattr__(services, "server_settings", ServerSettings())
