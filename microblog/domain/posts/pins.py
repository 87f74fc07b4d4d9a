"""Pinning: having some of one's own posts stand on top of one's profile."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from microblog import ids
from microblog.domain import counters
from microblog.domain.errors import Invalid
from microblog.domain.posts.reading import get_own_row
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import may_pin
from microblog.models import Pin

MOST_PINS = 5


def pin(session: Session, *, by: Viewer, post_id: int) -> bool:
    """Put a post on top of the viewer's profile; False when it is there already.

    **Raises** NotFound, NotAllowed, Invalid for one too many and for what few may see.
    """
    # Locked, so that several at the same moment are counted one after the other.
    counters.lock(session, [by.id])
    post = get_own_row(session, by, post_id)
    if not may_pin(by, post):
        raise Invalid("post", "pin_mentioned")
    if session.get(Pin, (by.id, post_id)) is not None:
        return False
    pinned = session.scalar(select(func.count()).select_from(Pin).where(Pin.account_id == by.id))
    if (pinned or 0) >= MOST_PINS:
        raise Invalid("post", "pins_many", maximum=MOST_PINS)
    session.add(Pin(account_id=by.id, post_id=post_id, id=ids.new()))
    return True


def unpin(session: Session, *, by: Viewer, post_id: int) -> bool:
    """Take a post off the top of the viewer's profile; False when it is not there.

    **Raises** NotFound, NotAllowed.
    """
    counters.lock(session, [by.id])
    get_own_row(session, by, post_id)
    found = session.get(Pin, (by.id, post_id))
    if found is None:
        return False
    session.delete(found)
    return True
