"""Post cards: each is rendered once for all its readers, and filled with what differs.

A card is kept under all it shows: the post and its version, the author and theirs, the language.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from markupsafe import Markup

from microblog.db import Database
from microblog.domain import posts
from microblog.domain.paths import account_path, post_path
from microblog.domain.posts import PostView
from microblog.domain.timelines import BOOKMARKED, BOOSTED, FAVOURITED, Entry
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import FOLLOWERS, FOR_EVERYBODY, PUBLIC
from microblog.web.byte_cache import ByteCache
from microblog.web.faces import avatar_url
from microblog.web.numbers import compact
from microblog.web.pictures import ShownPicture, shown_picture
from microblog.web.skeleton import Skeletons, html
from microblog.web.times import SLOTS as TIME_SLOTS
from microblog.web.times import time_html
from microblog.web.titles import title_of

_ACTS_SLOTS = ("post_id", "url", "replies", "boosts", "favourites")
_NO_TIME = (b"", 0.0)
# Of the <time> elements of a post in different zones.
_ZONES_KEPT = 20
# Of the buttons below posts, as they are for readers who have done different things with them.
_ACTS_KEPT = 2000
# What stands in kept buttons for a post's id, and for its address.
_ID, _URL = b"\0", b"\1"
# What a card takes beside its HTML: names, title, and a time or two.
_CARD_OVERHEAD_BYTES = 2000


class Reader(NamedTuple):
    """For whom cards are filled, and when, in seconds of Unix time."""

    viewer: Viewer | None
    language: str
    zone: str
    now: float


class Extras(NamedTuple):
    """What a card says of a post's place in a thread, as HTML: which part it is, and whom for."""

    part: bytes = b""
    audience: bytes = b""


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
    warning: str
    visibility: str
    created_at: datetime
    is_edited: bool
    author: CardAuthor
    # Whom it answers: None for nobody, "" for somebody who is not here any more.
    reply_to: str | None
    pictures: tuple[ShownPicture, ...]


class _Places(NamedTuple):
    """Where in a card each of its slots is."""

    time: int
    boosted: int
    translate: int
    acts: int
    part: int
    audience: int


@dataclass(slots=True)
class Card:
    """A rendered post, and what a page about it alone needs."""

    pieces: list[bytes]  # With room for what differs between readers, at its places.
    places: _Places
    # Whether it is in another language than the card.
    is_foreign: bool
    visibility: str
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
        # By language, by who may do what and did, and by the counters. In development, where no
        # card is kept, neither are they, so that a changed template is seen.
        self._rows: dict[tuple[object, ...], bytes] = {}
        self._keeps_rows = max_bytes > 0

    def find(
        self, db: Database, entries: Sequence[Entry], reader: Reader, *, focused: bool = False
    ) -> list[tuple[Entry, Card]]:
        """Return the cards of those entries that may still be seen; reads what is not kept."""
        language = reader.language
        keys: list[tuple[object, ...]] = [(*entry[1:5], language, focused) for entry in entries]
        cards = self._cache.get_many(keys)
        missing: dict[int, list[int]] = {}
        for place, entry in enumerate(entries):
            if cards[place] is None:
                missing.setdefault(entry.post_id, []).append(place)
        if missing:
            with db.read() as session:
                views = posts.list_posts(session, reader.viewer, missing)
            for view in views:
                card = self._render(view, language, focused)
                for place in missing[view.id]:
                    cards[place] = card
                key = (view.id, view.version, view.author.id, view.author.version)
                self._cache.put((*key, language, focused), card, card.size_bytes)
        return [(e, card) for e, card in zip(entries, cards, strict=True) if card is not None]

    def fill(
        self,
        found: Iterable[tuple[Entry, Card]],
        reader: Reader,
        extras: Mapping[int, Extras] | None = None,
        *,
        with_acts: bool = True,
        is_pinned: bool = False,
    ) -> bytes:
        """Return the HTML of cards, one after the other, for one reader; extras by post."""
        viewer, language, zone, now = reader
        own_id = viewer.id if viewer else 0
        filled: list[bytes] = []
        for entry, card in found:
            time, valid_until = card.times.get(zone, _NO_TIME)
            if valid_until <= now:
                time = self._time(card, reader)
            pieces = card.pieces.copy()
            pieces[card.places.time] = time
            if entry.booster_id is not None:
                pieces[card.places.boosted] = self._boosted(entry, language)
            elif is_pinned:
                pinned = self._skeletons.get("_pinned.html", (), locale=language)
                pieces[card.places.boosted] = pinned.fill({})
            if card.is_foreign and own_id:
                pieces[card.places.translate] = self._translate(entry, language)
            if with_acts:
                pieces[card.places.acts] = self._acts(entry, card, own_id, language)
            if extras and entry.post_id in extras:
                pieces[card.places.part], pieces[card.places.audience] = extras[entry.post_id]
            filled += pieces
        return b"".join(filled)

    def acts(self, db: Database, entry: Entry, reader: Reader) -> bytes:
        """Return the buttons of a post alone, as they are for a reader."""
        own_id = reader.viewer.id if reader.viewer else 0
        found = self.find(db, [entry], reader)
        return self._acts(entry, found[0][1], own_id, reader.language) if found else b""

    def _render(self, view: PostView, language: str, focused: bool) -> Card:
        author = view.author
        post = CardPost(
            id=view.id,
            url=post_path(author.username, view.id),
            html=Markup(view.html),  # noqa: S704 - sanitised when it was published.
            language=view.language,
            warning=view.warning,
            visibility=view.visibility,
            created_at=view.created_at,
            is_edited=view.edited_at is not None,
            author=CardAuthor(
                author.username,
                f"@{author.username}",
                author.name,
                account_path(author.username),
                avatar_url(author.id, author.avatar),
            ),
            reply_to=view.reply_to_username,
            pictures=tuple(map(shown_picture, view.pictures)),
        )
        skeleton = self._skeletons.render(
            "_post.html", ("slots",), locale=language, post=post, focused=focused
        )
        pieces, places = skeleton.pieces(*(f"slots.{slot}" for slot in _Places._fields))
        # Most posts are where they are because of their authors, and in their readers' language.
        for place in places:
            pieces[place] = b""
        return Card(
            pieces,
            _Places(*places),
            self._translates and is_foreign(view.language, language) and view.visibility == PUBLIC,
            view.visibility,
            skeleton.size_bytes + _CARD_OVERHEAD_BYTES,
            author.username,
            author.name,
            title_of(view, language),
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

    def _boosted(self, entry: Entry, language: str) -> bytes:
        skeleton = self._skeletons.get("_boosted.html", ("url", "name"), locale=language)
        username, name = entry.booster_username or "", entry.booster_name or ""
        return skeleton.fill({"url": html(account_path(username)), "name": html(name or username)})

    def _acts(self, entry: Entry, card: Card, own_id: int, language: str) -> bytes:
        can_boost = card.visibility in FOR_EVERYBODY or (
            card.visibility == FOLLOWERS and entry.author_id == own_id
        )
        key = (language, own_id != 0, can_boost, *entry[5:9])
        row = self._rows.get(key) or self._row(key, entry)
        if _URL in row:
            row = row.replace(_URL, html(post_path(card.username, entry.post_id)))
        return row.replace(_ID, b"%d" % entry.post_id)

    def _row(self, key: tuple[object, ...], entry: Entry) -> bytes:
        language, signed_in, can_boost, *_ = key
        marks = entry.marks
        skeleton = self._skeletons.get(
            "_acts.html",
            _ACTS_SLOTS,
            locale=language,
            signed_in=signed_in,
            can_boost=can_boost,
            favourited=bool(marks & FAVOURITED),
            boosted=bool(marks & BOOSTED),
            bookmarked=bool(marks & BOOKMARKED),
            has_replies=entry.replies_count > 0,
            has_boosts=entry.boosts_count > 0,
            has_favourites=entry.favourites_count > 0,
        )
        counters = zip(_ACTS_SLOTS[2:], entry[6:9], strict=True)
        numbers = {slot: html(compact(number, str(language))) for slot, number in counters}
        row = skeleton.fill({"post_id": _ID, "url": _URL, **numbers})
        if self._keeps_rows:
            if len(self._rows) >= _ACTS_KEPT:
                self._rows.clear()
            self._rows[key] = row
        return row


def is_foreign(post_language: str | None, language: str) -> bool:
    """Tell whether a post is known to be in another language; variants of one are the same."""
    return post_language is not None and post_language != language.partition("-")[0]
