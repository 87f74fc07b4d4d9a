"""Filling home timelines, in chunks that each commit with how far they came."""

import random
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    delete,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session, aliased

from microblog import ids
from microblog.db import Id, affected_rows, insert_ignoring_duplicates
from microblog.domain.visibility import MENTIONED, PersonColumn, is_published
from microblog.models import Boost, Follow, Post, PostMention, TimelineEntry, User

TIMELINE_LENGTH = 2000
CHUNK = 1000
# A timeline is cut back to its length at every so-manieth delivery, not at each.
_TRIM_INTERVAL = 199
_NO = false()

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
        select(Post.account_id, Post.visibility, Post.reply_to_account_id).where(
            Post.id == post_id, is_published()
        )
    ).one_or_none()
    if found is None:
        return None
    author_id, visibility, answered_id = found
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
    is_answer = answered_id is not None and answered_id != author_id
    is_held_back = ~knows(Follow.follower_id, answered_id) if is_answer else _NO
    _insert(session, followers, post_id, is_held_back=is_held_back)
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
    delete_idle(session, theirs)
    return owners[-1] if len(owners) == CHUNK else None


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
        raise_floor(session, account_id, oldest)


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
    session: Session,
    followers: Select[int],
    post_id: int,
    boost_id: int | None = None,
    *,
    is_held_back: ColumnElement[bool] = _NO,
) -> None:
    # All entries of a chunk share one id: it is unique within each timeline.
    dialect = session.get_bind().dialect.name
    rows = followers.add_columns(
        literal(ids.new(), Id), literal(post_id, Id), literal(boost_id, Id), is_held_back
    )
    session.execute(
        insert_ignoring_duplicates(TimelineEntry, dialect).from_select(
            ["account_id", "id", "post_id", "boost_id", "is_held_back"], rows
        )
    )
    _trim_some(session, followers)


def knows(reader_id: PersonColumn, answered_id: Any) -> ColumnElement[bool]:
    """Return the condition that a reader is the one who was answered, or follows them."""
    follow = aliased(Follow)
    is_followed = exists().where(follow.follower_id == reader_id, follow.followed_id == answered_id)
    return or_(reader_id == answered_id, is_followed.correlate_except(follow))


def delete_idle(session: Session, entries: ColumnElement[bool]) -> None:
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


def raise_floor(session: Session, account_id: int, floor: int) -> None:
    """Say that entries of a timeline are complete from this key on only."""
    session.execute(
        update(User)
        .where(User.account_id == account_id, User.timeline_floor < floor)
        .values(timeline_floor=floor)
    )
