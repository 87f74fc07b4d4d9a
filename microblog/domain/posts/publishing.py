"""Writing a post."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from microblog import ids
from microblog.domain import counters, media, outbox, tags
from microblog.domain.errors import Invalid
from microblog.domain.events import PostPublished
from microblog.domain.posts.reading import get_post
from microblog.domain.rendering import render_text
from microblog.domain.typed import typed_line
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import FOR_EVERYBODY, MENTIONED, PUBLIC, VISIBILITIES
from microblog.models import Account, Post, PostMention, SavedDraft, TimelineEntry
from microblog.models.post import IDEMPOTENCY_KEY_LENGTH, WARNING_LENGTH
from microblog.text.clean import UnreadableText, clean, is_blank
from microblog.text.count import MAX_CODE_POINTS, length
from microblog.text.languages import DETECTABLE, detect

POST_LIMIT = 500  # Graphemes, a link as 23, the warning included.
WARNING_LIMIT = 100  # Graphemes.

_KEY = re.compile(rf"[A-Za-z0-9_-]{{8,{IDEMPOTENCY_KEY_LENGTH}}}")

# Made once: putting a statement together takes longer than running it.
_OF_FORM = select(Post.id).where(
    Post.account_id == bindparam("author_id"), Post.idempotency_key == bindparam("form_key")
)
_COUNT_ONE = (
    update(Account)
    .where(Account.id == bindparam("author_id"))
    .values(posts_count=Account.posts_count + 1)
    .execution_options(synchronize_session=False)
)
_FORGET_DRAFT = (
    delete(SavedDraft)
    .where(SavedDraft.account_id == bindparam("author_id"), SavedDraft.key == bindparam("form_key"))
    .execution_options(synchronize_session=False)
)


@dataclass(frozen=True)
class Draft:
    """A checked and rendered post. Make it with `compose`.

    `mentions` are the ids of the people it names, `tags` the canonical names of its tags. Whether
    the pictures are there is seen when it is published; `descriptions` has what was said anew.
    """

    text: str
    html: str
    tags: tuple[str, ...] = ()
    mentions: tuple[int, ...] = ()
    language: str | None = None
    warning: str = ""
    visibility: str = PUBLIC
    reply_to_id: int | None = None
    idempotency_key: str | None = None
    attachment_ids: tuple[int, ...] = ()
    descriptions: Mapping[int, str] = field(default_factory=dict)


class Published(NamedTuple):
    """The post that came of a draft, and whether it was made just now."""

    post_id: int
    is_new: bool


def compose(
    session: Session,
    text: str,
    idempotency_key: str | None = None,
    *,
    language: str | None = None,
    warning: str = "",
    visibility: str = PUBLIC,
    reply_to_id: int | None = None,
    attachment_ids: Sequence[int] = (),
    descriptions: Mapping[int, str] | None = None,
) -> Draft:
    """Clean, check and render what was typed. **Raises** Invalid.

    Without a language the text tells it, where that is sure. Pictures need no text.
    """
    text = _cleaned(text)
    warning = typed_line(warning, "warning", WARNING_LIMIT, WARNING_LENGTH)
    pictures, described = media.check(attachment_ids, descriptions)
    if is_blank(text) and not pictures:
        raise Invalid("text", "post_empty")
    if (count := length(text) + length(warning)) > POST_LIMIT:
        raise Invalid("text", "post_long", maximum=POST_LIMIT, excess=count - POST_LIMIT)
    if idempotency_key is not None:
        check_key(idempotency_key)
    if language is not None and language not in DETECTABLE:
        raise Invalid("language", "language_unknown")
    if visibility not in VISIBILITIES:
        raise Invalid("visibility", "visibility_unknown")
    rendered = render_text(session, text)
    if visibility == MENTIONED and not rendered.mentions:
        raise Invalid("visibility", "nobody_mentioned")
    return Draft(
        text=text,
        html=rendered.html,
        tags=rendered.tags,
        mentions=rendered.mentions,
        language=language or detect(text),
        warning=warning,
        visibility=visibility,
        reply_to_id=reply_to_id,
        idempotency_key=idempotency_key,
        attachment_ids=pictures,
        descriptions=described,
    )


def publish(session: Session, *, by: Viewer, draft: Draft) -> Published:
    """Publish a draft; a draft whose key was seen before is the first post again.

    **Raises** NotFound when it answers what the viewer cannot see, Invalid when a picture is gone.
    """
    # From here on, another submit of the same form waits, and then finds the post.
    counters.lock(session, [by.id])
    existing = find_by_key(session, by, draft.idempotency_key)
    if existing is not None:
        return Published(existing, is_new=False)
    answered = None
    if draft.reply_to_id is not None:
        answered = get_post(session, by, draft.reply_to_id, lock=True)
    post_id = ids.new()
    post = Post(
        id=post_id,
        account_id=by.id,
        text=draft.text,
        html=draft.html,
        visibility=draft.visibility,
        warning=draft.warning,
        language=draft.language,
        idempotency_key=draft.idempotency_key,
        thread_id=post_id,
        created_at=ids.time_of(post_id),
    )
    if answered is not None:
        _answer(session, post, answered)
    session.add(post)
    session.flush()
    _follow_up(session, by, post_id, draft)
    return Published(post_id, is_new=True)


def check_key(key: str) -> None:
    """Refuse what cannot be the key of a form. **Raises** Invalid."""
    if not _KEY.fullmatch(key):
        raise Invalid("text", "form_broken")


def find_by_key(session: Session, by: Viewer, key: str | None) -> int | None:
    """Return the viewer's post that came of the form with that key, within a day."""
    if key is None:
        return None
    return session.scalar(_OF_FORM, {"author_id": by.id, "form_key": key})


def count_reply(session: Session, post_id: int, change: int) -> None:
    """Count an answer that everybody may read, with the post it answers."""
    session.execute(
        update(Post).where(Post.id == post_id).values(replies_count=Post.replies_count + change)
    )


def name(session: Session, post_id: int, account_ids: tuple[int, ...]) -> None:
    """Record whom a post names; a post is for them, whoever else may see it."""
    session.add_all(PostMention(post_id=post_id, account_id=id_) for id_ in account_ids)


def _cleaned(text: str) -> str:
    if len(text) > MAX_CODE_POINTS:
        raise Invalid("text", "too_long", maximum=POST_LIMIT)
    try:
        return clean(text)
    except UnreadableText:
        raise Invalid("text", "characters") from None


def _answer(session: Session, post: Post, answered: Post) -> None:
    """Put a post below the one that it answers."""
    post.reply_to_id = answered.id
    post.reply_to_account_id = answered.account_id
    post.thread_id = answered.thread_id
    answered.has_replies = True
    if answered.account_id == post.account_id:
        answered.series_id = answered.series_id or answered.id
        post.series_id = answered.series_id
        post.series_number = answered.series_number + 1
    if post.visibility in FOR_EVERYBODY:
        session.flush()
        count_reply(session, answered.id, 1)


def _follow_up(session: Session, by: Viewer, post_id: int, draft: Draft) -> None:
    media.attach(
        session,
        post_id,
        by=by,
        attachment_ids=draft.attachment_ids,
        descriptions=draft.descriptions,
    )
    if draft.visibility == PUBLIC:
        tags.attach(session, post_id, draft.tags)
    name(session, post_id, draft.mentions)
    # One's own post is on one's own timeline at once; the worker brings it to everybody else's.
    session.add(TimelineEntry(account_id=by.id, id=post_id, post_id=post_id))
    if draft.visibility in FOR_EVERYBODY:
        session.execute(_COUNT_ONE, {"author_id": by.id})
    if draft.idempotency_key is not None:
        # What was kept of it while it was written has become the post.
        session.execute(_FORGET_DRAFT, {"author_id": by.id, "form_key": draft.idempotency_key})
    outbox.announce(session, PostPublished(post_id))
