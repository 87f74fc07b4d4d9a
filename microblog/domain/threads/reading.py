"""A thread as one page shows it: the way to a post, the post, and what answers it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from microblog.db import Database
from microblog.domain.threads.focus import Focus
from microblog.domain.threads.path import Path, find_path
from microblog.domain.threads.places import MUTED, SEEN, UNAVAILABLE, Place, list_places
from microblog.domain.threads.tree import Branch, find_tree
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import key_of


@dataclass(frozen=True, slots=True)
class Thread:
    """What is around a post.

    `path` are the posts above it; None is what the reader may not see, or what is gone. Where it is
    too long, it begins further down, after `root`, and one reads on upwards from `earlier`. `part`
    is the place of the post in its series, and `series` what follows there. `after` is the key of
    the next page of replies.
    """

    root: Place | None = None
    earlier: Place | None = None
    path: tuple[Place | None, ...] = ()
    part: tuple[int, int] | None = None
    series: tuple[Branch, ...] = ()
    replies: tuple[Branch, ...] = ()
    after: int | None = None


def read(
    db: Database, viewer: Viewer | None, focus: Focus, after: int = 0, *, is_whole: bool = True
) -> Thread:
    """Return what is around a post, with the direct replies that are newer than a key.

    Without the whole of it, nothing of what is above.
    """
    viewer_id = key_of(viewer)
    path = find_path(db, focus.reply_to_id) if is_whole else Path()
    tree = find_tree(db, viewer_id, focus, after)
    post_ids = dict.fromkeys((*path.post_ids, *tree.post_ids()))
    if path.goes_on:
        post_ids[focus.thread_id] = None
    if focus.series_id is not None:
        post_ids[focus.entry.post_id] = None
    places = list_places(db, viewer_id, post_ids)
    own = places.get(focus.entry.post_id)
    return Thread(
        root=_shown(places.get(focus.thread_id)) if path.goes_on else None,
        earlier=_uppermost(path, places) if path.goes_on else None,
        path=_path(path, places),
        part=own.part if own else None,
        series=tree.continuation(places),
        replies=tree.branches(places),
        after=tree.after,
    )


def _path(path: Path, places: Mapping[int, Place]) -> tuple[Place | None, ...]:
    above = [_shown(places.get(post_id)) for post_id in path.post_ids]
    if path.begins_unseen:
        above.insert(0, None)
    return tuple(_with_gaps_once(above))


def _shown(place: Place | None) -> Place | None:
    return None if place is None or place.standing == UNAVAILABLE else place


def _with_gaps_once(above: Iterable[Place | None]) -> Iterable[Place | None]:
    # How many posts there are that one may not see is not told either.
    for is_unseen, places in groupby(above, lambda place: place is None):
        yield from [None] if is_unseen else places


def _uppermost(path: Path, places: Mapping[int, Place]) -> Place | None:
    found = (places[post_id] for post_id in path.post_ids if post_id in places)
    return next((place for place in found if place.standing in (SEEN, MUTED)), None)
