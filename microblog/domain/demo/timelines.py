"""The timelines of a crowd: trimmed as the worker trims them, filled block by block."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from microblog.db import Database
from microblog.domain.demo import entries
from microblog.domain.demo.crowd import Crowd
from microblog.domain.timelines import TIMELINE_LENGTH
from microblog.models import User

# How much is filled in one transaction.
_ACCOUNTS_AT_ONCE = 2_000
_ENTRIES_AT_ONCE = 500_000

Floors = dict[int, int]


def fill_timelines(
    db: Database,
    crowd: Crowd,
    account_ids: Sequence[int],
    written: Sequence["array[int]"],
    advance: Callable[[int], None],
) -> int:
    """Fill everybody's timeline from the posts, given by author; return how many entries."""
    filled = 0
    for floors in _blocks(crowd, account_ids, written):
        filled += db.write(partial(_fill, floors=floors))
        advance(len(floors))
    return filled


def _blocks(
    crowd: Crowd, account_ids: Sequence[int], written: Sequence["array[int]"]
) -> Iterator[Floors]:
    block: Floors = {}
    size = 0
    for number, account_id in enumerate(account_ids):
        sources = [written[author] for author in (number, *crowd.follows[number])]
        block[account_id] = _floor(sources)
        size += min(sum(map(len, sources)), TIMELINE_LENGTH)
        if len(block) == _ACCOUNTS_AT_ONCE or size >= _ENTRIES_AT_ONCE:
            yield block
            block, size = {}, 0
    if block:
        yield block


def _floor(sources: Sequence["array[int]"]) -> int:
    """Return the oldest post that has a place on the timeline; 0 when all have."""
    if sum(map(len, sources)) <= TIMELINE_LENGTH:
        return 0
    newest = sorted(chain.from_iterable(source[-TIMELINE_LENGTH:] for source in sources))
    return newest[-TIMELINE_LENGTH]


def _fill(session: Session, floors: Floors) -> int:
    lowered = (
        update(User)
        .where(User.account_id == bindparam("reader_id"))
        .values(timeline_floor=bindparam("floor"))
    )
    session.connection().execute(
        lowered, [{"reader_id": id_, "floor": floor} for id_, floor in floors.items()]
    )
    return entries.fill(session, list(floors))
