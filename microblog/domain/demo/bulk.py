"""Rows of the past in large numbers."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from microblog import ids
from microblog.db import Base

BATCH = 10_000
PERIOD = timedelta(days=365)  # Posts are spread over it; people come before.
_MILLISECOND = timedelta(milliseconds=1)

Rows = Iterator[dict[str, Any]]


def ids_between(first: datetime, last: datetime, count: int, random: Random) -> Iterator[int]:
    """Yield ids of moments spread between two, each a little off by chance; they only rise."""
    start, span = ids.at(first), (last - first) // _MILLISECOND
    for number in range(count):
        earliest, latest = span * number // count, span * (number + 1) // count
        moment = random.randrange(earliest, max(latest, earliest + 1))
        # The rest of the id is by chance too, so that a second demo meets none of the first.
        rest = random.getrandbits(ids.TAG_BITS + ids.SEQUENCE_BITS)
        yield start + ids.distance(moment * _MILLISECOND) + rest


def insert_rows(session: Session, table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows in batches, without the session making objects of them."""
    rows, connection = iter(rows), session.connection()
    while batch := list(islice(rows, BATCH)):
        connection.execute(insert(table), batch)
