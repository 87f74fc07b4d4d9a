"""Deleting a post: at once for every reader, then row by row in the worker."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete as delete_rows
from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from microblog import clock, ids
from microblog.domain import counters, forgetting, media, outbox
from microblog.domain.events import PostDeleted
from microblog.domain.posts.publishing import count_reply
from microblog.domain.posts.reading import get_own_row
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import FOR_EVERYBODY
from microblog.models import (
    Account,
    Bookmark,
    Boost,
    Favourite,
    Notification,
    Pin,
    Post,
    PostEdit,
    PostMention,
    PostTag,
    TimelineEntry,
    Translation,
)

CHUNK = 1000
KEY_LIFETIME = timedelta(hours=24)
# How far back they are looked for.
_KEYS_LOOKED_FOR = timedelta(days=7)

# What points to a post, and may be as many rows as there are people; what tells them apart.
_POINTING: tuple[tuple[Any, Any], ...] = (
    (TimelineEntry, TimelineEntry.account_id),
    (Boost, Boost.id),
    (Favourite, Favourite.account_id),
    (Bookmark, Bookmark.account_id),
)
# Of these there are a few at most.
_FEW: tuple[Any, ...] = (PostTag, PostMention, PostEdit, Translation, Pin)


def delete(session: Session, *, by: Viewer, post_id: int) -> None:
    """Delete the viewer's own post. **Raises** NotFound, NotAllowed."""
    counters.lock(session, [by.id])
    post = get_own_row(session, by, post_id)
    post.text = post.html = post.warning = ""
    post.version += 1
    post.deleted_at = clock.now()
    # It makes room for another one at once.
    session.execute(delete_rows(Pin).where(Pin.post_id == post_id))
    if post.visibility in FOR_EVERYBODY:
        session.execute(
            update(Account)
            .where(Account.id == post.account_id)
            .values(posts_count=Account.posts_count - 1)
        )
        if post.reply_to_id is not None:
            count_reply(session, post.reply_to_id, -1)
    outbox.announce(session, PostDeleted(post_id))


def clear_away(session: Session, post_id: int, *, keeps_place: bool = True) -> bool:
    """Remove some of what points to a deleted post, at last the post; tell whether more is left.

    A post that was answered keeps its place in the conversation, empty, as long as an answer is
    there; unless its author goes, too.
    """
    media.release_of_post(session, post_id)
    for table, key in _POINTING:
        is_pointing = table.post_id == post_id
        some = session.scalars(select(key).where(is_pointing).limit(CHUNK)).all()
        session.execute(delete_rows(table).where(is_pointing, key.in_(some)))
        if len(some) == CHUNK:
            return True
    if forgetting.forget_notifications(session, Notification.post_id == post_id):
        return True
    for table in _FEW:
        session.execute(delete_rows(table).where(table.post_id == post_id))
    _remove(session, post_id, keeps_place=keeps_place)
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


def _remove(session: Session, post_id: int, *, keeps_place: bool) -> None:
    post = session.scalar(
        select(Post).where(Post.id == post_id, Post.deleted_at.is_not(None)).with_for_update()
    )
    if post is None or (keeps_place and _is_answered(session, post_id)):
        return
    session.delete(post)
    session.flush()
    answered = post.reply_to_id and session.get(Post, post.reply_to_id)
    # What kept its place for this answer alone goes, too.
    if answered and answered.deleted_at and not _is_answered(session, answered.id):
        outbox.announce(session, PostDeleted(answered.id))


def _is_answered(session: Session, post_id: int) -> bool:
    return bool(session.scalar(select(exists().where(Post.reply_to_id == post_id))))
