"""What stands around a post on its own page, as HTML: the posts above it, and its replies."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from markupsafe import Markup

from microblog.domain import threads
from microblog.domain.paths import account_path, post_path
from microblog.domain.threads import Branch, Focus, Place, Thread
from microblog.domain.visibility import MENTIONED
from microblog.web.cards import Card, Extras
from microblog.web.context import database
from microblog.web.i18n import language
from microblog.web.numbers import and_others_html
from microblog.web.pages import pages, reader
from microblog.web.skeleton import html

_STANDINGS = {
    threads.SEEN: "seen",
    threads.MUTED: "muted",
    threads.DELETED: "deleted",
    threads.UNAVAILABLE: "unavailable",
}


class ThreadPage:
    """The thread around a post, as one reader is shown it."""

    def __init__(self, focus: Focus, thread: Thread, *, is_first: bool) -> None:
        self._focus = focus
        self._thread = thread
        self._is_first = is_first
        self._reader = reader()
        places = list(_places(thread))
        entries = [place.entry for place in places]
        found = pages().cards.find(database(), entries, self._reader)
        self._cards = {entry.post_id: (entry, card) for entry, card in found}
        self._extras = {
            place.entry.post_id: Extras(_part(place.part)) for place in places if place.part
        }

    def focused(self) -> tuple[bytes, Card] | None:
        """Return the card of the post itself; None when it is gone just now."""
        focus, part = self._focus, self._thread.part
        found = pages().cards.find(database(), [focus.entry], self._reader, focused=True)
        if not found:
            return None
        extras = Extras(
            _part(part) if part else b"",
            _audience(focus.named) if focus.visibility == MENTIONED else b"",
        )
        filled = pages().cards.fill(found, self._reader, {focus.entry.post_id: extras})
        return filled, found[0][1]

    def above(self) -> bytes:
        """Return the posts above it, from the first one on."""
        thread = self._thread
        if not thread.path:
            return b""
        earlier = thread.earlier
        return _fill(
            "posts/_above.html",
            {
                "root": self._places([thread.root]) if thread.root else b"",
                "earlier_url": html(_url(earlier)) if earlier else b"",
                "places": self._places(thread.path),
            },
            has_earlier=earlier is not None,
        )

    def replies(self) -> bytes:
        """Return the replies to it under a heading; nothing where there are none."""
        below = self.below()
        return _fill("posts/_replies.html", {"below": below}) if below else b""

    def below(self) -> bytes:
        """Return the replies to it, and the links to more of them."""
        thread = self._thread
        replies = self._branches(thread.series, is_series=True) + self._branches(thread.replies)
        url = html(post_path(self._focus.username, self._focus.entry.post_id))
        return replies + _fill(
            "posts/_replies_pager.html",
            {"url": url, "after": b"%d" % (thread.after or 0)},
            has_more=thread.after is not None,
            is_first=self._is_first,
        )

    def _branches(self, branches: Iterable[Branch], *, is_series: bool = False) -> bytes:
        places = b"".join(map(self._branch, branches))
        if not places:
            return b""
        return _fill("posts/_places.html", {"places": places}, is_series=is_series)

    def _branch(self, branch: Branch) -> bytes:
        replies = self._branches(branch.replies)
        return self._place(branch.place, replies, more=branch.more, goes_on=branch.goes_on)

    def _places(self, places: Iterable[Place | None]) -> bytes:
        return b"".join(self._place(place) for place in places)

    def _place(
        self, place: Place | None, replies: bytes = b"", *, more: int = 0, goes_on: bool = False
    ) -> bytes:
        standing = _STANDINGS[place.standing if place else threads.UNAVAILABLE]
        found = self._cards.get(place.entry.post_id) if place else None
        if standing in ("seen", "muted") and found is None:
            # Deleted in this moment.
            standing = "unavailable"
        return _fill(
            "posts/_place.html",
            {
                "card": pages().cards.fill([found], self._reader, self._extras) if found else b"",
                "replies": replies,
                "url": html(_url(place)) if place else b"",
                "name": html(place.username) if place else b"",
            },
            standing=standing,
            more=more,
            counted=threads.COUNTED,
            goes_on=goes_on,
        )


def _places(thread: Thread) -> Iterator[Place]:
    """Return all places of a thread."""
    yield from (place for place in (thread.root, *thread.path) if place is not None)
    for branch in (*thread.series, *thread.replies):
        yield from _places_below(branch)


def _places_below(branch: Branch) -> Iterator[Place]:
    yield branch.place
    for reply in branch.replies:
        yield from _places_below(reply)


def _part(part: tuple[int, int]) -> bytes:
    number, total = part
    return _fill("posts/_part.html", {"number": b"%d" % number, "total": b"%d" % total})


def _audience(names: Sequence[str]) -> bytes:
    """Return whom a post is for that only those may read whom it mentions."""
    if not names:
        return b""
    links = [
        Markup('<a href="{}" dir="ltr">@{}</a>').format(account_path(name), name) for name in names
    ]
    return _fill("posts/_audience.html", {"names": html(and_others_html(links, 0, language()))})


def _url(place: Place) -> str:
    return post_path(place.username, place.entry.post_id)


def _fill(template: str, values: dict[str, bytes], **fixed: Any) -> bytes:
    skeleton = pages().skeletons.get(template, tuple(values), locale=language(), **fixed)
    return skeleton.fill(values)
