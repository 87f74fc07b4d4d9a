"""What the people of the demo think of each other's posts: favourites, boosts, bookmarks, pins."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from microblog import ids
from microblog.domain.demo.settlers import Settlement
from microblog.domain.visibility import FOR_EVERYBODY
from microblog.models import Bookmark, Boost, Favourite, Pin, Post

_SEED = 13
# Of those who follow the author; a post that everybody likes is liked by most of them.
_FAVOURITED, _BOOSTED, _BOOKMARKED = 0.14, 0.04, 0.01
_MOST_LIKED = 6
_READING_HOURS = 5
# Whoever came first has put their introduction on top.
_PINNING_PEOPLE = 12


def react(
    session: Session, written: Sequence[Post], settlement: Settlement, accounts: Mapping[str, int]
) -> None:
    """Let everybody react to what those wrote whom they follow; the counters are right after."""
    random = Random(_SEED)
    readers: dict[int, list[int]] = {}
    for follower, followed in settlement.follows:
        readers.setdefault(accounts[followed], []).append(accounts[follower])
    rows: list[Any] = []
    serial = count()
    for post in written:
        seen_at = _reading_times(post, settlement, random)
        # Most posts are liked a little, some few a lot.
        liked = min(random.expovariate(1), _MOST_LIKED)
        for reader_id in readers.get(post.account_id, ()):
            id_ = ids.at(next(seen_at), next(serial))
            if random.random() < _FAVOURITED * liked:
                rows.append(Favourite(account_id=reader_id, post_id=post.id, id=id_))
                post.favourites_count += 1
            if random.random() < _BOOSTED * liked and post.visibility in FOR_EVERYBODY:
                rows.append(Boost(id=id_, account_id=reader_id, post_id=post.id))
                post.boosts_count += 1
            if random.random() < _BOOKMARKED * liked:
                rows.append(Bookmark(account_id=reader_id, post_id=post.id, id=id_))
    session.add_all(rows)
    session.add_all(_pins(written))
    session.flush()


def _reading_times(post: Post, settlement: Settlement, random: Random) -> Iterator[Any]:
    """Yield when readers saw a post, each a little after the one before, and never after now."""
    moment = post.created_at
    rest = settlement.now - moment
    while True:
        hours = random.expovariate(1 / _READING_HOURS) / _MOST_LIKED
        step = min(timedelta(hours=hours), rest / 2)
        moment, rest = moment + step, rest - step
        yield moment


def _pins(written: Sequence[Post]) -> list[Pin]:
    first = {post.account_id: post for post in reversed(written)}
    pinned = sorted(first.values(), key=lambda post: post.id)[:_PINNING_PEOPLE]
    return [Pin(account_id=post.account_id, post_id=post.id, id=post.id) for post in pinned]
