"""A person's own timeline: what they wrote, and what they boosted."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import String, bindparam, cast, exists, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from microblog.db import AnySelect, Database, Prepared, at_most
from microblog.domain.accounts import ACCOUNT_COLUMNS, AccountView, handle_of
from microblog.domain.errors import NotFound
from microblog.domain.pages import Page, Slice, slice_of
from microblog.domain.posts import MOST_PINS
from microblog.domain.relationships import Relationship, relation_to
from microblog.domain.timelines.entries import COUNTERS, Entry, beside, marks_of
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import (
    VIEWER_ID,
    has_profile,
    is_for,
    is_muted,
    is_published,
    is_visible,
    key_of,
)
from microblog.models import Account, Attachment, Boost, Pin, Post


class Shown(StrEnum):
    """What of a person is shown: posts and boosts, answers too, or only posts with pictures."""

    POSTS = "posts"
    REPLIES = "replies"
    MEDIA = "media"


@dataclass(frozen=True, slots=True)
class Profile:
    """A person, how the viewer stands to them, and a page of their posts."""

    account: AccountView
    relationship: Relationship
    posts: Slice[Entry]
    # What they put on top, in the order of the pins, the newest first; on the first page alone.
    pinned: Sequence[Entry] = ()


# A plain string would be put in at each run, which a prepared statement has left behind.
_COMMA: Any = literal_column("','")
_handle = bindparam("handle", type_=Account.handle.type)
_owner = aliased(Account)
_owner_id = select(_owner.id).where(_owner.handle == _handle).scalar_subquery()
_POST_NUMBERS, _PIN_NUMBERS, _BOOST_NUMBERS = 6, 7, 9


def profile(
    db: Database, viewer: Viewer | None, username: str, page: Page, shown: Shown = Shown.POSTS
) -> Profile:
    """Return a person, by name in any case, with a page of their posts. **Raises** NotFound."""
    newer = page.after is not None
    rows = db.fetch(
        _statement(shown, page.limit, newer=newer, is_first=page.is_first),
        handle=handle_of(username),
        viewer_id=key_of(viewer),
        **({"before": page.before} if page.after is None else {"after": page.after}),
    )
    if not rows:
        raise NotFound
    *columns, bits, written, boosted, pins = rows[0]
    account = AccountView.of_columns(*columns)
    is_self = viewer is not None and viewer.id == account.id
    relationship = Relationship.of(bits, is_self=is_self)
    if relationship.is_blocked:
        return Profile(account, relationship, Slice(()))
    posts = [*_written(written, account), *_boosted(boosted, account)]
    # What is packed has no order.
    posts.sort(reverse=not newer)
    pinned = [entry for _, entry in sorted(_pinned(pins, account), reverse=True)]
    return Profile(account, relationship, slice_of(posts[: page.limit + 1], page), pinned)


@lru_cache(maxsize=200)
def _statement(shown: Shown, limit: int, *, newer: bool, is_first: bool) -> Prepared:
    """Return one statement for a person and their posts: one row, the posts in its last columns.

    A page is packed into a string, "id,version,...", because SQLite takes its time for each row and
    each column of it, and nearly all of a wide row would be empty.
    """
    # No more of the gate is needed: without the author's row, or with a block, nothing is shown.
    written = (
        select(Post.id.label("key"), Post.version, marks_of(VIEWER_ID), *COUNTERS)
        .where(Post.account_id == _owner_id, is_published(), is_for(VIEWER_ID))
        .where(*_conditions(shown))
    )
    boosted = (
        select(
            Boost.id.label("key"),
            Post.id,
            Post.version,
            Account.id,
            Account.version,
            marks_of(VIEWER_ID),
            *COUNTERS,
        )
        .select_from(Boost)
        .join(Post, Post.id == Boost.post_id)
        .join(Account, Account.id == Post.account_id)
        .where(Boost.account_id == _owner_id, is_visible(VIEWER_ID))
        # One's own post is there anyway.
        .where(Post.account_id != _owner_id, ~is_muted(VIEWER_ID, Post.account_id))
    )
    pinned = (
        select(Pin.id.label("key"), Post.id, Post.version, marks_of(VIEWER_ID), *COUNTERS)
        .select_from(Pin)
        .join(Post, Post.id == Pin.post_id)
        .where(Pin.account_id == _owner_id, is_published(), is_for(VIEWER_ID))
    )
    boosts: Any = literal_column("NULL")
    pins: Any = literal_column("NULL")
    if shown == Shown.POSTS and is_first:
        pins = _packed(beside(pinned, Pin.id, newer=False), MOST_PINS - 1)
    if shown == Shown.POSTS:
        boosts = _packed(beside(boosted, Boost.id, newer=newer), limit)
    return Prepared(
        select(
            *ACCOUNT_COLUMNS,
            relation_to(VIEWER_ID, Account.id),
            _packed(beside(written, Post.id, newer=newer), limit),
            boosts,
            pins,
        ).where(Account.handle == _handle, has_profile())
    )


def _conditions(shown: Shown) -> list[Any]:
    if shown == Shown.REPLIES:
        return []
    if shown == Shown.MEDIA:
        return [exists().where(Attachment.post_id == Post.id)]
    return [
        or_(Post.reply_to_account_id.is_(None), Post.reply_to_account_id == Post.account_id),
        # They stand on top, and a post is on a page once.
        ~exists().where(Pin.account_id == Post.account_id, Pin.post_id == Post.id),
    ]


def _packed(statement: AnySelect, limit: int) -> Any:
    page = statement.limit(at_most(limit + 1)).subquery()
    joined: Any = None
    for column in page.c:
        number = cast(column, String(20))
        joined = number if joined is None else joined.concat(",").concat(number)
    return select(func.aggregate_strings(joined, _COMMA)).scalar_subquery()


def _written(packed: str | None, author: AccountView) -> list[tuple[int, Entry]]:
    found = []
    for post_id, version, *numbers in _unpacked(packed, _POST_NUMBERS):
        face = (post_id, post_id, version, author.id, author.version)
        found.append((post_id, Entry._make((*face, *numbers, None, None, None))))
    return found


def _pinned(packed: str | None, author: AccountView) -> list[tuple[int, Entry]]:
    unpacked = _unpacked(packed, _PIN_NUMBERS)
    face = (author.id, author.version)
    return [
        (key, Entry._make((post_id, post_id, version, *face, *numbers, None, None, None)))
        for key, post_id, version, *numbers in unpacked
    ]


def _boosted(packed: str | None, booster: AccountView) -> list[tuple[int, Entry]]:
    by = (booster.id, booster.username, booster.name)
    unpacked = _unpacked(packed, _BOOST_NUMBERS)
    return [(numbers[0], Entry._make((*numbers, *by))) for numbers in unpacked]


def _unpacked(packed: str | None, width: int) -> list[tuple[int, ...]]:
    if not packed:
        return []
    numbers = iter(map(int, packed.split(",")))
    return list(zip(*(numbers,) * width, strict=True))
