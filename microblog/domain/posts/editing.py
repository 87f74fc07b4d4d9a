"""Editing one's posts. How they were before is kept, for whoever may see them."""

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from microblog import clock
from microblog.domain import counters, media, outbox, tags
from microblog.domain.events import PostEdited
from microblog.domain.posts.counting import count
from microblog.domain.posts.history import describe, keep_version
from microblog.domain.posts.publishing import Draft, name
from microblog.domain.posts.reading import get_own_row
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import FOR_EVERYBODY, MENTIONED, PUBLIC, may_pin
from microblog.models import Account, Boost, Pin, Post, PostMention, PostTag, Translation

CHUNK = 1000
_FIELDS = ("text", "html", "warning", "visibility", "language")


def edit(session: Session, *, by: Viewer, post_id: int, draft: Draft) -> bool:
    """Make the viewer's own post what a draft says; False when it is just that.

    What it answers stays as it is.
    **Raises** NotFound, NotAllowed, Invalid when a picture is gone.
    """
    counters.lock(session, [by.id])
    post = get_own_row(session, by, post_id)
    described, was = describe(session, post_id), post.visibility
    has_other_pictures = media.replace(
        session,
        post_id,
        by=by,
        attachment_ids=draft.attachment_ids,
        descriptions=draft.descriptions,
    )
    has_other_words = (post.text, post.warning) != (draft.text, draft.warning)
    if has_other_words or has_other_pictures:
        keep_version(session, post, described)
        post.edited_at = clock.now()
    elif (post.visibility, post.language) == (draft.visibility, draft.language):
        return False
    for field in _FIELDS:
        setattr(post, field, getattr(draft, field))
    post.version += 1
    session.flush()
    _count(session, post, was)
    _follow_up(session, by, post, draft)
    # Of whom it was not for before, nobody has it on their timeline.
    outbox.announce(session, PostEdited(post_id, reaches_more=was == MENTIONED))
    return True


def withdraw_boosts(session: Session, post_id: int) -> bool:
    """Take back some boosts of a post that may not be carried on any more; tell whether more are.

    Meanwhile the gate hides it from whoever it is not for.
    """
    # Locked, so that the visibility is the one of this moment and the counter is right.
    post = session.get(Post, post_id, with_for_update=True)
    if post is None or post.visibility in FOR_EVERYBODY:
        return False
    may_not: Any = Boost.post_id == post_id
    if post.visibility != MENTIONED:
        may_not = may_not & (Boost.account_id != post.account_id)
    found = session.scalars(select(Boost.id).where(may_not).limit(CHUNK)).all()
    session.execute(delete(Boost).where(Boost.id.in_(found)))
    count(session, Post.boosts_count, post_id, -len(found))
    return len(found) == CHUNK


def _count(session: Session, post: Post, was: str) -> None:
    """Have the counters that readers see follow, which count what is for everybody."""
    change = (post.visibility in FOR_EVERYBODY) - (was in FOR_EVERYBODY)
    if not change:
        return
    session.execute(
        update(Account)
        .where(Account.id == post.account_id)
        .values(posts_count=Account.posts_count + change)
    )
    if post.reply_to_id is not None:
        count(session, Post.replies_count, post.reply_to_id, change)


def _follow_up(session: Session, by: Viewer, post: Post, draft: Draft) -> None:
    # Translations are of the text that it was.
    for table in (PostTag, PostMention, Translation):
        session.execute(delete(table).where(table.post_id == post.id))
    if draft.visibility == PUBLIC:
        tags.attach(session, post.id, draft.tags)
    name(session, post.id, draft.mentions)
    if not may_pin(by, post):
        session.execute(delete(Pin).where(Pin.post_id == post.id))
