"""Writing a post."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from microblog import ids
from microblog.domain import counters, outbox, tags
from microblog.domain.errors import Invalid
from microblog.domain.events import PostPublished
from microblog.domain.rendering import render_text
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import PUBLIC
from microblog.models import Account, Post, TimelineEntry
from microblog.models.post import IDEMPOTENCY_KEY_LENGTH
from microblog.text.clean import UnreadableText, clean, is_blank
from microblog.text.count import MAX_CODE_POINTS, length
from microblog.text.languages import DETECTABLE, detect

POST_LIMIT = 500  # Graphemes, a link as 23.

_KEY = re.compile(rf"[A-Za-z0-9_-]{{8,{IDEMPOTENCY_KEY_LENGTH}}}")


@dataclass(frozen=True)
class Draft:
    """A checked and rendered post. Make it with `compose`."""

    text: str
    html: str
    tags: tuple[str, ...] = ()
    language: str | None = None
    idempotency_key: str | None = None


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
) -> Draft:
    """Clean, check and render what was typed. **Raises** Invalid.

    Without a language the text tells it, where that is sure.
    """
    if len(text) > MAX_CODE_POINTS:
        raise Invalid("text", "too_long", maximum=POST_LIMIT)
    try:
        text = clean(text)
    except UnreadableText:
        raise Invalid("text", "characters") from None
    if is_blank(text):
        raise Invalid("text", "post_empty")
    if (count := length(text)) > POST_LIMIT:
        raise Invalid("text", "post_long", maximum=POST_LIMIT, excess=count - POST_LIMIT)
    if idempotency_key is not None and not _KEY.fullmatch(idempotency_key):
        raise Invalid("text", "form_broken")
    if language is not None and language not in DETECTABLE:
        raise Invalid("language", "language_unknown")
    rendered = render_text(session, text)
    return Draft(text, rendered.html, rendered.tags, language or detect(text), idempotency_key)


def publish(session: Session, *, by: Viewer, draft: Draft) -> Published:
    """Publish a draft; a draft whose key was seen before is the first post again."""
    # From here on, another submit of the same form waits, and then finds the post.
    counters.lock(session, [by.id])
    existing = _find_by_key(session, by, draft)
    if existing is not None:
        return Published(existing, is_new=False)
    post_id = ids.new()
    post = Post(
        id=post_id,
        account_id=by.id,
        text=draft.text,
        html=draft.html,
        visibility=PUBLIC,
        language=draft.language,
        idempotency_key=draft.idempotency_key,
        created_at=ids.time_of(post_id),
    )
    session.add(post)
    session.flush()
    _follow_up(session, by, post_id, draft)
    return Published(post_id, is_new=True)


def _find_by_key(session: Session, by: Viewer, draft: Draft) -> int | None:
    if draft.idempotency_key is None:
        return None
    return session.scalar(
        select(Post.id).where(
            Post.account_id == by.id, Post.idempotency_key == draft.idempotency_key
        )
    )


def _follow_up(session: Session, by: Viewer, post_id: int, draft: Draft) -> None:
    tags.attach(session, post_id, draft.tags)
    # One's own post is on one's own timeline at once; the worker brings it to everybody else's.
    session.add(TimelineEntry(account_id=by.id, id=post_id, post_id=post_id))
    session.execute(
        update(Account).where(Account.id == by.id).values(posts_count=Account.posts_count + 1)
    )
    outbox.announce(session, PostPublished(post_id))
