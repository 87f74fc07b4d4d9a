"""Deleting a post: at once for every reader, then row by row in the worker."""

from datetime import timedelta

from sqlalchemy import delete as delete_rows
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from microblog import clock, ids
from microblog.domain import outbox
from microblog.domain.errors import NotAllowed, NotFound
from microblog.domain.events import PostDeleted
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import is_published, may_delete
from microblog.models import Account, Post, PostTag, TimelineEntry, Translation

CHUNK = 1000
KEY_LIFETIME = timedelta(hours=24)
# How far back they are looked for.
_KEYS_LOOKED_FOR = timedelta(days=7)


def delete(session: Session, *, by: Viewer, post_id: int) -> None:
    """Delete the viewer's own post. **Raises** NotFound, NotAllowed."""
    post = session.scalar(select(Post).where(Post.id == post_id, is_published()).with_for_update())
    if post is None:
        raise NotFound
    if not may_delete(by, post):
        raise NotAllowed
    post.text = post.html = ""
    post.version += 1
    post.deleted_at = clock.now()
    session.execute(
        update(Account)
        .where(Account.id == post.account_id)
        .values(posts_count=Account.posts_count - 1)
    )
    outbox.announce(session, PostDeleted(post_id))


def clear_away(session: Session, post_id: int) -> bool:
    """Remove some of what points to a deleted post, at last the post; tell whether more is left."""
    owners = session.scalars(
        select(TimelineEntry.account_id).where(TimelineEntry.post_id == post_id).limit(CHUNK)
    ).all()
    session.execute(
        delete_rows(TimelineEntry).where(
            TimelineEntry.post_id == post_id, TimelineEntry.account_id.in_(owners)
        )
    )
    if len(owners) == CHUNK:
        return True
    for table in (PostTag, Translation):
        session.execute(delete_rows(table).where(table.post_id == post_id))
    session.execute(delete_rows(Post).where(Post.id == post_id, Post.deleted_at.is_not(None)))
    return False


def forget_old_keys(session: Session) -> bool:
    """Forget idempotency keys that are a day old; tell whether more are left.

    It looks at some days only, rather than at every post there is. A key that was missed because
    the server rested for longer harms nobody.
    """
    now = clock.now()
    oldest, cutoff = ids.at(now - _KEYS_LOOKED_FOR), ids.at(now - KEY_LIFETIME)
    old = session.scalars(
        select(Post.id)
        .where(Post.idempotency_key.is_not(None), Post.id > oldest, Post.id < cutoff)
        .order_by(Post.id.desc())
        .limit(CHUNK)
    ).all()
    session.execute(update(Post).where(Post.id.in_(old)).values(idempotency_key=None))
    return len(old) == CHUNK
