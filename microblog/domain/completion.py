"""Completion: people and tags by how their names begin, while somebody types."""

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from microblog.domain.posts import Face
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import VIEWER_ID, has_profile, is_blocked, is_visible
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


# Made once: putting them together takes longer than asking them.
_is_known = and_(has_profile(), ~is_blocked(VIEWER_ID, Account.id))
_FOLLOWED_PEOPLE = (
    select(*_FACE)
    .join(Follow, Follow.followed_id == Account.id)
    .where(Follow.follower_id == VIEWER_ID, _is_known)
    .order_by(Follow.id.desc())
    .limit(_FOLLOWED)
)
_PEOPLE = (
    select(*_FACE)
    # A range is read from the index by every database; what begins alike is in it.
    .where(Account.handle >= bindparam("first"), Account.handle <= bindparam("last"))
    .where(Account.handle.like(bindparam("beginning"), escape="/"), Account.id != VIEWER_ID)
    .where(Account.id.not_in(bindparam("known", expanding=True)), _is_known)
    .order_by(Account.handle)
    .limit(LIMIT)
)
_used = (
    select(PostTag.tag_id, PostTag.post_id).order_by(PostTag.post_id.desc()).limit(_USES).subquery()
)
_TAGS = (
    select(Tag.name)
    .join(_used, _used.c.tag_id == Tag.id)
    .join(Post, Post.id == _used.c.post_id)
    .join(Account, Account.id == Post.account_id)
    .where(Tag.name.like(bindparam("beginning"), escape="/"), is_visible(VIEWER_ID))
    .group_by(Tag.name)
    .order_by(func.max(_used.c.post_id).desc())
    .limit(LIMIT)
)


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
    values = {"viewer_id": by.id, "beginning": _beginning(prefix)}
    return list(session.scalars(_TAGS, values))


def _among_followed(session: Session, by: Viewer, wanted: str) -> list[Face]:
    # Databases disagree on what case is, so names are compared here.
    rows = session.execute(_FOLLOWED_PEOPLE, {"viewer_id": by.id})
    found = [row for row in rows if _begins(row.username, row.display_name, wanted)]
    # Who is called so comes before who only begins so.
    found.sort(key=lambda row: row.username.lower() != wanted)
    return _faces(found[:LIMIT])


def _begins(username: str, display_name: str, wanted: str) -> bool:
    name = display_name.casefold()
    words = (name, *name.split())
    return username.lower().startswith(wanted) or any(w.startswith(wanted) for w in words)


def _by_handle(session: Session, by: Viewer, wanted: str, known: set[int]) -> list[Face]:
    values = {
        "viewer_id": by.id,
        "first": wanted,
        "last": wanted + _LAST,
        "beginning": _beginning(wanted),
        "known": [*known],
    }
    return _faces(session.execute(_PEOPLE, values))


def _beginning(typed: str) -> str:
    """Return the pattern of what begins so, for LIKE."""
    return re.sub("([%_/])", r"/\1", typed) + "%"


def _faces(rows: Iterable[Any]) -> list[Face]:
    return [
        Face(id_, username, display_name or username, avatar, version)
        for id_, username, display_name, avatar, version in rows
    ]
