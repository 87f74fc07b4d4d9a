"""The home timeline: one's own posts, and what the people one follows write and boost.

An answer is there when one follows whom it answers, too, or is the one who is answered.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from microblog import ids
from microblog.db import AnySelect, Database, Id, Prepared, at_most
from microblog.domain.pages import Page, Slice
from microblog.domain.timelines.entries import Entry, Timeline, entries, entry_columns
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import VIEWER_ID, is_muted, is_visible
from microblog.models import Account, Boost, Follow, Post, TimelineEntry

NEW_POSTS_LIMIT = 40
# Follows that the worker has not brought in yet are merged at read, the newest of them.
_PENDING_LIMIT = 5
# Merged pages look through ever longer stretches of time, so that no query is unbounded.
_FIRST_WINDOW = ids.distance(timedelta(days=1))
_WINDOW_GROWTH = 4

Rows = list[tuple[Any, ...]]

_booster = aliased(Account)
_BOOSTER = (_booster.id, _booster.username, _booster.display_name)


def _follows(person_id: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        Follow.follower_id == VIEWER_ID, Follow.followed_id == person_id, *conditions
    )


# Joined at read: what was deleted, taken back or hidden, and whoever was unfollowed, blocked or
# muted is gone before the worker comes by.
_is_own = Post.account_id == VIEWER_ID
_is_for_here = or_(
    Post.reply_to_account_id.is_(None),
    Post.reply_to_account_id == Post.account_id,
    Post.reply_to_account_id == VIEWER_ID,
    _is_own,
    _follows(Post.reply_to_account_id),
)
_is_of_authors = and_(or_(_is_own, _follows(Post.account_id)), _is_for_here)
_has_booster = and_(
    _booster.id == Boost.account_id,
    _booster.suspended_at.is_(None),
    _follows(Boost.account_id, Follow.shows_boosts == true()),
    ~is_muted(VIEWER_ID, Boost.account_id),
)
_is_wanted = and_(is_visible(VIEWER_ID), ~is_muted(VIEWER_ID, Post.account_id))


def _kept_entries(statement: AnySelect) -> AnySelect:
    """Join a statement about timeline entries with all that tells whether they are still shown."""
    return (
        statement.select_from(TimelineEntry)
        .join(Post, Post.id == TimelineEntry.post_id)
        .join(Account, Account.id == Post.account_id)
        .outerjoin(Boost, Boost.id == TimelineEntry.boost_id)
        .outerjoin(_booster, _has_booster)
        .where(
            TimelineEntry.account_id == VIEWER_ID,
            or_(TimelineEntry.is_held_back == false(), TimelineEntry.boost_id.is_not(None)),
            _is_wanted,
            or_(_is_of_authors, _booster.id.is_not(None)),
        )
    )


_ENTRIES = Timeline(
    _kept_entries(entry_columns(TimelineEntry.id).add_columns(*_BOOSTER)).where(
        TimelineEntry.id >= bindparam("floor")
    ),
    TimelineEntry.id,
)
_kept = aliased(TimelineEntry)
_is_not_kept = ~exists().where(
    _kept.account_id == VIEWER_ID, _kept.post_id == Post.id, _kept.id >= bindparam("floor")
)
_PENDING = Prepared(
    select(Follow.followed_id)
    .where(Follow.follower_id == VIEWER_ID, Follow.is_backfilled == false())
    .order_by(Follow.id.desc())
    .limit(at_most(_PENDING_LIMIT))
)
# Of what several boost, or somebody boosts whose author one follows, one place is shown.
_other, _other_follow = aliased(Boost), aliased(Follow)
_is_first_seen_here = and_(
    ~_is_of_authors,
    ~exists().where(
        _other.post_id == Boost.post_id,
        _other.id < Boost.id,
        _other_follow.follower_id == VIEWER_ID,
        _other_follow.followed_id == _other.account_id,
        _other_follow.shows_boosts == true(),
    ),
)


def _posts_of(statement: AnySelect) -> AnySelect:
    return statement.join(Account, Account.id == Post.account_id).where(
        _is_wanted, _is_for_here, _is_not_kept
    )


def _boosts_of(statement: AnySelect) -> AnySelect:
    return (
        statement.join(Post, Post.id == Boost.post_id)
        .join(Account, Account.id == Post.account_id)
        .join(_booster, _has_booster)
        .where(_is_wanted, _is_first_seen_here, _is_not_kept)
    )


_author_id: BindParameter[int] = bindparam("author_id", type_=Id)
_OF_PENDING = (
    Timeline(
        _posts_of(
            entry_columns(Post.id)
            .select_from(Post)
            .where(Post.account_id == _author_id, Post.id >= bindparam("floor"))
        ),
        Post.id,
    ),
    Timeline(
        _boosts_of(
            entry_columns(Boost.id)
            .add_columns(*_BOOSTER)
            .select_from(Boost)
            .where(Boost.account_id == _author_id, Boost.id >= bindparam("floor"))
        ),
        Boost.id,
    ),
)
# The authors come first, so that their posts are found by (account_id, id): going through
# everybody's takes long for a reader whose few authors write little.
_authors = union_all(
    select(Follow.followed_id.label("id")).where(Follow.follower_id == VIEWER_ID),
    select(VIEWER_ID.label("id")),
).subquery("authors")
_MERGED = (
    Timeline(
        _posts_of(
            entry_columns(Post.id)
            .select_from(_authors)
            .join(Post, Post.account_id == _authors.c.id)
            .where(Post.id >= bindparam("low"), Post.id < bindparam("high"))
        ),
        Post.id,
    ),
    Timeline(
        _boosts_of(
            entry_columns(Boost.id)
            .add_columns(*_BOOSTER)
            .select_from(_authors)
            .join(Boost, Boost.account_id == _authors.c.id)
            .where(Boost.id >= bindparam("low"), Boost.id < bindparam("high"))
        ),
        Boost.id,
    ),
)
_newer_entries = (
    _kept_entries(select(TimelineEntry.id))
    .where(TimelineEntry.id > bindparam("after"), Post.account_id != VIEWER_ID)
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
        rows += _merged_rows(db, viewer, rest, low, high)
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
        rows += _merged_rows(db, viewer, rest, low, high)
        low, window = high - 1, window * _WINDOW_GROWTH
    if len(rows) > page.limit:
        return rows
    rest = Page(page.limit - len(rows), after=page.after)
    return rows + _kept_rows(db, viewer, rest)


def _merged_rows(db: Database, viewer: Viewer, page: Page, low: int, high: int) -> Rows:
    rows: Rows = []
    for timeline in _MERGED:
        rows += timeline.rows(db, page, low=low, high=high, **_values(viewer))
    return _in_order(rows, page)


def _kept_rows(db: Database, viewer: Viewer, page: Page) -> Rows:
    rows = _ENTRIES.rows(db, page, **_values(viewer))
    if not viewer.has_pending_follows:
        return rows
    for (author_id,) in db.fetch(_PENDING, viewer_id=viewer.id):
        for timeline in _OF_PENDING:
            rows += timeline.rows(db, page, author_id=author_id, **_values(viewer))
    return _in_order(rows, page)


def _in_order(rows: Rows, page: Page) -> Rows:
    by_key = {row[0]: row for row in rows}
    return [by_key[key] for key in sorted(by_key, reverse=page.after is None)][: page.limit + 1]


def _values(viewer: Viewer) -> dict[str, int]:
    return {"viewer_id": viewer.id, "floor": viewer.timeline_floor}
