"""Muting a thread: hearing no more of it. It is read as before."""

from sqlalchemy.orm import Session

from microblog.domain import counters
from microblog.domain.posts.reading import get_post
from microblog.domain.viewer import Viewer
from microblog.models import ThreadMute


def mute_thread(session: Session, *, by: Viewer, post_id: int) -> bool:
    """Mute the thread that a post is in; False when it is muted already. **Raises** NotFound."""
    # Locked, so that twice at the same moment is once.
    counters.lock(session, [by.id])
    thread_id = get_post(session, by, post_id).thread_id
    if session.get(ThreadMute, (by.id, thread_id)) is not None:
        return False
    session.add(ThreadMute(account_id=by.id, thread_id=thread_id))
    return True


def unmute_thread(session: Session, *, by: Viewer, post_id: int) -> bool:
    """Hear again of the thread that a post is in; False when it is not muted.

    **Raises** NotFound.
    """
    counters.lock(session, [by.id])
    found = session.get(ThreadMute, (by.id, get_post(session, by, post_id).thread_id))
    if found is None:
        return False
    session.delete(found)
    return True
