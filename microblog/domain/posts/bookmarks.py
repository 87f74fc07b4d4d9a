"""Bookmarking: keeping a post for oneself. Nobody else learns of it, so nothing is announced."""

from sqlalchemy.orm import Session

from microblog import ids
from microblog.domain import counters
from microblog.domain.posts.reading import get_post
from microblog.domain.viewer import Viewer
from microblog.models import Bookmark


def bookmark(session: Session, *, by: Viewer, post_id: int) -> bool:
    """Keep a post; False when the viewer does so already. **Raises** NotFound."""
    # Locked, so that twice at the same moment is once.
    counters.lock(session, [by.id])
    get_post(session, by, post_id, lock=True)
    if session.get(Bookmark, (by.id, post_id)) is not None:
        return False
    session.add(Bookmark(account_id=by.id, post_id=post_id, id=ids.new()))
    return True


def unbookmark(session: Session, *, by: Viewer, post_id: int) -> bool:
    """Keep a post no longer; False when the viewer does not. **Raises** NotFound."""
    counters.lock(session, [by.id])
    get_post(session, by, post_id, lock=True)
    found = session.get(Bookmark, (by.id, post_id))
    if found is None:
        return False
    session.delete(found)
    return True
