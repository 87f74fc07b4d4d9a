"""The timelines anybody may read: explore, a tag's, and a single post."""

from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, or_, select, union_all

from microblog.db import Database, Prepared, at_most
from microblog.domain.errors import NotFound
from microblog.domain.pages import Page, Slice
from microblog.domain.timelines.entries import Entry, Timeline, beside, entries, entry_columns
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import PUBLIC, VIEWER_ID, is_muted, is_visible, key_of
from microblog.models import Account, Post, PostTag, Tag

_is_wanted = is_visible(VIEWER_ID) & ~is_muted(VIEWER_ID, Post.account_id)
# An answer is for who reads the conversation; going on with one's own post is none.
_is_no_answer = or_(Post.reply_to_account_id.is_(None), Post.reply_to_account_id == Post.account_id)

_EXPLORE = Timeline(
    entry_columns(Post.id)
    .join(Account, Account.id == Post.account_id)
    .where(Post.visibility == PUBLIC, _is_no_answer, _is_wanted),
    Post.id,
)
_TAGGED = Timeline(
    entry_columns(PostTag.post_id)
    .select_from(PostTag)
    .join(Post, Post.id == PostTag.post_id)
    .join(Account, Account.id == Post.account_id)
    .where(
        PostTag.tag_id == select(Tag.id).where(Tag.name == bindparam("name")).scalar_subquery(),
        _is_wanted,
    ),
    PostTag.post_id,
)
_ONE = Prepared(
    entry_columns(Post.id)
    .join(Account, Account.id == Post.account_id)
    .where(Post.id == bindparam("post_id"), is_visible(VIEWER_ID))
)


def explore(db: Database, viewer: Viewer | None, page: Page) -> Slice[Entry]:
    """Return public posts of everybody, in the languages that the viewer reads."""
    viewer_id = key_of(viewer)
    if viewer is None or not viewer.post_languages:
        return entries(_EXPLORE.rows(db, page, viewer_id=viewer_id), page)
    languages = viewer.post_languages.split(",")
    statement = _in_languages(len(languages), page.limit, newer=page.after is not None)
    values = {f"language_{number}": language for number, language in enumerate(languages)}
    key = {"before": page.before} if page.after is None else {"after": page.after}
    return entries(db.fetch(statement, viewer_id=viewer_id, **key, **values), page)


def tagged(db: Database, viewer: Viewer | None, name: str, page: Page) -> Slice[Entry]:
    """Return posts under a tag, by its canonical name."""
    return entries(_TAGGED.rows(db, page, name=name, viewer_id=key_of(viewer)), page)


def entry_of(db: Database, viewer: Viewer | None, post_id: int) -> Entry:
    """Return one post as its card shows it. **Raises** NotFound."""
    rows = db.fetch(_ONE, post_id=post_id, viewer_id=key_of(viewer))
    if not rows:
        raise NotFound
    return Entry(*rows[0])


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
            .where(Post.visibility == PUBLIC, is_in_language, _is_no_answer, _is_wanted),
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
