"""Pictures as readers see them, and who may see a file."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from microblog.db import Database, Prepared
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import FOR_EVERYBODY, VIEWER_ID, is_visible, key_of
from microblog.models import Account, Attachment, Post


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and a small one of it, each a file with its size in pixels."""

    id: int
    file: str
    width: int
    height: int
    preview: str
    preview_width: int
    preview_height: int
    description: str


class Audience(StrEnum):
    """For whom a file is."""

    EVERYBODY = "everybody"
    SOME = "some"


# What a picture is made of, in the order of its fields.
PICTURE_COLUMNS = (
    Attachment.id,
    Attachment.file,
    Attachment.width,
    Attachment.height,
    Attachment.preview,
    Attachment.preview_width,
    Attachment.preview_height,
    Attachment.description,
)
_file = bindparam("file", type_=Attachment.file.type)
AUDIENCE = Prepared(
    select(Post.visibility)
    .select_from(Attachment)
    .outerjoin(Post, Post.id == Attachment.post_id)
    .outerjoin(Account, Account.id == Post.account_id)
    .where(
        or_(Attachment.file == _file, Attachment.preview == _file),
        or_(
            # What is in no post yet is for nobody else.
            and_(Attachment.post_id.is_(None), Attachment.account_id == VIEWER_ID),
            and_(Attachment.post_id.is_not(None), is_visible(VIEWER_ID)),
        ),
    )
)


def list_own(
    session: Session, *, by: Viewer, attachment_ids: Collection[int], post_id: int | None = None
) -> list[Picture]:
    """Return those of the pictures that the viewer may attach, in the order of their ids here.

    With a post, one that is edited, its own pictures are among them.
    """
    if not attachment_ids:
        return []
    is_free: Any = Attachment.post_id.is_(None)
    if post_id is not None:
        is_free = or_(is_free, Attachment.post_id == post_id)
    rows = session.execute(
        select(*PICTURE_COLUMNS).where(
            Attachment.id.in_(attachment_ids), Attachment.account_id == by.id, is_free
        )
    )
    found = {columns[0]: Picture(*columns) for columns in rows}
    return [found[id_] for id_ in dict.fromkeys(attachment_ids) if id_ in found]


def find_audience(db: Database, viewer: Viewer | None, file: str) -> Audience | None:
    """Tell for whom a file of a post is; None when the viewer is none of them, or there is none."""
    rows = db.fetch(AUDIENCE, file=file, viewer_id=key_of(viewer))
    if not rows:
        return None
    return Audience.EVERYBODY if rows[0][0] in FOR_EVERYBODY else Audience.SOME
