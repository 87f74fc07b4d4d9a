"""The cast: a few people with known relations, whom tests call by name.

Alice runs the server. Bob follows Alice. Carol follows nobody and nobody follows her.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Table, insert, select

from microblog import clock, ids
from microblog.db import Base, Database
from microblog.domain.viewer import ADMIN, Viewer
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


# The first cast of this process, and all that the domain wrote to let it in.
_first: tuple[Cast, Rows] | None = None


def assemble(db: Database) -> Cast:
    """Set up an empty server and bring the people to it.

    The domain lets in the first ones. Those who follow, in other tests, are made of the same rows
    with new ids and times, because that takes a tenth of the time.
    """
    global _first
    if _first is not None:
        return _bring_again(db, *_first)
    make.server(db)
    cast = Cast(
        alice=make.account(db, "alice", role=ADMIN),
        bob=make.account(db, "bob"),
        carol=make.account(db, "carol"),
    )
    make.follow(db, cast.bob, cast.alice)
    _first = cast, _written_in(db)
    return cast


def _written_in(db: Database) -> Rows:
    with db.read() as session:
        found = ((table, session.execute(select(table))) for table in Base.metadata.sorted_tables)
        rows = [(table, [dict(row) for row in result.mappings()]) for table, result in found]
    return [(table, written) for table, written in rows if written]


def _bring_again(db: Database, cast: Cast, rows: Rows) -> Cast:
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
    people = (replace(viewer, id=int(new[str(viewer.id)])) for viewer in vars(cast).values())
    return Cast(*people)


def _ids_in(row: dict[str, Any]) -> list[str]:
    return [id_ for value in row.values() for id_ in _ID.findall(str(value))]
