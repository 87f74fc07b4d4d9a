"""Counters live with the rows they count for; here they are guarded, and counted anew."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased

from microblog.domain.visibility import FOR_EVERYBODY, is_for_everybody, is_published
from microblog.models import Account, Boost, Favourite, Follow, Post

CHUNK = 500

_LOCK = (
    select(Account.id)
    .where(Account.id.in_(bindparam("account_ids", expanding=True)))
    .order_by(Account.id)
    # On PostgreSQL the weaker lock, which lets others refer to the account meanwhile.
    .with_for_update(key_share=True)
)


@dataclass(frozen=True)
class Correction:
    """A counter that was wrong: of a person, or of a post of theirs."""

    username: str
    counter: str
    was: int
    now: int
    post_id: int | None = None


def lock(session: Session, account_ids: Iterable[int]) -> None:
    """Have everybody else wait who wants to change the counters of these people.

    Whoever adds or removes what is counted does this first. A row that refers to an account keeps
    others from changing that account on MariaDB, so two who insert first and count then would wait
    for each other. In the order of their ids, for the same reason.
    """
    session.execute(_LOCK, {"account_ids": sorted(account_ids)})


def recount(session: Session, after: int) -> tuple[int | None, list[Correction]]:
    """Count for the next accounts and mend what is wrong; return where to go on (None: the end)."""
    followers, following = Follow.__table__.alias(), Follow.__table__.alias()
    counts = {
        "posts_count": select(func.count(Post.id)).where(
            Post.account_id == Account.id, is_published(), is_for_everybody()
        ),
        "followers_count": select(func.count())
        .select_from(followers)
        .where(followers.c.followed_id == Account.id),
        "following_count": select(func.count())
        .select_from(following)
        .where(following.c.follower_id == Account.id),
    }
    account_ids = session.scalars(
        select(Account.id).where(Account.id > after).order_by(Account.id).limit(CHUNK)
    ).all()
    # Counted only once nobody is about to change them, for a server may be running.
    lock(session, account_ids)
    accounts = session.execute(
        select(Account, Account.username, *(count.scalar_subquery() for count in counts.values()))
        .where(Account.id.in_(account_ids))
        .order_by(Account.id)
    ).all()
    corrections = [
        Correction(username, *correction)
        for account, username, *counted in accounts
        for correction in _mend(account, dict(zip(counts, counted, strict=True)))
    ]
    return (account_ids[-1] if len(account_ids) == CHUNK else None), corrections


def recount_posts(session: Session, after: int) -> tuple[int | None, list[Correction]]:
    """Count for the next posts, as above. What is deleted is seen by nobody, and not counted."""
    reply = aliased(Post)
    counts = {
        "replies_count": select(func.count(reply.id)).where(
            reply.reply_to_id == Post.id,
            reply.deleted_at.is_(None),
            reply.visibility.in_(FOR_EVERYBODY),
        ),
        "boosts_count": select(func.count(Boost.id)).where(Boost.post_id == Post.id),
        "favourites_count": select(func.count(Favourite.id)).where(Favourite.post_id == Post.id),
    }
    # Locked, for the same reason: whoever counts with a post has locked it.
    post_ids = session.scalars(
        select(Post.id).where(Post.id > after).order_by(Post.id).limit(CHUNK).with_for_update()
    ).all()
    posts = session.execute(
        select(Post, Account.username, *(count.scalar_subquery() for count in counts.values()))
        .join(Account, Account.id == Post.account_id)
        .where(Post.id.in_(post_ids), is_published())
        .order_by(Post.id)
    ).all()
    corrections = [
        Correction(username, *correction, post.id)
        for post, username, *counted in posts
        for correction in _mend(post, dict(zip(counts, counted, strict=True)))
    ]
    return (post_ids[-1] if len(post_ids) == CHUNK else None), corrections


def _mend(row: Any, counted: dict[str, int]) -> Iterator[tuple[str, int, int]]:
    """Set counters to what was counted; tell which were wrong, what they were and are."""
    for name, now in counted.items():
        if (was := getattr(row, name)) != now:
            setattr(row, name, now)
            yield name, was, now
