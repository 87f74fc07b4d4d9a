"""What the tests of the domain may ask for beside what all may."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.pool import Pool

from microblog.db import Database


@pytest.fixture
def sent_to_sqlite(db: Database) -> Iterator[list[str]]:
    """Return the list that fills with every statement SQLite is given, with its values."""
    sent: list[str] = []

    def listen(connection: Any, *_: Any) -> None:
        connection.set_trace_callback(sent.append)

    # Connections that are open already would not be heard, nor later ones spared.
    db.dispose()
    event.listen(Pool, "checkout", listen)
    yield sent
    event.remove(Pool, "checkout", listen)
    db.dispose()
