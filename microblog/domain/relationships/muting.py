"""Muting: not reading somebody, who does not get to know."""

from sqlalchemy.orm import Session

from microblog import ids
from microblog.domain import counters
from microblog.domain.relationships.pairs import choose_people_anew, get_other, lock_other
from microblog.domain.viewer import Viewer
from microblog.models import Mute


def mute(session: Session, *, by: Viewer, account_id: int) -> bool:
    """Mute a person; False when the viewer has done so already.

    **Raises** Invalid for oneself, NotFound for nobody and for somebody blocked.
    """
    lock_other(session, by, account_id, "mute_self")
    get_other(session, by, account_id)
    if session.get(Mute, (by.id, account_id)) is not None:
        return False
    session.add(Mute(muter_id=by.id, muted_id=account_id, id=ids.new()))
    choose_people_anew(session, [by.id])
    return True


def unmute(session: Session, *, by: Viewer, account_id: int) -> bool:
    """Mute a person no longer; False when the viewer does not."""
    counters.lock(session, [by.id, account_id])
    muted = session.get(Mute, (by.id, account_id))
    if muted is None:
        return False
    session.delete(muted)
    choose_people_anew(session, [by.id])
    return True
