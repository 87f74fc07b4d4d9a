"""What a writer may have missed: nothing here is forbidden, and "Post anyway" is an answer."""

from dataclasses import dataclass

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from microblog.domain import media
from microblog.domain.posts.publishing import Draft
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import MENTIONED, PUBLIC
from microblog.models import Account, Block
from microblog.text.entities import Mention, find

_BLOCKED = (
    select(Account.username)
    .where(
        Account.id.in_(bindparam("named_ids", expanding=True)),
        exists().where(Block.blocker_id == bindparam("viewer_id"), Block.blocked_id == Account.id),
    )
    .order_by(Account.handle)
)


@dataclass(frozen=True)
class Reminder:
    """A code, and the names of the people or the picture that it is about."""

    code: str
    names: tuple[str, ...] = ()
    attachment_id: int | None = None


def remind(session: Session, *, by: Viewer, draft: Draft) -> list[Reminder]:
    """List what the viewer may want to change before a draft is published."""
    found = []
    if attachment_id := _undescribed(session, by, draft):
        found.append(Reminder("no_description", attachment_id=attachment_id))
    if draft.tags and draft.visibility != PUBLIC:
        found.append(Reminder("tags_not_public"))
    if blocked := _blocked(session, by, draft):
        found.append(Reminder("mentions_blocked", blocked))
    if draft.visibility == MENTIONED and (unknown := _unknown(session, draft)):
        found.append(Reminder("mentions_unknown", unknown))
    return found


def _undescribed(session: Session, by: Viewer, draft: Draft) -> int | None:
    """Return the first picture that says nothing to who cannot see it."""
    for picture in media.list_own(session, by=by, attachment_ids=draft.attachment_ids):
        if not draft.descriptions.get(picture.id, picture.description):
            return picture.id
    return None


def _blocked(session: Session, by: Viewer, draft: Draft) -> tuple[str, ...]:
    """Return whom it names although the viewer has blocked them; of who blocks, nothing is said."""
    if not draft.mentions:
        return ()
    return tuple(session.scalars(_BLOCKED, {"viewer_id": by.id, "named_ids": draft.mentions}))


def _unknown(session: Session, draft: Draft) -> tuple[str, ...]:
    """Return the names, as typed, that are nobody's."""
    handles = select(Account.handle).where(Account.id.in_(draft.mentions))
    known = set(session.scalars(handles)) if draft.mentions else set()
    typed = {
        entity.username.lower(): entity.username
        for entity in find(draft.text)
        if isinstance(entity, Mention)
    }
    return tuple(name for handle, name in typed.items() if handle not in known)
