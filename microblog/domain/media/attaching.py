"""Attaching pictures to what is written."""

from collections.abc import Mapping, Sequence

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from microblog.domain.errors import Invalid
from microblog.domain.media.releasing import release_rows
from microblog.domain.typed import typed_text
from microblog.domain.viewer import Viewer
from microblog.models import Attachment

MAX_PICTURES = 4
DESCRIPTION_LIMIT = 1500  # Graphemes, a link as 23.
# The field of a form that a description is typed into, with the id of its picture.
_FIELD = "description-{id}"


def check(
    attachment_ids: Sequence[int], descriptions: Mapping[int, str] | None = None
) -> tuple[tuple[int, ...], dict[int, str]]:
    """Return the pictures, each once, and what is said about them, cleaned. **Raises** Invalid."""
    once = tuple(dict.fromkeys(attachment_ids))
    if len(once) > MAX_PICTURES:
        raise Invalid("pictures", "pictures_many", maximum=MAX_PICTURES)
    said = descriptions or {}
    return once, {id_: described(id_, said[id_]) for id_ in once if id_ in said}


def described(attachment_id: int, description: str) -> str:
    """Clean and check what is said about a picture. **Raises** Invalid."""
    return typed_text(description, _FIELD.format(id=attachment_id), DESCRIPTION_LIMIT)


def attach(
    session: Session,
    post_id: int,
    *,
    by: Viewer,
    attachment_ids: Sequence[int],
    descriptions: Mapping[int, str] | None = None,
) -> None:
    """Attach the viewer's pictures to their post, in this order.

    **Raises** Invalid when one is somebody else's, in another post, or gone.
    """
    wanted, said = check(attachment_ids, descriptions)
    found = _own(session, by, wanted, post_id)
    if len(found) < len(wanted):
        raise Invalid("pictures", "picture_gone")
    for position, attachment in enumerate(found):
        attachment.post_id, attachment.draft_id = post_id, None
        attachment.position = position
        attachment.description = said.get(attachment.id, attachment.description)
    session.flush()


def replace(
    session: Session,
    post_id: int,
    *,
    by: Viewer,
    attachment_ids: Sequence[int],
    descriptions: Mapping[int, str] | None = None,
) -> bool:
    """Make these the pictures of the viewer's post, whose row is locked; tell whether any changed.

    Its own pictures stay where their ids are given; those that are left out are deleted.
    **Raises** Invalid.
    """
    wanted, _said = check(attachment_ids)
    before = _pictures(session, post_id)
    attach(session, post_id, by=by, attachment_ids=wanted, descriptions=descriptions)
    gone = [id_ for id_, _ in before if id_ not in wanted]
    if gone:
        release_rows(session, Attachment.id.in_(gone))
    return _pictures(session, post_id) != before


def keep_with_draft(
    session: Session,
    draft_id: int,
    *,
    by: Viewer,
    attachment_ids: Sequence[int],
    descriptions: Mapping[int, str] | None = None,
) -> None:
    """Make these the pictures of the viewer's draft; what is gone or attached is left out."""
    wanted, said = check(attachment_ids, descriptions)
    session.execute(update(Attachment).where(Attachment.draft_id == draft_id).values(draft_id=None))
    for position, attachment in enumerate(_own(session, by, wanted)):
        attachment.draft_id = draft_id
        attachment.position = position
        attachment.description = said.get(attachment.id, attachment.description)


def move_to_draft(session: Session, post_id: int, draft_id: int) -> None:
    """Make the pictures of a post, which is about to be deleted, those of a draft."""
    session.execute(
        update(Attachment)
        .where(Attachment.post_id == post_id)
        .values(post_id=None, draft_id=draft_id)
    )


def _own(
    session: Session, by: Viewer, wanted: Sequence[int], post_id: int | None = None
) -> list[Attachment]:
    """Return the viewer's pictures that are in no other post, locked, in the order wanted."""
    if not wanted:
        return []
    is_free = Attachment.post_id.is_(None)
    rows = session.scalars(
        select(Attachment)
        .where(
            Attachment.id.in_(wanted),
            Attachment.account_id == by.id,
            is_free if post_id is None else or_(is_free, Attachment.post_id == post_id),
        )
        .with_for_update()
    )
    return sorted(rows, key=lambda attachment: wanted.index(attachment.id))


def _pictures(session: Session, post_id: int) -> list[tuple[int, str]]:
    rows = session.execute(
        select(Attachment.id, Attachment.description)
        .where(Attachment.post_id == post_id)
        .order_by(Attachment.position)
    )
    return [(id_, description) for id_, description in rows]
