"""Clearing away what somebody wrote and did, once they are gone, some at a time.

Nobody sees them any more, and they do nothing more. The counters of others' posts are right after
each part.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from microblog import clock
from microblog.domain import counters, outbox
from microblog.domain.events import Unboosted
from microblog.domain.posts.deleting import clear_away
from microblog.domain.posts.publishing import count_reply
from microblog.domain.visibility import FOR_EVERYBODY
from microblog.models import Account, Bookmark, Boost, Favourite, Post, ThreadMute

# Of each post up to a thousand timeline entries go in one transaction.
POSTS_CHUNK = 10
ACTS_CHUNK = 200
FORGOTTEN_CHUNK = 1000


def delete_some(session: Session, account_id: int) -> bool:
    """Delete somebody's next posts; tell whether there were any."""
    counters.lock(session, [account_id])
    theirs = session.scalars(
        select(Post)
        .where(Post.account_id == account_id)
        .order_by(Post.id)
        .limit(POSTS_CHUNK)
        .with_for_update()
    ).all()
    for post in theirs:
        _empty(session, post)
    session.flush()
    for post_id in [post.id for post in theirs]:
        if clear_away(session, post_id, keeps_place=False):
            break
    return bool(theirs)


def take_back_some(session: Session, account_id: int) -> bool:
    """Take back somebody's next boosts and favourites; tell whether there are more."""
    counters.lock(session, [account_id])
    post_ids = {
        post_id
        for table in (Boost, Favourite)
        for post_id in session.scalars(
            select(table.post_id).where(table.account_id == account_id).limit(ACTS_CHUNK)
        )
    }
    # In the order of their ids, as everybody locks several.
    session.execute(
        select(Post.id)
        .where(Post.id.in_(post_ids))
        .order_by(Post.id)
        .with_for_update(key_share=True)
    )
    # Looked up anew: until the posts were locked, each could go with what its author did.
    boosts = session.execute(
        select(Boost.id, Boost.post_id).where(
            Boost.account_id == account_id, Boost.post_id.in_(post_ids)
        )
    ).all()
    liked = session.scalars(
        select(Favourite.post_id).where(
            Favourite.account_id == account_id, Favourite.post_id.in_(post_ids)
        )
    ).all()
    for boost_id, post_id in boosts:
        outbox.announce(session, Unboosted(boost_id, post_id, account_id))
    _take_back(session, account_id, Boost, Post.boosts_count, [post_id for _, post_id in boosts])
    _take_back(session, account_id, Favourite, Post.favourites_count, liked)
    return bool(post_ids)


def forget_some(session: Session, account_id: int) -> bool:
    """Forget the next of what somebody kept for themselves; tell whether there are more."""
    for table, key in ((Bookmark, Bookmark.post_id), (ThreadMute, ThreadMute.thread_id)):
        theirs = table.account_id == account_id
        some = session.scalars(select(key).where(theirs).limit(FORGOTTEN_CHUNK)).all()
        session.execute(delete(table).where(theirs, key.in_(some)))
        if len(some) == FORGOTTEN_CHUNK:
            return True
    return False


def _take_back(
    session: Session, account_id: int, table: Any, counter: Any, post_ids: Sequence[int]
) -> None:
    session.execute(
        delete(table).where(table.account_id == account_id, table.post_id.in_(post_ids))
    )
    session.execute(update(Post).where(Post.id.in_(post_ids)).values({counter: counter - 1}))


def _empty(session: Session, post: Post) -> None:
    """Delete a post as its author would, and tell nobody: the rest follows at once."""
    if post.deleted_at is not None:
        return
    post.text = post.html = post.warning = ""
    post.version += 1
    post.deleted_at = clock.now()
    if post.visibility not in FOR_EVERYBODY:
        return
    session.execute(
        update(Account)
        .where(Account.id == post.account_id)
        .values(posts_count=Account.posts_count - 1)
    )
    if post.reply_to_id is not None:
        count_reply(session, post.reply_to_id, -1)
