"""A crowd arrives: accounts and logins in large numbers, and who follows whom."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count, islice
from random import Random
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from microblog import ids
from microblog.domain.demo.bulk import PERIOD, Rows, ids_between, insert_rows
from microblog.domain.demo.crowd import Crowd
from microblog.domain.demo.founding import found
from microblog.domain.demo.script import read
from microblog.domain.viewer import MEMBER
from microblog.models import Account, Follow, User

_PREFIX = "person"
_ARRIVING = timedelta(days=30)
_MEETING = timedelta(days=5)
_SEEN_WITHIN = timedelta(days=30)


class Arrival(NamedTuple):
    """The accounts' ids in the order of the crowd, and the name and role of the first."""

    account_ids: list[int]
    username: str
    role: str


def arrive(session: Session, crowd: Crowd, password_hash: str, now: datetime) -> Arrival:
    """Make everybody and their follows, all in the weeks before the first post.

    Until their timelines are filled, their floor has everything merged from the posts.
    """
    random = Random(crowd.plan.seed)
    opening = now - PERIOD
    gathered = opening - _MEETING
    role = found(session, read(), gathered - _ARRIVING)
    account_ids = list(ids_between(gathered - _ARRIVING, gathered, crowd.plan.accounts, random))
    names = _free_names(session, crowd.plan.accounts)
    last_seen = (now - random.random() * _SEEN_WITHIN for _ in names)
    insert_rows(session, Account, _accounts(crowd, account_ids, names, last_seen))
    insert_rows(session, User, _users(account_ids, names, role, password_hash, ids.at(now)))
    follow_ids = ids_between(gathered, opening, crowd.follows_count, random)
    insert_rows(session, Follow, _follows(crowd, account_ids, follow_ids))
    return Arrival(account_ids, names[0], role)


def _free_names(session: Session, number: int) -> list[str]:
    taken = set(session.scalars(select(Account.handle).where(Account.handle.startswith(_PREFIX))))
    names = (f"{_PREFIX}{place:05}" for place in count(1))
    return list(islice((name for name in names if name not in taken), number))


def _accounts(
    crowd: Crowd, account_ids: Sequence[int], names: Sequence[str], last_seen: Iterator[datetime]
) -> Rows:
    followers = Counter(followed for follows in crowd.follows for followed in follows)
    for number, account_id in enumerate(account_ids):
        yield {
            "id": account_id,
            "username": names[number],
            "handle": names[number],
            "display_name": names[number].replace(_PREFIX, "Person "),
            "followers_count": followers[number],
            "following_count": len(crowd.follows[number]),
            "last_seen_at": next(last_seen),
            "created_at": ids.time_of(account_id),
        }


def _users(
    account_ids: Sequence[int], names: Sequence[str], role: str, password_hash: str, floor: int
) -> Rows:
    for account_id, username in zip(account_ids, names, strict=True):
        yield {
            "account_id": account_id,
            "email": f"{username}@example.org",
            "email_confirmed_at": ids.time_of(account_id),
            "password_hash": password_hash,
            "role": role if account_id == account_ids[0] else MEMBER,
            "timeline_floor": floor,
            "created_at": ids.time_of(account_id),
        }


def _follows(crowd: Crowd, account_ids: Sequence[int], follow_ids: Iterator[int]) -> Rows:
    for follower, follows in enumerate(crowd.follows):
        for followed in follows:
            follow_id = next(follow_ids)
            yield {
                "follower_id": account_ids[follower],
                "followed_id": account_ids[followed],
                "id": follow_id,
                "is_backfilled": True,
                "created_at": ids.time_of(follow_id),
            }
