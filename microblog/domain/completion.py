"""Completion: people and tags by how their names begin, while somebody types."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from microblog.domain.posts import Face
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import has_profile, is_blocked, is_visible
from microblog.models import Account, Follow, Post, PostTag, Tag
from microblog.models.account import USERNAME_LENGTH
from microblog.text.entities import MAX_TAG, canonical_tag

LIMIT = 8
# Only so many of those one follows, the newest, are known by their display names, too.
_FOLLOWED = 1_000
# Only tags among so many newest uses are known.
_USES = 2_000
# No name that begins alike comes after it, however a database sorts letters, digits and "_".
_LAST = "z" * (USERNAME_LENGTH + 1)

_FACE = (Account.id, Account.username, Account.display_name, Account.avatar, Account.version)


def complete_person(session: Session, *, by: Viewer, typed: str) -> list[Face]:
    """Return people whose names begin with what was typed, without its @; one's own is known.

    **Shape** LIMIT at most. Those whom the viewer follows come first, also by a word of their
    display name; the others in the order of their handles.
    """
    if not typed or len(typed) > USERNAME_LENGTH or not typed.isprintable():
        return []
    wanted = typed.casefold()
    found = _among_followed(session, by, wanted)
    if len(found) < LIMIT and wanted.isascii():
        found += _by_handle(session, by, wanted, {face.id for face in found})
    return found[:LIMIT]


def complete_tag(session: Session, *, by: Viewer, typed: str) -> list[str]:
    """Return tags that begin with what was typed, without its #, the last used first.

    **Shape** LIMIT at most, canonical names.
    """
    prefix = canonical_tag(typed)
    if not prefix or len(typed) > MAX_TAG:
        return []
    used = (
        select(PostTag.tag_id, PostTag.post_id)
        .order_by(PostTag.post_id.desc())
        .limit(_USES)
        .subquery()
    )
    return list(
        session.scalars(
            select(Tag.name)
            .join(used, used.c.tag_id == Tag.id)
            .join(Post, Post.id == used.c.post_id)
            .join(Account, Account.id == Post.account_id)
            .where(Tag.name.startswith(prefix, autoescape=True), is_visible(by.id))
            .group_by(Tag.name)
            .order_by(func.max(used.c.post_id).desc())
            .limit(LIMIT)
        )
    )


def _among_followed(session: Session, by: Viewer, wanted: str) -> list[Face]:
    # Databases disagree on what case is, so names are compared here.
    rows = session.execute(
        select(*_FACE)
        .join(Follow, Follow.followed_id == Account.id)
        .where(Follow.follower_id == by.id, has_profile(), ~is_blocked(by.id, Account.id))
        .order_by(Follow.id.desc())
        .limit(_FOLLOWED)
    )
    found = [row for row in rows if _begins(row.username, row.display_name, wanted)]
    # Who is called so comes before who only begins so.
    found.sort(key=lambda row: row.username.lower() != wanted)
    return _faces(found[:LIMIT])


def _begins(username: str, display_name: str, wanted: str) -> bool:
    name = display_name.casefold()
    words = (name, *name.split())
    return username.lower().startswith(wanted) or any(w.startswith(wanted) for w in words)


def _by_handle(session: Session, by: Viewer, wanted: str, known: set[int]) -> list[Face]:
    return _faces(
        session.execute(
            select(*_FACE)
            # A range is read from the index by every database; what begins alike is in it.
            .where(Account.handle >= wanted, Account.handle <= wanted + _LAST)
            .where(Account.handle.startswith(wanted, autoescape=True), Account.id != by.id)
            .where(Account.id.not_in(known), has_profile(), ~is_blocked(by.id, Account.id))
            .order_by(Account.handle)
            .limit(LIMIT)
        )
    )


def _faces(rows: Iterable[Any]) -> list[Face]:
    return [
        Face(id_, username, display_name or username, avatar, version)
        for id_, username, display_name, avatar, version in rows
    ]
