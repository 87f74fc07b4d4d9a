"""A server that nobody has set up gets its name and its first admin from the demo."""

from datetime import datetime

from sqlalchemy.orm import Session

from microblog.db import affected_rows, insert_ignoring_duplicates
from microblog.domain.demo.script import Script
from microblog.domain.viewer import ADMIN, MEMBER
from microblog.models import Server


def found(session: Session, script: Script, moment: datetime) -> str:
    """Name the server unless it has a name; return the role of the first person of the demo."""
    dialect = session.get_bind().dialect.name
    named = insert_ignoring_duplicates(Server, dialect).values(
        id=1,
        name=script.server_name,
        description=script.server_description,
        version=1,
        created_at=moment,
    )
    # Of an INSERT, the driver of PostgreSQL tells the number only when it is asked for.
    is_new = affected_rows(session, named)
    return ADMIN if is_new else MEMBER
