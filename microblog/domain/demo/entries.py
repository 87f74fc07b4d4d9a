"""Timelines of people whose posts, boosts and follows were made at once, by the database."""

from collections.abc import Sequence

from sqlalchemy import and_, insert, select, union_all
from sqlalchemy.orm import Session

from microblog.db import affected_rows, insert_ignoring_duplicates
from microblog.domain import timelines
from microblog.models import Boost, Follow, Post, TimelineEntry, User


def fill(session: Session, account_ids: Sequence[int]) -> int:
    """Put onto empty timelines what belongs there from their floor on; return how many entries.

    The id of an entry is that of its post, as if each had been delivered at once.
    """
    sources = union_all(
        select(Follow.follower_id.label("reader_id"), Follow.followed_id.label("author_id")).where(
            Follow.follower_id.in_(account_ids)
        ),
        select(User.account_id, User.account_id).where(User.account_id.in_(account_ids)),
    ).subquery()
    # In the order of the posts, because one index of the entries is by post: filled in another
    # order it would be read and written all over.
    rows = (
        select(sources.c.reader_id, Post.id, Post.id)
        .join(User, User.account_id == sources.c.reader_id)
        .join(Post, Post.account_id == sources.c.author_id)
        .where(Post.id >= User.timeline_floor)
        .order_by(Post.id)
    )
    columns = ["account_id", "id", "post_id"]
    # Of an INSERT, the driver of PostgreSQL tells the number only when it is asked for.
    filled = affected_rows(session, insert(TimelineEntry).from_select(columns, rows))
    return filled + _fill_boosts(session, account_ids)


def _fill_boosts(session: Session, account_ids: Sequence[int]) -> int:
    """Put there what somebody boosted, where it is not on the timeline already."""
    rows = (
        select(Follow.follower_id, Boost.id, Boost.post_id, Boost.id)
        .join(Boost, Boost.account_id == Follow.followed_id)
        .join(User, User.account_id == Follow.follower_id)
        .where(Follow.follower_id.in_(account_ids), Boost.id >= User.timeline_floor)
        .order_by(Boost.id)
    )
    boosted = insert_ignoring_duplicates(TimelineEntry, session.get_bind().dialect.name)
    columns = ["account_id", "id", "post_id", "boost_id"]
    filled = affected_rows(session, boosted.from_select(columns, rows))
    theirs = TimelineEntry.account_id.in_(account_ids)
    timelines.find_boosts(session, and_(theirs, timelines.is_unseen_answer()))
    return filled
