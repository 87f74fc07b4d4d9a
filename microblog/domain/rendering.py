"""Texts that people write, made into HTML with links to the people and tags they name."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from microblog.domain.paths import account_path, tag_path
from microblog.domain.visibility import has_profile
from microblog.models import Account
from microblog.text.entities import Hashtag, Mention, canonical_tag, find
from microblog.text.render import OTHERS, render

# A post has room for more, but nobody calls this many people by name in good faith.
MAX_MENTIONS = 50

_NAMED = select(Account.handle, Account.username, Account.id).where(
    Account.handle.in_(bindparam("names", expanding=True)), has_profile()
)


@dataclass(frozen=True)
class Rendered:
    """Sanitised HTML, the canonical names of the tags in it and the people it names, each once."""

    html: str
    tags: tuple[str, ...]
    mentions: tuple[int, ...]


def render_text(session: Session, text: str, rel: str = OTHERS) -> Rendered:
    """Render a cleaned text; names of people who are not here stay text.

    `rel` says what the links in it lead to.
    """
    entities = find(text)
    names = {e.username.lower(): None for e in entities if isinstance(e, Mention)}
    known = session.execute(_NAMED, {"names": list(names)[:MAX_MENTIONS]}) if names else ()
    people = {handle: (account_path(username), id_) for handle, username, id_ in known}
    mentions = {handle: path for handle, (path, _) in people.items()}
    tags = {canonical_tag(e.name): None for e in entities if isinstance(e, Hashtag)}
    named = tuple(sorted(id_ for _, id_ in people.values()))
    return Rendered(render(text, mentions, tag_path, rel), tuple(tags), named)
