"""All that a database holds, to tell whether something was written."""

from typing import Any

from sqlalchemy import func, select

from microblog.db import Base, Database
from microblog.models import AttemptCounter

Snapshot = dict[str, list[tuple[Any, ...]]]


def snapshot(db: Database) -> Snapshot:
    """Return every row of every table, but for what only counts tries."""
    with db.read() as session:
        return {
            table.name: [
                tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))
            ]
            for table in Base.metadata.sorted_tables
            if table is not AttemptCounter.__table__
        }


def count(db: Database, model: type[Base]) -> int:
    """Count the rows of a table."""
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0
