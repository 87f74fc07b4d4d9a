"""What comes to a home timeline, and what goes, when somebody follows or no longer does."""

from sqlalchemy import and_, exists, null, or_, select, update
from sqlalchemy.orm import Session

from microblog.db import AnySelect, insert_ignoring_duplicates
from microblog.domain.timelines.delivery import delete_idle, find_boosts, knows, raise_floor, trim
from microblog.domain.visibility import is_published
from microblog.models import Boost, Follow, Post, TimelineEntry, User

BACKFILL = 1000


def backfill(session: Session, follower_id: int, followed_id: int) -> None:
    """Bring the older posts and boosts of somebody newly followed to the follower's timeline."""
    following = session.get(Follow, (follower_id, followed_id), with_for_update=True)
    floor = session.scalar(select(User.timeline_floor).where(User.account_id == follower_id))
    if following is None or floor is None or following.is_backfilled:
        return
    posts = select(Post.id, Post.id, null()).where(
        Post.account_id == followed_id, Post.id >= floor, is_published()
    )
    _bring(session, follower_id, posts.order_by(Post.id.desc()))
    if following.shows_boosts:
        boosts = select(Boost.id, Boost.post_id, Boost.id).where(
            Boost.account_id == followed_id, Boost.id >= floor
        )
        _bring(session, follower_id, boosts.order_by(Boost.id.desc()))
    _hold_back_anew(session, follower_id, followed_id)
    following.is_backfilled = True
    session.execute(
        update(User)
        .where(User.account_id == follower_id)
        .values(pending_follows=User.pending_follows - 1)
    )
    trim(session, follower_id)


def withdraw(session: Session, follower_id: int, followed_id: int) -> None:
    """Take off a timeline what was there because of somebody no longer followed."""
    if session.get(Follow, (follower_id, followed_id)) is not None:
        return
    own = TimelineEntry.account_id == follower_id
    is_theirs = exists().where(Post.id == TimelineEntry.post_id, Post.account_id == followed_id)
    is_boosted = exists().where(Boost.id == TimelineEntry.boost_id, Boost.account_id == followed_id)
    find_boosts(session, and_(own, or_(is_theirs, is_boosted)))
    delete_idle(session, own)


def withdraw_boosts(session: Session, follower_id: int, followed_id: int) -> None:
    """Take off a timeline what was there because somebody boosted it whose boosts are hidden."""
    following = session.get(Follow, (follower_id, followed_id), with_for_update=True)
    if following is None or following.shows_boosts:
        return
    own = TimelineEntry.account_id == follower_id
    is_boosted = exists().where(Boost.id == TimelineEntry.boost_id, Boost.account_id == followed_id)
    find_boosts(session, and_(own, is_boosted))
    delete_idle(session, own)


def _bring(session: Session, follower_id: int, newest: AnySelect) -> None:
    """Insert the newest rows of (key, post, boost); the floor rises to where there may be more."""
    rows = session.execute(newest.limit(BACKFILL)).all()
    if rows:
        dialect = session.get_bind().dialect.name
        session.execute(
            insert_ignoring_duplicates(TimelineEntry, dialect),
            [
                {"account_id": follower_id, "id": id_, "post_id": post_id, "boost_id": boost_id}
                for id_, post_id, boost_id in rows
            ],
        )
    if len(rows) == BACKFILL:
        # There may be older ones that were not brought in: below this key, pages are merged.
        raise_floor(session, follower_id, rows[-1][0])


def _hold_back_anew(session: Session, follower_id: int, followed_id: int) -> None:
    """Hold back answers of somebody newly followed, or answers to them no more, as it now is."""
    is_held_back = exists().where(
        Post.id == TimelineEntry.post_id,
        Post.reply_to_account_id.is_not(None),
        Post.reply_to_account_id != Post.account_id,
        ~knows(TimelineEntry.account_id, Post.reply_to_account_id),
    )
    concerns_them = exists().where(
        Post.id == TimelineEntry.post_id,
        or_(Post.account_id == followed_id, Post.reply_to_account_id == followed_id),
    )
    session.execute(
        update(TimelineEntry)
        .where(TimelineEntry.account_id == follower_id, concerns_them)
        .values(is_held_back=is_held_back)
        .execution_options(synchronize_session=False)
    )
