"""What admins do: one transaction, with who did it and from where."""

from collections.abc import Callable
from typing import TypeVar

from microblog.web.addresses import origin
from microblog.web.context import database, require_viewer

T = TypeVar("T")


def perform(act: Callable[..., T], **values: object) -> T:
    """Run an act of the domain's administration as the signed-in admin."""
    by, where = require_viewer(), origin()
    return database().write(lambda session: act(session, by=by, origin=where, **values))
