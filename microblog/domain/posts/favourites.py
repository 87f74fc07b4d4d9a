"""Favouriting: telling the author of a post that one likes it."""

from sqlalchemy.orm import Session

from microblog import ids
from microblog.domain import counters, outbox
from microblog.domain.events import Favourited, Unfavourited
from microblog.domain.posts.counting import count
from microblog.domain.posts.reading import get_post
from microblog.domain.viewer import Viewer
from microblog.models import Favourite, Post


def favourite(session: Session, *, by: Viewer, post_id: int) -> bool:
    """Make a post a favourite; False when it is one already. **Raises** NotFound."""
    # Locked, so that twice at the same moment is once.
    counters.lock(session, [by.id])
    get_post(session, by, post_id, lock=True)
    if session.get(Favourite, (by.id, post_id)) is not None:
        return False
    session.add(Favourite(account_id=by.id, post_id=post_id, id=ids.new()))
    count(session, Post.favourites_count, post_id, 1)
    outbox.announce(session, Favourited(by.id, post_id))
    return True


def unfavourite(session: Session, *, by: Viewer, post_id: int) -> bool:
    """Take a favourite back; False when it is none. **Raises** NotFound."""
    counters.lock(session, [by.id])
    get_post(session, by, post_id, lock=True)
    found = session.get(Favourite, (by.id, post_id))
    if found is None:
        return False
    session.delete(found)
    count(session, Post.favourites_count, post_id, -1)
    outbox.announce(session, Unfavourited(by.id, post_id))
    return True
