"""A thread as its reader finds it, as plain lists: to compare with what it should be."""

from collections.abc import Sequence
from typing import Any

from microblog.db import Database
from microblog.domain import threads
from microblog.domain.threads import DELETED, MUTED, UNAVAILABLE, Branch, Place, Thread
from microblog.domain.viewer import Viewer

GAP = "not available"
GONE = "deleted"


def open_thread(
    db: Database, viewer: Viewer | None, author: Viewer, post_id: int, after: int = 0
) -> Thread:
    """Open the page of a post."""
    focus = threads.find(db, viewer, author.username, post_id)
    return threads.read(db, viewer, focus, after)


def path_of(thread: Thread) -> list[Any]:
    """Return what is above the post: ids, and what stands for what is not shown."""
    return [_place(place) for place in thread.path]


def tree_of(branches: Sequence[Branch]) -> list[Any]:
    """Return replies as (id, what is below): lists, and how many more there are at the end."""
    return [_branch(branch) for branch in branches]


def _branch(branch: Branch) -> Any:
    below = tree_of(branch.replies)
    if branch.more:
        below.append(f"{branch.more} more")
    if branch.goes_on:
        below.append("goes on")
    return (_place(branch.place), *below) if below else _place(branch.place)


def _place(place: Place | None) -> Any:
    if place is None or place.standing == UNAVAILABLE:
        return GAP
    if place.standing == DELETED:
        return GONE
    return ("muted", place.entry.post_id) if place.standing == MUTED else place.entry.post_id
