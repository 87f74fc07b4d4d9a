"""The pages that are measured: which addresses each reader opens."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select

from bench.cast import FAMOUS
from bench.load import ENGLISH, Ask
from bench.readers import Reader
from bench.talk import LONG_THREAD, SHORT_THREAD
from microblog.db import Database
from microblog.domain import messages, timelines
from microblog.domain.pages import Page
from microblog.domain.paths import account_path, post_path
from microblog.domain.timelines import TIMELINE_LENGTH
from microblog.models import Account, Post

FAR = 1000  # Posts back from the newest.
# Each reader is in turn one who has read everything, and one for whom so many posts are new.
_UNREAD = 5
_SIGHTS = 200


@dataclass(frozen=True)
class Sights:
    """What readers look at: the newest posts, and the people who wrote lately."""

    db: Database
    readers: Sequence[Reader]
    profiles: Sequence[str]
    posts: Sequence[str]


def sights(db: Database, readers: Sequence[Reader]) -> Sights:
    """Find what there is to see."""
    with db.read() as session:
        newest = session.execute(
            select(Account.username, Post.id)
            .join(Post, Post.account_id == Account.id)
            .order_by(Post.id.desc())
            .limit(_SIGHTS * 10)
        ).all()
    names = dict.fromkeys(username for username, _ in newest)
    return Sights(
        db,
        readers,
        profiles=[account_path(name) for name in names][:_SIGHTS],
        posts=[post_path(username, post_id) for username, post_id in newest],
    )


def asks(page: str, seen: Sights, count: int, *, seed: int = 0) -> list[Ask]:
    """Return that many requests for a page, of readers in random order; the same for a seed."""
    chance = random.Random(seed)
    address = PAGES[page]
    own = [address(seen, reader, number) for number, reader in enumerate(seen.readers)]
    chosen = [(reader, paths) for reader, paths in zip(seen.readers, own, strict=True) if paths]
    if not chosen:
        raise ValueError(f"Nobody's timeline reaches as far back as {page!r} wants.")
    picked = (chance.choice(chosen) for _ in range(count))
    languages = _LANGUAGES.get(page, ENGLISH)
    return [
        Ask(chance.choice(paths), reader.cookie, languages=languages) for reader, paths in picked
    ]


def _home(_seen: Sights, _reader: Reader, _number: int) -> Sequence[str]:
    return ("/",)


def _explore(_seen: Sights, _reader: Reader, _number: int) -> Sequence[str]:
    return ("/explore",)


def _profile(seen: Sights, _reader: Reader, _number: int) -> Sequence[str]:
    return seen.profiles


def _permalink(seen: Sights, _reader: Reader, _number: int) -> Sequence[str]:
    return seen.posts


def _far_home(seen: Sights, reader: Reader, _number: int) -> Sequence[str]:
    return _home_before(seen, reader, FAR)


def _beyond_kept(seen: Sights, reader: Reader, _number: int) -> Sequence[str]:
    return _home_before(seen, reader, TIMELINE_LENGTH + 100)


def _home_before(seen: Sights, reader: Reader, depth: int) -> Sequence[str]:
    older = timelines.home(seen.db, reader.viewer, Page(depth)).older
    return () if older is None else (f"/?before={older}",)


def _poll(seen: Sights, reader: Reader, number: int) -> Sequence[str]:
    newest = timelines.home(seen.db, reader.viewer, Page(_UNREAD + 1)).items
    if not newest:
        return ("/updates?after=0",)
    return (f"/updates?after={newest[0 if number % 2 else -1].key}",)


def _thread(text: str) -> Callable[[Sights, Reader, int], Sequence[str]]:
    def paths(seen: Sights, _reader: Reader, _number: int) -> Sequence[str]:
        return (_path_of(seen.db, text),)

    return paths


@lru_cache(maxsize=10)
def _path_of(db: Database, text: str) -> str:
    with db.read() as session:
        post_id = session.scalars(select(Post.id).where(Post.text == text)).one()
    return post_path(FAMOUS, post_id)


def _notifications(_seen: Sights, _reader: Reader, _number: int) -> Sequence[str]:
    return ("/notifications",)


def _messages(_seen: Sights, _reader: Reader, _number: int) -> Sequence[str]:
    return ("/messages",)


def _conversation(seen: Sights, reader: Reader, _number: int) -> Sequence[str]:
    with seen.db.read() as session:
        found = messages.list_conversations(session, reader.viewer, Page(_UNREAD))
    return [f"/messages/{conversation.id}" for conversation in found.items]


PAGES: dict[str, Callable[[Sights, Reader, int], Sequence[str]]] = {
    "home": _home,
    "explore": _explore,
    "profile": _profile,
    "permalink": _permalink,
    "far": _far_home,
    "beyond": _beyond_kept,
    "arabic": _home,
    "poll": _poll,
    "mixed": _home,
    "short thread": _thread(SHORT_THREAD),
    "long thread": _thread(LONG_THREAD),
    "notifications": _notifications,
    "messages": _messages,
    "conversation": _conversation,
    "badges": _poll,
}
# What browsers wish for pages that are not read in English.
_LANGUAGES = {"arabic": "ar,en;q=0.5"}
