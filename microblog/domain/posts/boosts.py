"""Boosting: showing somebody's post to one's own followers."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from microblog import ids
from microblog.domain import counters, outbox
from microblog.domain.errors import NotAllowed
from microblog.domain.events import Boosted, Unboosted
from microblog.domain.posts.counting import count
from microblog.domain.posts.reading import get_post
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import may_boost
from microblog.models import Boost, Post


def boost(session: Session, *, by: Viewer, post_id: int) -> bool:
    """Boost a post; False when the viewer has done so already.

    **Raises** NotFound, NotAllowed for what was written for some only.
    """
    # Locked, so that twice at the same moment is once.
    counters.lock(session, [by.id])
    post = get_post(session, by, post_id, lock=True)
    if not may_boost(by, post):
        raise NotAllowed
    if _find(session, by, post_id) is not None:
        return False
    boost_id = ids.new()
    session.add(Boost(id=boost_id, account_id=by.id, post_id=post_id))
    count(session, Post.boosts_count, post_id, 1)
    outbox.announce(session, Boosted(boost_id))
    return True


def unboost(session: Session, *, by: Viewer, post_id: int) -> bool:
    """Take a boost back; False when there is none. **Raises** NotFound."""
    counters.lock(session, [by.id])
    get_post(session, by, post_id, lock=True)
    found = _find(session, by, post_id)
    if found is None:
        return False
    session.delete(found)
    count(session, Post.boosts_count, post_id, -1)
    outbox.announce(session, Unboosted(found.id, post_id, by.id))
    return True


def _find(session: Session, by: Viewer, post_id: int) -> Boost | None:
    return session.scalar(select(Boost).where(Boost.post_id == post_id, Boost.account_id == by.id))
