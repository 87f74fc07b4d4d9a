"""Notifications as a page shows them: lines of what people did, and cards of what they wrote.

A line is a skeleton: what differs are the people, the sentence, the time and the post.
"""

import time
from collections.abc import Callable, Iterable

from flask import render_template
from flask_babel import ngettext
from markupsafe import Markup

from microblog import ids
from microblog.domain.notifications import (
    BOOST,
    FAVOURITE,
    FOLLOW,
    FOLLOW_REQUEST,
    MENTION,
    REPLY,
    NotificationView,
)
from microblog.domain.paths import account_path, post_path
from microblog.domain.posts import Face
from microblog.domain.relationships import Relationship
from microblog.domain.viewer import Viewer
from microblog.web.cards import Reader
from microblog.web.context import database
from microblog.web.faces import AccountFace, avatar_url
from microblog.web.i18n import language, zone
from microblog.web.numbers import and_others_html
from microblog.web.pages import pages
from microblog.web.skeleton import html

_SYMBOLS = {
    MENTION: "at-sign",
    REPLY: "message-circle",
    FAVOURITE: "heart",
    BOOST: "repeat-2",
    FOLLOW: "user-plus",
    FOLLOW_REQUEST: "user-check",
}
_SLOTS = ("key", "faces", "sentence", "time", "url", "excerpt", "acts", "card")
_NAME = Markup('<a class="note-name" href="{}">{}</a>')


def notes_html(views: Iterable[NotificationView], by: Viewer) -> bytes:
    """Return notifications, one after the other, for the one who is told."""
    views = list(views)
    reader = Reader(by, language(), zone(), time.time())
    cards = pages().cards
    talk = [view.entry for view in views if view.entry and view.kind in (MENTION, REPLY)]
    found = {entry.post_id: (entry, card) for entry, card in cards.find(database(), talk, reader)}
    notes = []
    for view in views:
        if view.kind not in (MENTION, REPLY):
            notes.append(_gathered(view, by))
        elif view.entry and view.entry.post_id in found:
            card = cards.fill([found[view.entry.post_id]], reader)
            notes.append(_note(view, card=card))
    return b"".join(notes)


def _gathered(view: NotificationView, by: Viewer) -> bytes:
    people = view.people
    names = [_NAME.format(account_path(face.username), face.name) for face in people.named]
    told = and_others_html(names, people.others, language(), has_more=people.has_more)
    count = len(people.named) + people.others
    slots = {
        "sentence": html(Markup(_SENTENCES[view.kind](told, count))),  # noqa: S704 - see above.
        "faces": b"".join(map(_face, people.named)),
    }
    if view.entry is not None:
        slots["url"] = html(post_path(by.username, view.entry.post_id))
        slots["excerpt"] = html(" ".join((view.warning or view.excerpt).split()))
    if view.kind == FOLLOW_REQUEST:
        slots["acts"] = _request(people.named[0])
    return _note(view, **slots)


def _note(view: NotificationView, **slots: bytes) -> bytes:
    skeleton = pages().skeletons.get(
        "notifications/_note.html",
        _SLOTS,
        locale=language(),
        kind=view.kind,
        symbol=_SYMBOLS[view.kind],
        is_unread=view.is_unread,
        has_excerpt=bool(slots.get("excerpt")),
    )
    moment = pages().fragments.moment(ids.time_of(view.key))
    empty = dict.fromkeys(_SLOTS, b"")
    return skeleton.fill({**empty, "key": b"%d" % view.key, "time": moment, **slots})


def _face(face: Face) -> bytes:
    skeleton = pages().skeletons.get("notifications/_face.html", ("url", "avatar"))
    return skeleton.fill(
        {
            "url": html(account_path(face.username)),
            "avatar": html(avatar_url(face.id, face.avatar)),
        }
    )


def _request(face: Face) -> bytes:
    """Return the buttons that let somebody in or turn them down."""
    account = AccountFace(
        id=face.id,
        username=face.username,
        handle=f"@{face.username}",
        display_name=face.name,
        url=account_path(face.username),
        avatar=avatar_url(face.id, face.avatar),
        is_locked=False,
    )
    asks = Relationship(wants_to_follow=True)
    return render_template("_request.html", account=account, relationship=asks).encode()


# By the number of people who did it, for the languages in which that changes the verb.
_SENTENCES: dict[str, Callable[[Markup, int], str]] = {
    FAVOURITE: lambda people, count: ngettext(
        "%(people)s favourited your post", "%(people)s favourited your post", count, people=people
    ),
    BOOST: lambda people, count: ngettext(
        "%(people)s boosted your post", "%(people)s boosted your post", count, people=people
    ),
    FOLLOW: lambda people, count: ngettext(
        "%(people)s followed you", "%(people)s followed you", count, people=people
    ),
    FOLLOW_REQUEST: lambda people, count: ngettext(
        "%(people)s asks to follow you", "%(people)s ask to follow you", count, people=people
    ),
}
