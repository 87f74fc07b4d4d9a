"""The replies below a post as a tree: found level by level, then put together of what they show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from microblog.db import Database
from microblog.domain.threads.focus import Focus
from microblog.domain.threads.places import MUTED, SEEN, Place
from microblog.domain.threads.replies import (
    DIRECT_REPLIES,
    SERIES_LENGTH,
    Found,
    find_below,
    find_direct,
    find_series,
)

# So many replies are shown below each direct one, and below each of those.
SHOWN = (3, 2)
# So many of the latter are looked at, the first ones below each direct reply before the second.
_DEEPER_PARENTS = 20


@dataclass(frozen=True, slots=True)
class Branch:
    """A reply, with the first replies to it.

    `more` of them are left out, counted up to COUNTED; where it `goes_on`, all of them.
    """

    place: Place
    replies: tuple["Branch", ...] = ()
    more: int = 0
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Tree:
    """What is below a post: the author's own continuation, and a page of the direct replies.

    `below` are the replies to each of them and to some of those, `after` is the next page's key.
    """

    series: Sequence[Found] = ()
    direct: Sequence[Found] = ()
    below: Mapping[int, Sequence[Found]] | None = None
    after: int | None = None

    def post_ids(self) -> Iterator[int]:
        """Return the ids of all that may be shown."""
        for found in (*self.series, *self.direct):
            yield found.id
            for reply in self._below(found)[: SHOWN[0]]:
                yield reply.id
                yield from (each.id for each in self._below(reply)[: SHOWN[1]])

    def continuation(self, places: Mapping[int, Place]) -> tuple[Branch, ...]:
        """Return the posts in which the author goes on; what answers the last one is below it."""
        branches = [self._part(*pair, places) for pair in pairwise(self.series)]
        branches += [self._branch(found, places) for found in self.series[-1:]]
        return tuple(branch for branch in branches if branch is not None)

    def branches(self, places: Mapping[int, Place]) -> tuple[Branch, ...]:
        """Return the direct replies."""
        return self._branches(self.direct, places, 0)

    def _branches(
        self, some: Iterable[Found], places: Mapping[int, Place], depth: int
    ) -> tuple[Branch, ...]:
        branches = (self._branch(found, places, depth) for found in some)
        return tuple(branch for branch in branches if branch is not None)

    def _branch(self, found: Found, places: Mapping[int, Place], depth: int = 0) -> Branch | None:
        place = places.get(found.id)
        if place is None:
            return None
        below, shown = self._below(found), (*SHOWN, 0)[depth]
        replies = self._branches(below[:shown], places, depth + 1)
        more = sum(reply.is_out for reply in below[shown:])
        # What was deleted is a line over the replies to it, and nothing without them.
        if not (place.standing in (SEEN, MUTED) or place.is_answered or replies):
            return None
        return Branch(place, replies, more, place.is_answered and not replies and not more)

    def _part(self, found: Found, following: Found, places: Mapping[int, Place]) -> Branch | None:
        place = places.get(found.id)
        if place is None:
            return None
        others = (reply for reply in self._below(found) if reply.id != following.id)
        return Branch(place, more=sum(reply.is_out for reply in others))

    def _below(self, found: Found) -> Sequence[Found]:
        return (self.below or {}).get(found.id, ())


def find_tree(db: Database, viewer_id: int, focus: Focus, after: int) -> Tree:
    """Return what is below a post, with the direct replies that are newer than a key."""
    if not focus.has_replies:
        return Tree()
    post_id = focus.entry.post_id
    series = find_series(db, viewer_id, post_id, focus.series_id, focus.series_number)
    own = {found.id for found in series[:1]}
    direct = [found for found in find_direct(db, viewer_id, post_id, after) if found.id not in own]
    has_more = len(direct) > DIRECT_REPLIES
    direct = direct[:DIRECT_REPLIES]
    series = series[:SERIES_LENGTH] if after == 0 else []
    first = [*series, *direct]
    below = find_below(db, viewer_id, first, SHOWN[0])
    second = [below.get(found.id, [])[: SHOWN[0]] for found in first]
    parents = [found for found in _in_turns(second) if found.has_replies][:_DEEPER_PARENTS]
    below |= find_below(db, viewer_id, parents, SHOWN[1])
    return Tree(series, direct, below, direct[-1].id if has_more else None)


def _in_turns(lists: Iterable[Sequence[Found]]) -> Iterator[Found]:
    for turn in zip_longest(*lists):
        yield from (found for found in turn if found is not None)
