"""Drafts: what somebody has begun to write, kept for them until it is a post or they delete it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from microblog import clock, ids
from microblog.domain import counters, media, posts
from microblog.domain.errors import Invalid, NotFound
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import VISIBILITIES
from microblog.models import Attachment, SavedDraft
from microblog.models.post import WARNING_LENGTH
from microblog.text.count import MAX_CODE_POINTS
from microblog.text.languages import DETECTABLE

MAX_DRAFTS = 50


@dataclass(frozen=True)
class Unfinished:
    """What is in the composer, as it was typed. `key` is that of the form.

    `descriptions` are what is said of pictures in it; what is not there stays as it is kept.
    """

    key: str
    text: str
    warning: str
    visibility: str
    language: str | None = None
    reply_to_id: int | None = None
    attachment_ids: tuple[int, ...] = ()
    descriptions: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DraftView:
    """A kept draft, for its writer."""

    id: int
    updated_at: datetime
    content: Unfinished


def save(session: Session, *, by: Viewer, content: Unfinished) -> int | None:
    """Keep what the viewer has written; return the draft's id.

    Of one form there is one draft, which becomes what is in the form now. None: there is nothing to
    keep, because the form is empty or has become a post.
    **Raises** Invalid, also for more than MAX_DRAFTS.
    """
    _check(content)
    # Two saves of one form take turns with each other, and with the post that comes of it.
    counters.lock(session, [by.id])
    draft = session.scalar(
        select(SavedDraft).where(SavedDraft.account_id == by.id, SavedDraft.key == content.key)
    )
    if _is_empty(content) or posts.find_by_key(session, by, content.key) is not None:
        if draft is not None:
            session.delete(draft)
        return None
    reply_to_id = _answered(session, by, content.reply_to_id)
    if draft is None:
        draft = _add(session, by, content.key)
    draft.text = _storable(content.text)
    draft.warning = _storable(content.warning)
    draft.visibility = content.visibility
    draft.language = content.language
    draft.reply_to_id = reply_to_id
    draft.updated_at = clock.now()
    session.flush()
    media.keep_with_draft(
        session,
        draft.id,
        by=by,
        attachment_ids=content.attachment_ids,
        descriptions=content.descriptions,
    )
    return draft.id


def list_drafts(session: Session, *, by: Viewer) -> list[DraftView]:
    """Return the viewer's drafts, the last begun first."""
    rows = session.scalars(
        select(SavedDraft)
        .where(SavedDraft.account_id == by.id)
        .order_by(SavedDraft.id.desc())
        .limit(MAX_DRAFTS)
    ).all()
    pictures = _pictures(session, [draft.id for draft in rows])
    return [_view(draft, pictures.get(draft.id, ())) for draft in rows]


def get_draft(session: Session, *, by: Viewer, draft_id: int) -> DraftView:
    """Return a draft of the viewer. **Raises** NotFound."""
    draft = session.scalar(
        select(SavedDraft).where(SavedDraft.id == draft_id, SavedDraft.account_id == by.id)
    )
    if draft is None:
        raise NotFound
    return _view(draft, _pictures(session, [draft.id]).get(draft.id, ()))


def discard(session: Session, *, by: Viewer, draft_id: int) -> None:
    """Delete a draft of the viewer. **Raises** NotFound."""
    found = session.scalar(
        select(SavedDraft)
        .where(SavedDraft.id == draft_id, SavedDraft.account_id == by.id)
        .with_for_update()
    )
    if found is None:
        raise NotFound
    session.execute(delete(SavedDraft).where(SavedDraft.id == draft_id))


def redraft(session: Session, *, by: Viewer, post_id: int) -> int:
    """Delete the viewer's own post and keep what it says as a draft; return the draft's id.

    **Raises** NotFound, NotAllowed, Invalid for more than MAX_DRAFTS.
    """
    counters.lock(session, [by.id])
    post = posts.get_own(session, by=by, post_id=post_id)
    reply_to_id = _answered(session, by, post.reply_to_id)
    draft = _add(session, by, str(ids.new()))
    draft.text, draft.warning = post.text, post.warning
    draft.visibility, draft.language = post.visibility, post.language
    draft.reply_to_id = reply_to_id
    draft.updated_at = clock.now()
    session.flush()
    media.move_to_draft(session, post_id, draft.id)
    posts.delete(session, by=by, post_id=post_id)
    return draft.id


def _check(content: Unfinished) -> None:
    """Refuse what no composer sends; whatever was typed may be odd."""
    posts.check_key(content.key)
    media.check(content.attachment_ids, content.descriptions)
    if len(content.text) > MAX_CODE_POINTS:
        raise Invalid("text", "too_long", maximum=posts.POST_LIMIT)
    if len(content.warning) > WARNING_LENGTH:
        raise Invalid("warning", "too_long", maximum=posts.WARNING_LIMIT)
    if content.visibility not in VISIBILITIES:
        raise Invalid("visibility", "visibility_unknown")
    if content.language is not None and content.language not in DETECTABLE:
        raise Invalid("language", "language_unknown")


def _is_empty(content: Unfinished) -> bool:
    return not (content.text.strip() or content.warning.strip() or content.attachment_ids)


def _add(session: Session, by: Viewer, key: str) -> SavedDraft:
    kept = session.scalars(
        select(SavedDraft.id).where(SavedDraft.account_id == by.id).limit(MAX_DRAFTS)
    ).all()
    if len(kept) >= MAX_DRAFTS:
        raise Invalid("text", "drafts_many", maximum=MAX_DRAFTS)
    draft = SavedDraft(id=ids.new(), account_id=by.id, key=key)
    session.add(draft)
    return draft


def _storable(text: str) -> str:
    """Return a text as it is, but for the one character that PostgreSQL cannot hold."""
    return text.replace("\0", "\ufffd").replace("\r\n", "\n")


def _answered(session: Session, by: Viewer, post_id: int | None) -> int | None:
    """Return what it answers, if that is still there: the text is kept in any case."""
    if post_id is None:
        return None
    try:
        return posts.get_post(session, by, post_id).id
    except NotFound:
        return None


def _pictures(session: Session, draft_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Return the ids of the pictures of drafts, in their order, by draft."""
    rows: Any = session.execute(
        select(Attachment.draft_id, Attachment.id)
        .where(Attachment.draft_id.in_(draft_ids))
        .order_by(Attachment.draft_id, Attachment.position)
    )
    found: dict[int, tuple[int, ...]] = {}
    for draft_id, attachment_id in rows:
        found[draft_id] = (*found.get(draft_id, ()), attachment_id)
    return found


def _view(draft: SavedDraft, attachment_ids: tuple[int, ...]) -> DraftView:
    content = Unfinished(
        draft.key,
        draft.text,
        draft.warning,
        draft.visibility,
        draft.language,
        draft.reply_to_id,
        attachment_ids,
    )
    return DraftView(draft.id, draft.updated_at, content)
