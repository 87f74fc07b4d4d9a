"""Blocking: having nothing to do with somebody."""

from sqlalchemy.orm import Session

from microblog import ids
from microblog.domain import counters, outbox
from microblog.domain.events import Blocked
from microblog.domain.relationships.pairs import (
    choose_people_anew,
    end_follow,
    end_request,
    get_other,
    lock_other,
)
from microblog.domain.viewer import Viewer
from microblog.models import Block


def block(session: Session, *, by: Viewer, account_id: int) -> bool:
    """Block a person; False when the viewer has done so already.

    From then on neither sees the other, and neither follows the other or asks to.
    **Raises** Invalid for oneself, NotFound for nobody.
    """
    lock_other(session, by, account_id, "block_self")
    get_other(session, by, account_id, even_blocked=True)
    if session.get(Block, (by.id, account_id)) is not None:
        return False
    session.add(Block(blocker_id=by.id, blocked_id=account_id, id=ids.new()))
    for pair in ((by.id, account_id), (account_id, by.id)):
        end_request(session, *pair)
        end_follow(session, *pair)
    choose_people_anew(session, [by.id, account_id])
    outbox.announce(session, Blocked(by.id, account_id))
    return True


def unblock(session: Session, *, by: Viewer, account_id: int) -> bool:
    """Block a person no longer; False when the viewer does not. Who followed whom stays ended."""
    counters.lock(session, [by.id, account_id])
    blocked = session.get(Block, (by.id, account_id))
    if blocked is None:
        return False
    session.delete(blocked)
    choose_people_anew(session, [by.id, account_id])
    return True
