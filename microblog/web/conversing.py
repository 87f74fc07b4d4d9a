"""Conversations and messages as templates show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.lists import format_list
from flask_babel import gettext as _
from markupsafe import Markup

from microblog import clock
from microblog.domain.messages import ConversationView, MessageView
from microblog.domain.paths import account_path, conversation_path
from microblog.domain.posts import Face
from microblog.moments import locale_of
from microblog.web.faces import avatar_url
from microblog.web.i18n import language, zone
from microblog.web.names import isolated
from microblog.web.pages import pages
from microblog.web.skeleton import markup
from microblog.web.times import clock_time, full_date, full_time

_EXCERPT_LENGTH = 120
_FACES_SHOWN = 2
# What somebody says again within this time needs no name above it.
_PAUSE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Partner:
    """Somebody in a conversation."""

    username: str
    display_name: str
    url: str
    avatar: str


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """A conversation in a list, or on top of its own page."""

    id: int
    url: str
    title: str
    partners: list[Partner]
    # At most so many pictures lie over each other.
    shown: list[Partner]
    is_of_several: bool
    is_request: bool
    is_unread: bool
    last_message_id: int
    excerpt: str
    is_excerpt_own: bool
    time: Markup | None


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message, with what stands above it: the day it was sent on, when that is another one."""

    id: int
    # "" on the same day as the one before; the date is what tells the day from others.
    day: str
    day_key: str
    partner: Partner | None
    is_own: bool
    is_departure: bool
    # Whether its author spoke just before.
    goes_on: bool
    html: Markup
    iso: str
    time: str
    full_time: str


def conversation_row(view: ConversationView) -> ConversationRow:
    """Return a conversation as lists and its own page show it."""
    partners = [partner(face) for face in view.others]
    last = view.last
    return ConversationRow(
        id=view.id,
        url=conversation_path(view.id),
        title=title_of([each.display_name for each in partners]),
        partners=partners,
        shown=partners[:_FACES_SHOWN],
        is_of_several=view.is_of_several,
        is_request=view.is_request,
        is_unread=view.is_unread,
        last_message_id=view.last_message_id,
        excerpt=_excerpt(last.text) if last else "",
        is_excerpt_own=bool(last and last.is_own),
        time=markup(pages().fragments.moment(last.created_at)) if last else None,
    )


def message_rows(messages: Iterable[MessageView]) -> list[MessageRow]:
    """Return messages as a page shows them, the oldest first as they come."""
    rows, before = [], None
    for message in messages:
        rows.append(_message_row(message, before))
        before = message
    return rows


def title_of(names: Sequence[str]) -> str:
    """Return the names of those whom one talks with, as a sentence lists them."""
    if not names:
        return _("Somebody who is not here any more")
    return format_list([isolated(name) for name in names], locale=locale_of(language()))


def partner(face: Face) -> Partner:
    """Return somebody as a conversation shows them."""
    return Partner(
        face.username, face.name, account_path(face.username), avatar_url(face.id, face.avatar)
    )


def _message_row(message: MessageView, before: MessageView | None) -> MessageRow:
    where = (language(), zone())
    day = _day(message.created_at)
    is_same_day = before is not None and _day(before.created_at) == day
    return MessageRow(
        id=message.id,
        day="" if is_same_day else _day_words(day, message.created_at),
        day_key=day.isoformat(),
        partner=partner(message.author) if message.author else None,
        is_own=message.is_own,
        is_departure=message.is_departure,
        goes_on=is_same_day and before is not None and _goes_on(message, before),
        html=Markup(message.html),  # noqa: S704 - sanitised when it was sent.
        iso=message.created_at.isoformat(timespec="seconds"),
        time=clock_time(message.created_at, *where),
        full_time=full_time(message.created_at, *where),
    )


def _goes_on(message: MessageView, before: MessageView) -> bool:
    is_same = message.author is not None and message.author == before.author
    is_soon = message.created_at - before.created_at < _PAUSE
    return is_same and is_soon and not before.is_departure


def _day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(zone())).date()


def _day_words(day: date, moment: datetime) -> str:
    days_ago = (_day(clock.now()) - day).days
    if days_ago <= 0:
        return _("Today")
    return _("Yesterday") if days_ago == 1 else full_date(moment, language(), zone())


def _excerpt(text: str) -> str:
    line = " ".join(text[: 2 * _EXCERPT_LENGTH].split())
    return line if len(line) <= _EXCERPT_LENGTH else line[: _EXCERPT_LENGTH - 1] + "…"
