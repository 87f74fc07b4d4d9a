"""Filling home timelines, in chunks that each commit with how far they came."""

import random

from sqlalchemy import Select, delete, func, literal, select, update
from sqlalchemy.orm import Session

from microblog import ids
from microblog.db import Id, affected_rows, insert_ignoring_duplicates
from microblog.domain.visibility import is_published
from microblog.models import Follow, Post, TimelineEntry, User

TIMELINE_LENGTH = 2000
CHUNK = 1000
BACKFILL = 1000
# A timeline is cut back to its length at every so-manieth delivery, not at each.
_TRIM_INTERVAL = 199


def deliver(session: Session, post_id: int, after: int | None) -> int | None:
    """Bring a post to the next followers of its author.

    `after` is what the call before returned; None begins, and None is returned at the end.
    """
    # A suspended author's post too: it is hidden where it is read, and there when they are back.
    author_id = session.scalar(select(Post.account_id).where(Post.id == post_id, is_published()))
    if author_id is None:
        return None
    if after is None and random.randrange(_TRIM_INTERVAL) == 0:
        # Somebody who follows nobody gets no deliveries, but their own posts fill their timeline.
        trim(session, author_id)
    batch = (
        select(Follow.id)
        .where(Follow.followed_id == author_id, Follow.id > (after or 0))
        .order_by(Follow.id)
        .limit(CHUNK)
        .subquery()
    )
    count, last = session.execute(select(func.count(), func.max(batch.c.id))).one()
    if not count:
        return None
    followers = (
        select(Follow.follower_id)
        .join(User, User.account_id == Follow.follower_id)
        .where(Follow.followed_id == author_id, Follow.id > (after or 0), Follow.id <= last)
    )
    _insert(session, followers, post_id)
    _trim_some(session, followers)
    return int(last) if count == CHUNK else None


def backfill(session: Session, follower_id: int, followed_id: int) -> None:
    """Bring the older posts of somebody newly followed to the follower's timeline."""
    following = session.get(Follow, (follower_id, followed_id), with_for_update=True)
    floor = session.scalar(select(User.timeline_floor).where(User.account_id == follower_id))
    if following is None or floor is None or following.is_backfilled:
        return
    newest = session.scalars(
        select(Post.id)
        .where(Post.account_id == followed_id, Post.id >= floor, is_published())
        .order_by(Post.id.desc())
        .limit(BACKFILL)
    ).all()
    if newest:
        dialect = session.get_bind().dialect.name
        session.execute(
            insert_ignoring_duplicates(TimelineEntry, dialect),
            [{"account_id": follower_id, "id": id_, "post_id": id_} for id_ in newest],
        )
    if len(newest) == BACKFILL:
        # There may be older ones that were not brought in: below this key, pages are merged.
        _raise_floor(session, follower_id, newest[-1])
    following.is_backfilled = True
    session.execute(
        update(User)
        .where(User.account_id == follower_id)
        .values(pending_follows=User.pending_follows - 1)
    )
    trim(session, follower_id)


def withdraw(session: Session, follower_id: int, followed_id: int) -> None:
    """Take the posts of somebody no longer followed off a timeline."""
    if session.get(Follow, (follower_id, followed_id)) is not None:
        return
    own = select(Post.id).where(Post.account_id == followed_id, Post.id == TimelineEntry.post_id)
    session.execute(
        delete(TimelineEntry).where(TimelineEntry.account_id == follower_id, own.exists())
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


def _insert(session: Session, followers: Select[int], post_id: int) -> None:
    # All entries of a chunk share one id: it is unique within each timeline.
    dialect = session.get_bind().dialect.name
    rows = followers.add_columns(literal(ids.new(), Id), literal(post_id, Id))
    session.execute(
        insert_ignoring_duplicates(TimelineEntry, dialect).from_select(
            ["account_id", "id", "post_id"], rows
        )
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
