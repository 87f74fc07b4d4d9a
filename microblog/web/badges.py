"""What waits for the signed-in person: beside the navigation, in the title, and in the small poll.

The numbers come with the visit, so that no page asks for them by itself.
"""

from functools import lru_cache
from typing import NamedTuple

from flask import render_template
from flask_babel import ngettext

from microblog.domain.sessions import Visit
from microblog.domain.unread import UNREAD_LIMIT
from microblog.web.numbers import at_most
from microblog.web.skeleton import html


class Badge(NamedTuple):
    """A number as it is shown, and what is read out; both are empty for nothing."""

    shown: str
    label: str


class Badges(NamedTuple):
    """What stands before the title, and what waits where."""

    title: str
    notifications: Badge
    messages: Badge


def badges(visit: Visit, language: str) -> Badges:
    """Return what waits for whoever visits, in their language, which is that of the request."""
    return _badges(visit.unread_notifications, visit.unread_messages, language)


def badge_slots(visit: Visit, language: str) -> dict[str, bytes]:
    """Return the same for a skeleton. Not to be changed: it is kept."""
    return _slots(visit.unread_notifications, visit.unread_messages, language)


@lru_cache(maxsize=2000)
def _badges(notifications: int, messages: int, language: str) -> Badges:
    waiting = _shown(notifications + messages, language)
    return Badges(
        f"({waiting}) " if waiting else "",
        _badge(notifications, language),
        _badge(messages, language),
    )


def _badge(count: int, language: str) -> Badge:
    shown = _shown(count, language)
    if not shown:
        return Badge("", "")
    return Badge(shown, ngettext("%(number)s unread", "%(number)s unread", count, number=shown))


def _shown(count: int, language: str) -> str:
    return at_most(count, UNREAD_LIMIT - 1, language) if count else ""


@lru_cache(maxsize=2000)
def _slots(notifications: int, messages: int, language: str) -> dict[str, bytes]:
    title, *found = _badges(notifications, messages, language)
    slots = {"unread.title": html(title)}
    for name, badge in zip(Badges._fields[1:], found, strict=True):
        rendered = render_template("_badge.html", name=name, badge=badge)
        slots[f"unread.{name}"] = rendered.encode()
    return slots
