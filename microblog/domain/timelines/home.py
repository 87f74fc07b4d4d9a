"""The home timeline: one's own posts and those of the people one follows."""

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, exists, false, func, or_, select, union_all
from sqlalchemy.orm import aliased

from microblog import ids
from microblog.db import Database, Id, Prepared, at_most
from microblog.domain.pages import Page, Slice
from microblog.domain.timelines.entries import Entry, Timeline, entries, entry_columns
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import is_visible
from microblog.models import Account, Follow, Post, TimelineEntry

NEW_POSTS_LIMIT = 40
# Follows that the worker has not brought in yet are merged at read, the newest of them.
_PENDING_LIMIT = 5
# Merged pages look through ever longer stretches of time, so that no query is unbounded.
_FIRST_WINDOW = ids.distance(timedelta(days=1))
_WINDOW_GROWTH = 4

Rows = list[tuple[Any, ...]]

_viewer_id = bindparam("viewer_id", type_=Id)
# Joined at read: what was deleted and whoever was unfollowed is gone before the worker comes by.
_is_followed_or_own = or_(
    Post.account_id == _viewer_id,
    exists().where(Follow.follower_id == _viewer_id, Follow.followed_id == Post.account_id),
)
_ENTRIES = Timeline(
    entry_columns(TimelineEntry.id)
    .select_from(TimelineEntry)
    .join(Post, Post.id == TimelineEntry.post_id)
    .join(Account, Account.id == Post.account_id)
    .where(
        TimelineEntry.account_id == _viewer_id,
        TimelineEntry.id >= bindparam("floor"),
        is_visible(),
        _is_followed_or_own,
    ),
    TimelineEntry.id,
)
_kept = aliased(TimelineEntry)
_is_not_kept = ~exists().where(
    _kept.account_id == _viewer_id, _kept.post_id == Post.id, _kept.id >= bindparam("floor")
)
_PENDING = Prepared(
    select(Follow.followed_id)
    .where(Follow.follower_id == _viewer_id, Follow.is_backfilled == false())
    .order_by(Follow.id.desc())
    .limit(at_most(_PENDING_LIMIT))
)
_OF_PENDING = Timeline(
    entry_columns(Post.id)
    .join(Account, Account.id == Post.account_id)
    .where(
        Post.account_id == bindparam("author_id"),
        Post.id >= bindparam("floor"),
        is_visible(),
        _is_not_kept,
    ),
    Post.id,
)
# The authors come first, so that their posts are found by (account_id, id): going through
# everybody's takes long for a reader whose few authors write little.
_authors = union_all(
    select(Follow.followed_id.label("id")).where(Follow.follower_id == _viewer_id),
    select(_viewer_id.label("id")),
).subquery("authors")
_MERGED = Timeline(
    entry_columns(Post.id)
    .select_from(_authors)
    .join(Post, Post.account_id == _authors.c.id)
    .join(Account, Account.id == Post.account_id)
    .where(
        Post.id >= bindparam("low"),
        Post.id < bindparam("high"),
        is_visible(),
        _is_not_kept,
    ),
    Post.id,
)
_newer_entries = (
    select(TimelineEntry.id)
    .join(Post, Post.id == TimelineEntry.post_id)
    .join(Account, Account.id == Post.account_id)
    .where(
        TimelineEntry.account_id == _viewer_id,
        TimelineEntry.id > bindparam("after"),
        Post.account_id != _viewer_id,
        is_visible(),
        _is_followed_or_own,
    )
    .limit(at_most(NEW_POSTS_LIMIT))
    .subquery()
)
_COUNT_NEW = Prepared(select(func.count()).select_from(_newer_entries))


def home(db: Database, viewer: Viewer, page: Page) -> Slice[Entry]:
    """Return a page of the viewer's home timeline."""
    rows = _older(db, viewer, page) if page.after is None else _newer(db, viewer, page)
    return entries(rows, page)


def count_new(db: Database, viewer: Viewer, after: int) -> int:
    """Count others' posts that came to the timeline after a key; at most NEW_POSTS_LIMIT."""
    rows = db.fetch(_COUNT_NEW, viewer_id=viewer.id, after=after)
    return int(rows[0][0])


def _older(db: Database, viewer: Viewer, page: Page) -> Rows:
    rows = _kept_rows(db, viewer, page)
    if len(rows) > page.limit or not viewer.timeline_floor:
        return rows
    high = min(page.before, viewer.timeline_floor)
    window = _FIRST_WINDOW
    while len(rows) <= page.limit and high > 0:
        low = max(0, high - window)
        rest = Page(page.limit - len(rows), before=high)
        rows += _MERGED.rows(db, rest, low=low, high=high, **_values(viewer))
        high, window = low, window * _WINDOW_GROWTH
    return rows


def _newer(db: Database, viewer: Viewer, page: Page) -> Rows:
    assert page.after is not None
    rows: Rows = []
    low = page.after
    window = _FIRST_WINDOW
    while len(rows) <= page.limit and low < viewer.timeline_floor - 1:
        high = min(viewer.timeline_floor, low + window)
        rest = Page(page.limit - len(rows), after=low)
        rows += _MERGED.rows(db, rest, low=low, high=high, **_values(viewer))
        low, window = high - 1, window * _WINDOW_GROWTH
    if len(rows) > page.limit:
        return rows
    rest = Page(page.limit - len(rows), after=page.after)
    return rows + _kept_rows(db, viewer, rest)


def _kept_rows(db: Database, viewer: Viewer, page: Page) -> Rows:
    rows = _ENTRIES.rows(db, page, **_values(viewer))
    if not viewer.has_pending_follows:
        return rows
    for (author_id,) in db.fetch(_PENDING, viewer_id=viewer.id):
        rows += _OF_PENDING.rows(db, page, author_id=author_id, **_values(viewer))
    return sorted(set(rows), reverse=page.after is None)[: page.limit + 1]


def _values(viewer: Viewer) -> dict[str, int]:
    return {"viewer_id": viewer.id, "floor": viewer.timeline_floor}
