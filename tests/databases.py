"""A migrated database for one test process, emptied between tests."""

from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import text

from microblog import create_app
from microblog.cli.database import MIGRATIONS, DatabaseGroup
from microblog.config import Config
from microblog.db import Base, Database
from microblog.domain.server import ServerSettings
from microblog.web import rates

KINDS = ("sqlite", "postgresql", "mysql")


class TestDatabase:
    """One database with an application on it."""

    __test__ = False  # For pytest: no class of tests.

    def __init__(self, url: str, folder: Path) -> None:
        self.app = create_app(Config(DATA_DIR=folder / "data", DATABASE_URL=url))
        self.app.testing = True
        self._db: Database = self.app.extensions["microblog"].db
        with self.app.app_context():
            DatabaseGroup(self.app).load()
            upgrade(directory=str(MIGRATIONS))

    def empty(self) -> None:
        """Delete every row, and what the application remembers of them."""
        tables = [table.name for table in reversed(Base.metadata.sorted_tables)]
        with self._db.engine.begin() as connection:
            if self._db.dialect_name == "postgresql":
                # One statement for all tables; the names are our own.
                connection.execute(text(f"TRUNCATE {', '.join(tables)}"))
            else:
                for table in reversed(Base.metadata.sorted_tables):
                    connection.execute(table.delete())
        services = self.app.extensions["microblog"]
        rates.reset(self.app)
        object.__setattr__(services, "server_settings", ServerSettings())
