"""Counters live with the rows they count for; here they are guarded, and counted anew."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from microblog.domain.visibility import is_for_everybody, is_published
from microblog.models import Account, Follow, Post

CHUNK = 500


@dataclass(frozen=True)
class Correction:
    """A counter that was wrong."""

    username: str
    counter: str
    was: int
    now: int


def lock(session: Session, account_ids: Iterable[int]) -> None:
    """Have everybody else wait who wants to change the counters of these people.

    Whoever adds or removes what is counted does this first. A row that refers to an account keeps
    others from changing that account on MariaDB, so two who insert first and count then would wait
    for each other. In the order of their ids, for the same reason.
    """
    session.execute(
        select(Account.id)
        .where(Account.id.in_(sorted(account_ids)))
        .order_by(Account.id)
        # On PostgreSQL the weaker lock, which lets others refer to the account meanwhile.
        .with_for_update(key_share=True)
    )


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
        select(Account, *(count.scalar_subquery() for count in counts.values()))
        .where(Account.id.in_(account_ids))
        .order_by(Account.id)
    ).all()
    corrections = []
    for account, *counted in accounts:
        for name, now in zip(counts, counted, strict=True):
            if (was := getattr(account, name)) != now:
                corrections.append(Correction(account.username, name, was, now))
                setattr(account, name, now)
    return (account_ids[-1] if len(account_ids) == CHUNK else None), corrections
