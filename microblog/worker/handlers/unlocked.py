"""Somebody no longer lets in followers by hand: who waits is let in."""

from sqlalchemy.orm import Session

from microblog.domain import relationships
from microblog.domain.events import Unlocked


def accept_waiting(session: Session, event: Unlocked, cursor: int | None) -> int | None:
    """Let in the next of them."""
    return relationships.accept_waiting(session, event.account_id, cursor)


HANDLERS = (accept_waiting,)
