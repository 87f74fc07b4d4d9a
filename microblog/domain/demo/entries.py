"""Timelines of people whose posts and follows were made at once, by the database itself."""

from collections.abc import Sequence

from sqlalchemy import insert, select, union_all
from sqlalchemy.orm import Session

from microblog.db import affected_rows
from microblog.models import Follow, Post, TimelineEntry, User


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
    filled = insert(TimelineEntry).from_select(columns, rows)
    return affected_rows(session, filled)
