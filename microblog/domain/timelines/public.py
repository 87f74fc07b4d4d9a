"""The timelines anybody may read: explore, a tag's, a person's, and a single post."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    String,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from microblog.db import Database, Id, Prepared, at_most
from microblog.domain.accounts import ACCOUNT_COLUMNS, AccountView, handle_of
from microblog.domain.errors import NotFound
from microblog.domain.pages import Page, Slice, slice_of
from microblog.domain.relationships import Relationship
from microblog.domain.timelines.entries import Entry, Timeline, beside, entries, entry_columns
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import PUBLIC, has_profile, is_published, is_visible
from microblog.models import Account, Follow, Post, PostTag, Tag


@dataclass(frozen=True, slots=True)
class Profile:
    """A person, how the viewer stands to them, and a page of their posts."""

    account: AccountView
    relationship: Relationship
    posts: Slice[Entry]


_EXPLORE = Timeline(
    entry_columns(Post.id)
    .join(Account, Account.id == Post.account_id)
    .where(Post.visibility == PUBLIC, is_visible()),
    Post.id,
)
_TAGGED = Timeline(
    entry_columns(PostTag.post_id)
    .select_from(PostTag)
    .join(Post, Post.id == PostTag.post_id)
    .join(Account, Account.id == Post.account_id)
    .where(
        PostTag.tag_id == select(Tag.id).where(Tag.name == bindparam("name")).scalar_subquery(),
        is_visible(),
    ),
    PostTag.post_id,
)
_PERMALINK = Prepared(
    entry_columns(Post.id)
    .add_columns(Account.username)
    .join(Account, Account.id == Post.account_id)
    .where(Post.id == bindparam("post_id"), is_visible())
)

# A plain string would be put in at each run, which a prepared statement has left behind.
_COMMA: Any = literal_column("','")
_handle = bindparam("handle", type_=Account.handle.type)
_owner = aliased(Account)
_owner_id = select(_owner.id).where(_owner.handle == _handle).scalar_subquery()


def explore(db: Database, viewer: Viewer | None, page: Page) -> Slice[Entry]:
    """Return public posts of everybody, in the languages that the viewer reads."""
    if viewer is None or not viewer.post_languages:
        return entries(_EXPLORE.rows(db, page), page)
    languages = viewer.post_languages.split(",")
    statement = _in_languages(len(languages), page.limit, newer=page.after is not None)
    values = {f"language_{number}": language for number, language in enumerate(languages)}
    key = {"before": page.before} if page.after is None else {"after": page.after}
    return entries(db.fetch(statement, **key, **values), page)


def tagged(db: Database, name: str, page: Page) -> Slice[Entry]:
    """Return posts under a tag, by its canonical name."""
    return entries(_TAGGED.rows(db, page, name=name), page)


def permalink(db: Database, username: str, post_id: int) -> Entry:
    """Return one post of a person, whose name may be given in any case. **Raises** NotFound."""
    rows = db.fetch(_PERMALINK, post_id=post_id)
    if not rows or rows[0][-1].lower() != username.lower():
        raise NotFound
    return Entry(*rows[0][:-1])


@lru_cache(maxsize=200)
def _in_languages(count: int, limit: int, *, newer: bool) -> Prepared:
    """Return one statement for the posts in so many languages, and in none that is known.

    Each language is a range of the index that is read as far as the page goes, so a page costs the
    same however little is written in one of them.
    """
    wanted: list[Any] = [Post.language == bindparam(f"language_{i}") for i in range(count)]
    ranges = [
        beside(
            entry_columns(Post.id)
            .join(Account, Account.id == Post.account_id)
            .where(Post.visibility == PUBLIC, is_in_language, is_visible()),
            Post.id,
            newer=newer,
        )
        .limit(at_most(limit + 1))
        .subquery()
        for is_in_language in [*wanted, Post.language.is_(None)]
    ]
    merged = union_all(*(select(each) for each in ranges)).subquery()
    order = merged.c.key.asc() if newer else merged.c.key.desc()
    return Prepared(select(merged).order_by(order).limit(at_most(limit + 1)))


@lru_cache(maxsize=200)
def _profile_statement(limit: int, *, newer: bool) -> Prepared:
    """Return one statement for a person and their posts: one row, the posts in its last column.

    The page is packed into a string, "id,version,id,version", because SQLite takes its time
    for each row and each column of it, and nearly all of a wide row would be empty.
    """
    viewer_id = bindparam("viewer_id", type_=Id)
    # No more of the gate is needed: without the author's row, there is no answer.
    written = select(Post.id, Post.version).where(Post.account_id == _owner_id, is_published())
    page = beside(written, Post.id, newer=newer).limit(at_most(limit + 1)).subquery()
    packed = cast(page.c.id, String(20)).concat(",").concat(cast(page.c.version, String(20)))
    return Prepared(
        select(
            *ACCOUNT_COLUMNS,
            exists().where(Follow.follower_id == viewer_id, Follow.followed_id == Account.id),
            exists().where(Follow.follower_id == Account.id, Follow.followed_id == viewer_id),
            select(func.aggregate_strings(packed, _COMMA)).scalar_subquery(),
        ).where(Account.handle == _handle, has_profile())
    )


def profile(db: Database, viewer: Viewer | None, username: str, page: Page) -> Profile:
    """Return a person, by name in any case, with a page of their posts. **Raises** NotFound."""
    rows = db.fetch(
        _profile_statement(page.limit, newer=page.after is not None),
        handle=handle_of(username),
        viewer_id=viewer.id if viewer else 0,
        **({"before": page.before} if page.after is None else {"after": page.after}),
    )
    if not rows:
        raise NotFound
    *columns, following, follows_you, packed = rows[0]
    account = AccountView.of_columns(*columns)
    posts = _unpacked(packed, account)
    # What is packed has no order.
    posts.sort(reverse=page.after is None)
    is_self = viewer is not None and viewer.id == account.id
    relationship = Relationship(is_self, bool(following), bool(follows_you))
    return Profile(account, relationship, slice_of(posts, page))


def _unpacked(packed: str | None, author: AccountView) -> list[tuple[int, Entry]]:
    if not packed:
        return []
    numbers = list(map(int, packed.split(",")))
    author_id, author_version = author.id, author.version
    return [
        (post_id, Entry(post_id, post_id, version, author_id, author_version))
        for post_id, version in zip(numbers[::2], numbers[1::2], strict=True)
    ]
