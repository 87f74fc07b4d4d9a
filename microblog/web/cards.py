"""Post cards: each is rendered once for all its readers, and filled with what differs.

A card is kept under all it shows: the post and its version, the author and theirs, the language.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from markupsafe import Markup

from microblog.db import Database
from microblog.domain import posts
from microblog.domain.paths import account_path, post_path
from microblog.domain.posts import PostView
from microblog.domain.timelines import Entry
from microblog.domain.viewer import Viewer
from microblog.text.direction import isolate
from microblog.web.byte_cache import ByteCache
from microblog.web.faces import avatar_url
from microblog.web.i18n import text_direction
from microblog.web.skeleton import Skeletons
from microblog.web.times import SLOTS as TIME_SLOTS
from microblog.web.times import time_html

_SLOTS = ("slots.time", "slots.menu", "slots.translate")
_TITLE_LENGTH = 60
_NO_TIME = (b"", 0.0)
# Of the <time> elements of a post in different zones.
_ZONES_KEPT = 20
# What a card takes beside its HTML: names, title, and a time or two.
_CARD_OVERHEAD_BYTES = 1500


class Reader(NamedTuple):
    """For whom cards are filled, and when, in seconds of Unix time."""

    viewer: Viewer | None
    language: str
    zone: str
    now: float


@dataclass(frozen=True, slots=True)
class CardAuthor:
    """The author of a post as the template shows them."""

    username: str
    handle: str
    display_name: str
    url: str
    avatar: str


@dataclass(frozen=True, slots=True)
class CardPost:
    """A post as the template shows it."""

    id: int
    url: str
    html: Markup
    language: str | None
    created_at: datetime
    author: CardAuthor


@dataclass(slots=True)
class Card:
    """A rendered post, and what a page about it alone needs."""

    pieces: list[bytes]  # With room for the time and the menu, at their places.
    time_place: int
    menu_place: int
    translate_place: int
    # Whether it is in another language than the card.
    is_foreign: bool
    size_bytes: int
    username: str
    author_name: str
    title: str
    written_at: datetime
    # By zone: the <time> element, and until when (Unix time) its words are right.
    times: dict[str, tuple[bytes, float]] = field(default_factory=dict)


class Cards:
    """The rendered posts of one process."""

    def __init__(self, skeletons: Skeletons, max_bytes: int, *, translates: bool) -> None:
        self._skeletons = skeletons
        self._translates = translates
        self._cache: ByteCache[tuple[object, ...], Card] = ByteCache(max_bytes)

    def find(
        self, db: Database, entries: Sequence[Entry], language: str, *, focused: bool = False
    ) -> list[tuple[Entry, Card]]:
        """Return the cards of those entries that may still be seen; reads what is not kept."""
        keys: list[tuple[object, ...]] = [(*entry[1:], language, focused) for entry in entries]
        cards = self._cache.get_many(keys)
        missing = {entry.post_id: i for i, entry in enumerate(entries) if cards[i] is None}
        if missing:
            with db.read() as session:
                views = posts.list_posts(session, missing)
            for view in views:
                index = missing[view.id]
                cards[index] = card = self._render(view, language, focused)
                key = (view.id, view.version, view.author.id, view.author.version)
                self._cache.put((*key, language, focused), card, card.size_bytes)
        return [(e, card) for e, card in zip(entries, cards, strict=True) if card is not None]

    def fill(self, found: Iterable[tuple[Entry, Card]], reader: Reader) -> bytes:
        """Return the HTML of cards, one after the other, for one reader."""
        viewer, language, zone, now = reader
        own_id = viewer.id if viewer else 0
        filled: list[bytes] = []
        for entry, card in found:
            time, valid_until = card.times.get(zone, _NO_TIME)
            if valid_until <= now:
                time = self._time(card, reader)
            pieces = card.pieces.copy()
            pieces[card.time_place] = time
            if entry.author_id == own_id:
                pieces[card.menu_place] = self._menu(entry, card, language)
            if card.is_foreign and own_id:
                pieces[card.translate_place] = self._translate(entry, language)
            filled += pieces
        return b"".join(filled)

    def _render(self, view: PostView, language: str, focused: bool) -> Card:
        author = view.author
        post = CardPost(
            id=view.id,
            url=post_path(author.username, view.id),
            html=Markup(view.html),  # noqa: S704 - sanitised when it was published.
            language=view.language,
            created_at=view.created_at,
            author=CardAuthor(
                author.username,
                f"@{author.username}",
                author.name,
                account_path(author.username),
                avatar_url(author.id, author.avatar),
            ),
        )
        skeleton = self._skeletons.render(
            "_post.html", ("slots",), locale=language, post=post, focused=focused
        )
        pieces, (time_place, menu_place, translate_place) = skeleton.pieces(*_SLOTS)
        # Most readers have no menu on a post, only its author does, and read their own language.
        pieces[menu_place] = pieces[translate_place] = b""
        return Card(
            pieces,
            time_place,
            menu_place,
            translate_place,
            self._translates and is_foreign(view.language, language),
            skeleton.size_bytes + _CARD_OVERHEAD_BYTES,
            author.username,
            author.name,
            _title(author.name, view.text, language),
            view.created_at,
        )

    def _time(self, card: Card, reader: Reader) -> bytes:
        skeleton = self._skeletons.get("_time.html", TIME_SLOTS)
        now = datetime.fromtimestamp(reader.now, UTC)
        time, seconds = time_html(card.written_at, now, reader.language, reader.zone, skeleton)
        if len(card.times) >= _ZONES_KEPT:
            card.times.clear()
        card.times[reader.zone] = time, reader.now + seconds
        return time

    def _translate(self, entry: Entry, language: str) -> bytes:
        skeleton = self._skeletons.get("_translate.html", ("post_id",), locale=language)
        return skeleton.fill({"post_id": str(entry.post_id).encode()})

    def _menu(self, entry: Entry, card: Card, language: str) -> bytes:
        skeleton = self._skeletons.get("_post_menu.html", ("post_id", "username"), locale=language)
        post_id, username = str(entry.post_id).encode(), card.username.encode()
        return skeleton.fill({"post_id": post_id, "username": username})


def is_foreign(post_language: str | None, language: str) -> bool:
    """Tell whether a post is known to be in another language; variants of one are the same."""
    return post_language is not None and post_language != language.partition("-")[0]


def _title(author: str, text: str, language: str) -> str:
    line = " ".join(text.split())
    excerpt = line if len(line) <= _TITLE_LENGTH else line[: _TITLE_LENGTH - 1] + "…"
    direction = text_direction(language)
    return f"{isolate(author, direction)}: {isolate(excerpt, direction)}"
