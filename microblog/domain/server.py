"""The server's own settings, and its first minute."""

import threading
from dataclasses import dataclass, field

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from microblog import clock
from microblog.db import Database
from microblog.domain.accounts import Registration, register
from microblog.domain.errors import Conflict, Invalid
from microblog.domain.typed import typed_line, typed_text
from microblog.models import Server
from microblog.models.server import APPROVAL, CLOSED, OPEN
from microblog.text.clean import is_blank

NAME_LIMIT = 50  # Graphemes.
DESCRIPTION_LIMIT = 300
RULES_LIMIT = 3000
REGISTRATION_MODES = (OPEN, APPROVAL, CLOSED)
_NAME_CODE_POINTS = 200


@dataclass(frozen=True, slots=True)
class ServerView:
    """What the server says of itself; `rules` is one a line."""

    name: str
    description: str
    # Two that say the same are the same: pages made of an older one are still right.
    version: int = field(compare=False)
    rules: str = ""
    registration_mode: str = APPROVAL


def set_up(
    session: Session,
    *,
    name: str,
    description: str,
    admin: Registration,
    registration_mode: str = APPROVAL,
) -> int:
    """Name the server and make its first admin; return the admin's account id.

    **Raises** Conflict when somebody was faster, Invalid for a value that cannot be taken.
    """
    row = Server(
        id=1,
        name=_checked_name(name),
        description=_checked_description(description),
        registration_mode=_checked_mode(registration_mode),
        version=1,
        created_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise Conflict("already_set_up") from None
    return register(session, admin)


def edit(
    session: Session, *, name: str, description: str, rules: str, registration_mode: str
) -> list[str]:
    """Change what the server says of itself; return the names of what has changed.

    **Raises** Invalid.
    """
    row = session.get_one(Server, 1, with_for_update=True)
    values = {
        "name": _checked_name(name),
        "description": _checked_description(description),
        "rules": _checked_rules(rules),
        "registration_mode": _checked_mode(registration_mode),
    }
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for each in changed:
        setattr(row, each, values[each])
    if changed:
        row.version += 1
    return changed


def lock(session: Session) -> None:
    """Have everybody else wait who does this, until the transaction is over."""
    session.execute(select(Server.id).with_for_update())


def renew(session: Session) -> None:
    """Have every process make anew, with its next request, what it keeps for everybody's pages."""
    session.execute(update(Server).values(version=Server.version + 1))


class ServerSettings:
    """This process's copy of the settings: as fresh as the version each request brings along."""

    def __init__(self) -> None:
        self._view: ServerView | None = None
        self._lock = threading.Lock()

    def at(self, version: int, db: Database) -> ServerView:
        """Return the settings of that version or a newer one; reads them only when they changed."""
        view = self._view
        if view is None or view.version < version:
            with self._lock, db.read() as session:
                row = session.scalars(select(Server)).one()
                self._view = view = ServerView(
                    row.name, row.description, row.version, row.rules, row.registration_mode
                )
        return view


def _checked_name(name: str) -> str:
    line = typed_line(name, "name", NAME_LIMIT, _NAME_CODE_POINTS)
    if not line:
        raise Invalid("name", "required")
    return line


def _checked_description(description: str) -> str:
    return typed_line(description, "description", DESCRIPTION_LIMIT, DESCRIPTION_LIMIT * 10)


def _checked_rules(rules: str) -> str:
    text = typed_text(rules, "rules", RULES_LIMIT)
    # One rule a line: blank ones between them say nothing.
    return "\n".join(line for line in text.split("\n") if not is_blank(line))


def _checked_mode(mode: str) -> str:
    if mode not in REGISTRATION_MODES:
        raise Invalid("registration_mode", "registration_mode_unknown")
    return mode
