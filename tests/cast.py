"""The cast: a few people with known relations, whom tests call by name.

Alice runs the server. Bob follows Alice. Carol follows nobody and nobody follows her.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Table, insert, select

from microblog import clock, ids
from microblog.db import Base, Database, insert_ignoring_duplicates
from microblog.domain.viewer import ADMIN, Viewer
from microblog.models import PeriodicRun
from microblog.worker.schedule import SCHEDULE
from tests import make

__all__ = ["PASSWORD", "Cast", "assemble"]

PASSWORD = make.PASSWORD

_ID = re.compile(r"\d{16,}")

Rows = list[tuple[Table, list[dict[str, Any]]]]


@dataclass(frozen=True)
class Cast:
    """The people, as viewers."""

    alice: Viewer
    bob: Viewer
    carol: Viewer


def assemble(db: Database) -> Cast:
    """Set up an empty server and bring the people to it.

    The domain has let them in once in this process, into a database that nothing else writes to.
    Whoever is assembled is made of what it wrote there, with new ids and times, because that takes
    a tenth of the time.
    """
    cast, rows = _as_let_in()
    now = clock.now()
    # In the order in which they were given to the first ones.
    old = sorted({id_ for _, written in rows for row in written for id_ in _ids_in(row)})
    new = {id_: str(ids.new()) for id_ in old}

    def renewed(value: Any) -> Any:
        if isinstance(value, datetime):
            return now
        if isinstance(value, int) and str(value) in new:
            return int(new[str(value)])
        return _ID.sub(lambda found: new[found[0]], value) if isinstance(value, str) else value

    with db.engine.begin() as connection:
        for table, written in rows:
            again = [{name: renewed(value) for name, value in row.items()} for row in written]
            connection.execute(insert(table), again)
        # The server has been running: the periodic work was done a moment ago.
        runs = [{"name": each.name, "next_at": now + each.every} for each in SCHEDULE]
        connection.execute(insert_ignoring_duplicates(PeriodicRun, db.engine.dialect.name), runs)
    people = (replace(viewer, id=int(new[str(viewer.id)])) for viewer in vars(cast).values())
    return Cast(*people)


@cache
def _as_let_in() -> tuple[Cast, Rows]:
    """Return a cast that the domain has let in, and all that it wrote for it."""
    with TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{folder}/cast.db")
        Base.metadata.create_all(db.engine)
        make.server(db)
        cast = Cast(
            alice=make.account(db, "alice", role=ADMIN),
            bob=make.account(db, "bob"),
            carol=make.account(db, "carol"),
        )
        make.follow(db, cast.bob, cast.alice)
        with db.read() as session:
            rows = [
                (table, [dict(row) for row in session.execute(select(table)).mappings()])
                for table in Base.metadata.sorted_tables
            ]
        db.dispose()
    return cast, [(table, written) for table, written in rows if written]


def _ids_in(row: dict[str, Any]) -> list[str]:
    return [id_ for value in row.values() for id_ in _ID.findall(str(value))]
