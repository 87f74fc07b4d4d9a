"""How a post was before: versions that others took the place of, and what changed between them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from sqlalchemy import select
from sqlalchemy.orm import Session

from microblog import ids
from microblog.domain.posts.reading import PostView, get_view
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import FOLLOWERS, FOR_EVERYBODY, key_of
from microblog.models import Attachment, Follow, Post, PostEdit, PostMention
from microblog.text.differences import Part, differences

MOST_VERSIONS = 50  # Of a post, the one that it is now among them.


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a post, compared with the one before it; the first one has nothing added.

    `descriptions` are those of its pictures, in their order.
    """

    written_at: datetime
    text: Sequence[Part]
    warning: Sequence[Part]
    descriptions: Sequence[Sequence[Part]]


@dataclass(frozen=True, slots=True)
class History:
    """A post, and its versions, the newest first."""

    post: PostView
    versions: Sequence[Version]


def get_history(session: Session, viewer: Viewer | None, post_id: int) -> History:
    """Return the versions of a post that the viewer may see. **Raises** NotFound.

    They go back as far as every version was for the viewer: whom a post was not for then may not
    read it as it was then.
    """
    post = get_view(session, viewer, post_id)
    kept = session.scalars(
        select(PostEdit).where(PostEdit.post_id == post_id).order_by(PostEdit.id.desc())
    ).all()
    written = [_Written.now(post, describe(session, post_id))]
    written += map(_Written.before, takewhile(_was_for(session, viewer, post), kept))
    older = [*written[1:], written[-1]]
    return History(post, [_compare(*pair) for pair in zip(older, written, strict=True)])


def keep_version(session: Session, post: Post, descriptions: Sequence[str]) -> None:
    """Keep how a post is before it is changed; one of the oldest but the first makes room."""
    edits = session.scalars(
        select(PostEdit.id).where(PostEdit.post_id == post.id).order_by(PostEdit.id)
    ).all()
    if len(edits) >= MOST_VERSIONS - 1:
        session.delete(session.get_one(PostEdit, edits[1]))
    session.add(
        PostEdit(
            id=ids.new(),
            post_id=post.id,
            written_at=post.edited_at or post.created_at,
            visibility=post.visibility,
            named=json.dumps(_list_named(session, post.id)),
            warning=post.warning,
            text=post.text,
            descriptions=json.dumps(list(descriptions)),
        )
    )


def describe(session: Session, post_id: int) -> list[str]:
    """Return what is said about the pictures of a post, in their order."""
    return list(
        session.scalars(
            select(Attachment.description)
            .where(Attachment.post_id == post_id)
            .order_by(Attachment.position)
        )
    )


@dataclass(frozen=True, slots=True)
class _Written:
    written_at: datetime
    text: str
    warning: str
    descriptions: Sequence[str]

    @classmethod
    def now(cls, post: PostView, descriptions: Sequence[str]) -> "_Written":
        return cls(post.edited_at or post.created_at, post.text, post.warning, descriptions)

    @classmethod
    def before(cls, edit: PostEdit) -> "_Written":
        return cls(edit.written_at, edit.text, edit.warning, json.loads(edit.descriptions))


def _was_for(session: Session, viewer: Viewer | None, post: PostView) -> Callable[[PostEdit], bool]:
    """Return a function that tells whether a version was for the viewer, among others."""
    reader_id = key_of(viewer)
    is_author = reader_id == post.author.id
    is_follower = session.get(Follow, (reader_id, post.author.id)) is not None

    def tell(edit: PostEdit) -> bool:
        if is_author or edit.visibility in FOR_EVERYBODY or reader_id in json.loads(edit.named):
            return True
        return is_follower and edit.visibility == FOLLOWERS

    return tell


def _list_named(session: Session, post_id: int) -> list[int]:
    return list(
        session.scalars(select(PostMention.account_id).where(PostMention.post_id == post_id))
    )


def _compare(older: _Written, newer: _Written) -> Version:
    most = max(len(older.descriptions), len(newer.descriptions))
    described = (
        [*each.descriptions, *[""] * (most - len(each.descriptions))] for each in (older, newer)
    )
    return Version(
        newer.written_at,
        differences(older.text, newer.text),
        differences(older.warning, newer.warning),
        [differences(*pair) for pair in zip(*described, strict=True)],
    )
