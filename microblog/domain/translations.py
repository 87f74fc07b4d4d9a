"""Translations of posts: kept for everybody who reads a language, as long as the text is the same.

Only what anybody may see is sent out.
"""

import hashlib
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from microblog import clock
from microblog.db import insert_ignoring_duplicates
from microblog.domain.errors import NotAllowed, NotFound
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import PUBLIC, is_published, is_visible, key_of
from microblog.models import Account, Post, Translation


@dataclass(frozen=True, slots=True)
class Original:
    """A post that may be translated. `html_hash` tells its text from a later one."""

    post_id: int
    username: str
    html: str
    html_hash: bytes
    language: str | None


@dataclass(frozen=True, slots=True)
class TranslationView:
    """A post in another language: sanitised HTML, the language it was in, and whose work it is."""

    html: str
    source_language: str
    provider: str


def get_original(session: Session, viewer: Viewer | None, post_id: int) -> Original:
    """Return a post for translating. **Raises** NotFound, NotAllowed for what is not public."""
    row = session.execute(
        select(Post, Account.username)
        .join(Account, Account.id == Post.account_id)
        .where(Post.id == post_id, is_visible(key_of(viewer)))
    ).one_or_none()
    if row is None:
        raise NotFound
    post, username = row
    if post.visibility != PUBLIC:
        raise NotAllowed
    return Original(post.id, username, post.html, _hash(post.html), post.language)


def find(session: Session, original: Original, language: str) -> TranslationView | None:
    """Return the translation that is kept of this very text."""
    kept = session.get(Translation, (original.post_id, language))
    if kept is None or kept.source_hash != original.html_hash:
        return None
    return TranslationView(kept.html, kept.source_language, kept.provider)


def store(
    session: Session, original: Original, language: str, translation: TranslationView
) -> None:
    """Keep a translation, unless its post is another one by now; of two at once, one is kept."""
    post = session.scalar(
        select(Post).where(Post.id == original.post_id, is_published()).with_for_update()
    )
    if post is None or _hash(post.html) != original.html_hash:
        return
    session.execute(
        delete(Translation).where(
            Translation.post_id == original.post_id,
            Translation.language == language,
            Translation.source_hash != original.html_hash,
        )
    )
    kept = insert_ignoring_duplicates(Translation, session.get_bind().dialect.name)
    session.execute(
        kept.values(
            post_id=original.post_id,
            language=language,
            source_hash=original.html_hash,
            source_language=translation.source_language,
            provider=translation.provider,
            created_at=clock.now(),
            html=translation.html,
        )
    )


def _hash(html: str) -> bytes:
    return hashlib.sha256(html.encode()).digest()
