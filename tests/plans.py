"""How SQLite goes about a statement."""

from microblog.db import Database


def steps_of(db: Database, statement: str) -> list[str]:
    """Return the steps by which SQLite runs a statement that has its values in it."""
    with db.engine.connect() as connection:
        rows = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}")
        return [row[3] for row in rows]
