"""Filling home timelines, in chunks that each commit with how far they came."""

import random

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    delete,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session, aliased

from microblog import ids
from microblog.db import AnySelect, Id, affected_rows, insert_ignoring_duplicates
from microblog.domain.visibility import MENTIONED, is_published
from microblog.models import Boost, Follow, Post, PostMention, TimelineEntry, User

TIMELINE_LENGTH = 2000
CHUNK = 1000
BACKFILL = 1000
# A timeline is cut back to its length at every so-manieth delivery, not at each.
_TRIM_INTERVAL = 199

# An entry is by its author when the reader follows them or is them.
_is_by_author = exists().where(
    Post.id == TimelineEntry.post_id,
    or_(
        Post.account_id == TimelineEntry.account_id,
        exists().where(
            Follow.follower_id == TimelineEntry.account_id, Follow.followed_id == Post.account_id
        ),
    ),
)


def deliver(session: Session, post_id: int, after: int | None) -> int | None:
    """Bring a post to the next followers of its author.

    `after` is what the call before returned; None begins, and None is returned at the end.
    """
    # A suspended author's post too: it is hidden where it is read, and there when they are back.
    found = session.execute(
        select(Post.account_id, Post.visibility).where(Post.id == post_id, is_published())
    ).one_or_none()
    if found is None:
        return None
    author_id, visibility = found
    if after is None and random.randrange(_TRIM_INTERVAL) == 0:
        # Somebody who follows nobody gets no deliveries, but their own posts fill their timeline.
        trim(session, author_id)
    followers, last = _next_followers(session, author_id, after)
    if followers is None:
        return None
    if visibility == MENTIONED:
        followers = followers.join(
            PostMention,
            and_(PostMention.post_id == post_id, PostMention.account_id == Follow.follower_id),
        )
    _insert(session, followers, post_id)
    return last


def deliver_boost(session: Session, boost_id: int, after: int | None) -> int | None:
    """Bring a boosted post to the next followers of who boosted it, as `deliver` does.

    On whose timeline it is already, it stays where it is.
    """
    boost = session.get(Boost, boost_id)
    if boost is None:
        return None
    followers, last = _next_followers(session, boost.account_id, after)
    if followers is None:
        return None
    followers = followers.where(Follow.shows_boosts == true())
    _insert(session, followers, boost.post_id, boost_id)
    there = and_(TimelineEntry.post_id == boost.post_id, TimelineEntry.account_id.in_(followers))
    find_boosts(session, and_(there, is_unseen_answer()))
    return last


def retract_boost(session: Session, boost_id: int, post_id: int, after: int | None) -> int | None:
    """Take a post off the next timelines that it came to by a boost, as `deliver` does.

    Where the reader follows its author, or somebody else who boosted it, it stays.
    """
    owners = session.scalars(
        select(TimelineEntry.account_id)
        .where(TimelineEntry.post_id == post_id, TimelineEntry.account_id > (after or 0))
        .order_by(TimelineEntry.account_id)
        .limit(CHUNK)
    ).all()
    if not owners:
        return None
    theirs = and_(
        TimelineEntry.post_id == post_id,
        TimelineEntry.account_id.between((after or 0) + 1, owners[-1]),
    )
    find_boosts(session, and_(theirs, TimelineEntry.boost_id == boost_id))
    _delete_idle(session, theirs)
    return owners[-1] if len(owners) == CHUNK else None


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
    _delete_idle(session, own)


def withdraw_boosts(session: Session, follower_id: int, followed_id: int) -> None:
    """Take off a timeline what was there because somebody boosted it whose boosts are hidden."""
    following = session.get(Follow, (follower_id, followed_id), with_for_update=True)
    if following is None or following.shows_boosts:
        return
    own = TimelineEntry.account_id == follower_id
    is_boosted = exists().where(Boost.id == TimelineEntry.boost_id, Boost.account_id == followed_id)
    find_boosts(session, and_(own, is_boosted))
    _delete_idle(session, own)


def is_unseen_answer() -> ColumnElement[bool]:
    """Return the condition on entries of answers that came by their authors, and by no boost.

    Who does not follow whom they answer sees them only when somebody boosts them.
    """
    is_answer = exists().where(
        Post.id == TimelineEntry.post_id,
        Post.reply_to_account_id.is_not(None),
        Post.reply_to_account_id != Post.account_id,
    )
    return and_(TimelineEntry.boost_id.is_(None), is_answer)


def find_boosts(session: Session, entries: ColumnElement[bool]) -> None:
    """Give entries the first boost of somebody their readers still follow, or none."""
    other, follow = aliased(Boost), aliased(Follow)
    first = (
        select(func.min(other.id))
        .join(follow, follow.followed_id == other.account_id)
        .where(
            other.post_id == TimelineEntry.post_id,
            follow.follower_id == TimelineEntry.account_id,
            follow.shows_boosts == true(),
        )
        .scalar_subquery()
    )
    session.execute(
        update(TimelineEntry)
        .where(entries)
        .values(boost_id=first)
        .execution_options(synchronize_session=False)
    )


def trim(session: Session, account_id: int) -> None:
    """Cut a timeline back to its newest TIMELINE_LENGTH entries."""
    newest = (
        select(TimelineEntry.id)
        .where(TimelineEntry.account_id == account_id)
        .order_by(TimelineEntry.id.desc())
        .limit(TIMELINE_LENGTH)
        .subquery()
    )
    count, oldest = session.execute(select(func.count(), func.min(newest.c.id))).one()
    if count < TIMELINE_LENGTH:
        return
    older = delete(TimelineEntry).where(
        TimelineEntry.account_id == account_id, TimelineEntry.id < oldest
    )
    if affected_rows(session, older):
        _raise_floor(session, account_id, oldest)


def _next_followers(
    session: Session, followed_id: int, after: int | None
) -> tuple[Select[int] | None, int | None]:
    """Return a statement for the next followers of this server, and where to go on after them."""
    batch = (
        select(Follow.id)
        .where(Follow.followed_id == followed_id, Follow.id > (after or 0))
        .order_by(Follow.id)
        .limit(CHUNK)
        .subquery()
    )
    count, last = session.execute(select(func.count(), func.max(batch.c.id))).one()
    if not count:
        return None, None
    followers = (
        select(Follow.follower_id)
        .join(User, User.account_id == Follow.follower_id)
        .where(Follow.followed_id == followed_id, Follow.id > (after or 0), Follow.id <= last)
    )
    return followers, int(last) if count == CHUNK else None


def _insert(
    session: Session, followers: Select[int], post_id: int, boost_id: int | None = None
) -> None:
    # All entries of a chunk share one id: it is unique within each timeline.
    dialect = session.get_bind().dialect.name
    rows = followers.add_columns(
        literal(ids.new(), Id), literal(post_id, Id), literal(boost_id, Id)
    )
    session.execute(
        insert_ignoring_duplicates(TimelineEntry, dialect).from_select(
            ["account_id", "id", "post_id", "boost_id"], rows
        )
    )
    _trim_some(session, followers)


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
        _raise_floor(session, follower_id, rows[-1][0])


def _delete_idle(session: Session, entries: ColumnElement[bool]) -> None:
    """Delete those of the entries that neither an author nor a boost has brought."""
    session.execute(
        delete(TimelineEntry)
        .where(entries, TimelineEntry.boost_id.is_(None), ~_is_by_author)
        .execution_options(synchronize_session=False)
    )


def _trim_some(session: Session, followers: Select[int]) -> None:
    turn = random.randrange(_TRIM_INTERVAL)
    sample = followers.where(Follow.follower_id % _TRIM_INTERVAL == turn)
    for account_id in session.scalars(sample).all():
        trim(session, account_id)


def _raise_floor(session: Session, account_id: int, floor: int) -> None:
    session.execute(
        update(User)
        .where(User.account_id == account_id, User.timeline_floor < floor)
        .values(timeline_floor=floor)
    )
