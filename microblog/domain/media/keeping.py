"""Keeping what somebody uploaded, until it is attached to a post."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from microblog import clock, ids
from microblog.domain import counters
from microblog.domain.errors import NotFound
from microblog.domain.media.attaching import described
from microblog.domain.media.releasing import release_rows
from microblog.domain.viewer import Viewer
from microblog.models import Attachment

# Of one person, those that are in no post and in no draft; of more, the oldest go.
MAX_WAITING = 20
WAITING_LIFETIME = timedelta(days=1)
_IS_WAITING = and_(Attachment.post_id.is_(None), Attachment.draft_id.is_(None))


@dataclass(frozen=True)
class Upload:
    """A picture that was made and stored."""

    file: str
    width: int
    height: int
    preview: str
    preview_width: int
    preview_height: int


def add(session: Session, *, by: Viewer, upload: Upload, description: str = "") -> int:
    """Keep an upload of the viewer; return its id. **Raises** Invalid for a long description."""
    attachment_id = ids.new()
    text = described(attachment_id, description)
    # Several at the same moment take turns, so that no more are kept than may be.
    counters.lock(session, [by.id])
    session.add(
        Attachment(
            id=attachment_id,
            account_id=by.id,
            file=upload.file,
            width=upload.width,
            height=upload.height,
            preview=upload.preview,
            preview_width=upload.preview_width,
            preview_height=upload.preview_height,
            description=text,
            created_at=clock.now(),
        )
    )
    session.flush()
    waiting = session.scalars(
        select(Attachment.id)
        .where(Attachment.account_id == by.id, _IS_WAITING)
        .order_by(Attachment.id)
    ).all()
    if too_many := waiting[:-MAX_WAITING]:
        release_rows(session, Attachment.id.in_(too_many))
    return attachment_id


def describe(session: Session, *, by: Viewer, attachment_id: int, description: str) -> None:
    """Say what a picture shows that is in no post yet. **Raises** NotFound, Invalid.

    In a post it is changed by editing that.
    """
    text = described(attachment_id, description)
    attachment = session.scalar(
        select(Attachment).where(_is_own(by, attachment_id)).with_for_update()
    )
    if attachment is None:
        raise NotFound
    attachment.description = text


def remove(session: Session, *, by: Viewer, attachment_id: int) -> bool:
    """Delete a picture of the viewer that is in no post; False when there is none."""
    return release_rows(session, _is_own(by, attachment_id)) > 0


def forget_waiting(session: Session) -> bool:
    """Delete what was uploaded a day ago and is in no post; tell whether there may be more."""
    old = Attachment.id < ids.at(clock.now() - WAITING_LIFETIME)
    return release_rows(session, and_(_IS_WAITING, old)) > 0


def _is_own(by: Viewer, attachment_id: int) -> ColumnElement[bool]:
    return and_(
        Attachment.id == attachment_id,
        Attachment.account_id == by.id,
        Attachment.post_id.is_(None),
    )
