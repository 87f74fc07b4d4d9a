"""What is looked up in a community that the demo made."""

from microblog.db import Database
from microblog.domain import accounts, counters
from microblog.domain.viewer import Viewer


def person(db: Database, username: str) -> Viewer:
    """Return one of its people."""
    with db.read() as session:
        account_id = accounts.find_id_by_username(session, username)
    assert account_id is not None
    return Viewer(account_id, username)


def corrections(db: Database) -> list[counters.Correction]:
    """Return the counters that are wrong."""
    return db.write(lambda session: counters.recount(session, 0))[1]
