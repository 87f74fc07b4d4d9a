"""Pages: what a view has to say is put into the skeleton of its page.

Here and in what it calls, bytes are finished HTML and text is still to be escaped.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any, cast

from flask import Flask, current_app, get_flashed_messages, render_template, request
from flask import session as browser_session

from microblog import ids
from microblog.domain.pages import Page, Slice
from microblog.domain.timelines import Entry
from microblog.domain.viewer import Viewer
from microblog.ids import parse
from microblog.web.badges import badge_slots
from microblog.web.browser_session import form_token
from microblog.web.cards import Cards, Reader
from microblog.web.context import database, server, services, viewer, visit
from microblog.web.faces import listed, viewer_face, viewer_slots
from microblog.web.fragments import Fragments
from microblog.web.i18n import language, text_direction, zone
from microblog.web.names import isolated
from microblog.web.skeleton import Skeletons, html, markup

_SLOTS = (
    "title",
    "csrf_token",
    "me",
    "flashes",
    "rail",
    "page",
    "posts",
    "pager",
    "composer",
    "unread",
)


class Pages:
    """The rendered parts of pages that one process keeps."""

    def __init__(self, app: Flask) -> None:
        config = app.extensions["microblog"].config
        self.skeletons = Skeletons(app.jinja_env, keeps=not app.debug)
        self.cards = Cards(
            self.skeletons,
            0 if app.debug else config.CARD_CACHE_BYTES,
            translates=app.extensions["microblog"].translator is not None,
        )
        self.fragments = Fragments(self.skeletons, keeps=not app.debug)


def pages() -> Pages:
    """Return the running application's."""
    return cast(Pages, current_app.extensions["microblog_pages"])


def reader() -> Reader:
    """Return for whom the cards of this request are filled."""
    return Reader(viewer(), language(), zone(), time.time())


def asked_page() -> Page:
    """Return the page of a timeline that the request asks for; an odd key leads to an empty one."""
    limit = services().config.POSTS_PER_PAGE
    if not request.query_string:
        return Page(limit)
    after, before = request.args.get("after"), request.args.get("before")
    if after is not None:
        key = parse(after)
        return Page(limit, before=0) if key is None else Page(limit, after=key)
    return Page(limit) if before is None else Page(limit, before=parse(before) or 0)


def timeline(
    template: str,
    entries: Slice[Entry],
    asked: Page,
    *,
    pinned: Sequence[Entry] = (),
    others: Callable[[], Sequence[Entry]] = tuple,
    **page: Any,
) -> bytes | str:
    """Answer with a timeline: the whole page, or for "load more" its cards and pager alone.

    `pinned` stand on top of it; `others` are asked for and shown where it is still empty.
    """
    kept = pages().cards
    for_whom = reader()
    found = kept.find(database(), [*pinned, *entries.items], for_whom)
    on_top = {entry.post_id for entry in pinned}
    pins = [pair for pair in found if pair[0].post_id in on_top] if pinned else []
    cards = kept.fill(pins, for_whom, is_pinned=True) + kept.fill(found[len(pins) :], for_whom)
    cards = cards or empty(template, asked) + _others_html(others() if asked.is_first else ())
    pager = pager_html(entries, asked)
    if request.headers.get("HX-Request") and not asked.is_first:
        return cards + pager
    return fill(template, posts=cards, pager=pager, **page)


def acts_html(entry: Entry) -> bytes:
    """Return the buttons of a post alone, as they are for this reader now."""
    return pages().cards.acts(database(), entry, reader())


def quoted_card(entry: Entry) -> bytes:
    """Return the card of a post above what is written about it, where nothing is done with it."""
    kept, for_whom = pages(), reader()
    found = kept.cards.find(database(), [entry], for_whom)
    return kept.cards.fill(found, for_whom, with_acts=False)


def pager_html(entries: Slice[Any], asked: Page, end: str = "") -> bytes:
    """Return the links to the pages beside this one; `end` is what stands below the oldest."""
    skeleton = pages().skeletons.get(
        "_pager.html",
        ("older_url", "newer_url"),
        locale=language(),
        has_older=entries.older is not None,
        has_newer=entries.newer is not None,
        finished=entries.older is None and bool(entries.items),
        is_first=asked.is_first,
        end=end,
    )
    path = html(request.path)
    return skeleton.fill(
        {
            "older_url": b"%s?before=%d" % (path, entries.older or 0),
            "newer_url": b"%s?after=%d" % (path, entries.newer or 0),
        }
    )


def empty(template: str, asked: Page) -> bytes:
    """Return what stands where posts will be."""
    if not asked.is_first:
        return render_template("_stale.html", newest_url=request.path).encode()
    people = listed(pages().fragments.suggestions(viewer()))
    name = template.replace("/", "/_empty_")
    return render_template(name, people=people, signed_in=viewer() is not None).encode()


def _others_html(others: Sequence[Entry]) -> bytes:
    """Return what others write, for who follows nobody yet."""
    kept, for_whom = pages().cards, reader()
    cards = kept.fill(kept.find(database(), others, for_whom), for_whom)
    return render_template("timelines/_others.html", cards=markup(cards)).encode() if cards else b""


def fill(template: str, /, *, active: str, title: str, **values: Any) -> bytes:
    """Answer with a hot page: its skeleton, filled for this reader.

    Bytes are HTML, text is escaped; a dict becomes the slots of that name.
    """
    by = viewer()
    skeleton = pages().skeletons.get(template, _SLOTS, active=active, **_fixed(by))
    slots = {
        "title": html(_full_title(title)),
        "flashes": _flashes(),
        "rail": pages().fragments.rail(by),
        **_badges(),
    }
    if by is not None:
        slots |= viewer_slots(by)
        slots["csrf_token"] = form_token().encode()
    for name, value in values.items():
        if isinstance(value, dict):
            slots |= {f"{name}.{key}": _html(part) for key, part in value.items()}
        else:
            slots[name] = _html(value)
    return skeleton.fill(slots)


def render(template: str, /, *, active: str = "", title: str, **values: Any) -> str:
    """Answer with an ordinary page, rendered by Jinja with the same names as a hot one."""
    by = viewer()
    return render_template(
        template,
        active=active,
        title=_full_title(title),
        flashes=markup(_flashes()),
        rail=markup(pages().fragments.rail(by)),
        me=viewer_face(by) if by else None,
        unread={slot.partition(".")[2]: markup(part) for slot, part in _badges().items()},
        csrf_token=form_token(),
        **_fixed(by),
        **values,
    )


def new_key() -> str:
    """Return a key that tells a form from every other, so that a repeat of it is recognised."""
    return str(ids.new())


def out_of_band_flashes() -> str:
    """Return the waiting messages for htmx to put where messages stand."""
    return render_template(
        "_flashes.html", messages=get_flashed_messages(with_categories=True), out_of_band=True
    )


def has_shortcuts(by: Viewer | None) -> bool:
    """Tell whether single keys do something for this reader."""
    return by is None or bool(by.has_shortcuts)


def _fixed(by: Viewer | None) -> dict[str, Any]:
    tongue = language()
    return {
        "locale": tongue,
        "text_direction": text_direction(tongue),
        "theme": by.theme if by else "auto",
        "zone_auto": by is None or by.time_zone is None,
        "signed_in": by is not None,
        "is_admin": by is not None and by.is_admin,
        "has_shortcuts": has_shortcuts(by),
        "server": server(),
        "page_size": services().config.POSTS_PER_PAGE,
    }


def _badges() -> dict[str, bytes]:
    return badge_slots(visit(), language())


def _full_title(title: str) -> str:
    name = isolated(server().name)
    return f"{title} · {name}" if title else name


def _html(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else html(value)


def _flashes() -> bytes:
    if "_flashes" not in browser_session:
        return b""
    messages = get_flashed_messages(with_categories=True)
    return render_template("_flashes.html", messages=messages).encode()
