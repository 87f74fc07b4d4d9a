"""Notifications as their receivers read them."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select, union_all, update
from sqlalchemy.orm import Session

from microblog.db import AnySelect, Database, Prepared, at_most
from microblog.domain.notifications.kinds import TALK
from microblog.domain.notifications.people import People, find_people
from microblog.domain.pages import Page, Slice, slice_of
from microblog.domain.timelines.entries import Entry, beside, entry_columns
from microblog.domain.unread import is_shown
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import VIEWER_ID
from microblog.models import Account, Notification, Post, User

# Of a post, as much as a line or two can show.
EXCERPT_LENGTH = 300


@dataclass(frozen=True, slots=True)
class NotificationView:
    """What somebody is told, and by whom; `entry` is the post that it is about."""

    key: int
    kind: str
    is_unread: bool
    people: People
    entry: Entry | None
    excerpt: str
    warning: str


_ENTRY_WIDTH = 9
_COLUMNS = (
    Notification.id,
    Notification.kind,
    Notification.last_id > User.notifications_read_id,
    func.substr(Post.text, 1, EXCERPT_LENGTH),
    Post.warning,
)


def list_notifications(
    db: Database, viewer: Viewer, page: Page, *, only_talk: bool = False
) -> Slice[NotificationView]:
    """Return what a person is told, the newest first; or only mentions and answers."""
    key = {"before": page.before} if page.after is None else {"after": page.after}
    statement = _groups(page.limit, newer=page.after is not None, only_talk=only_talk)
    rows = db.fetch(statement, viewer_id=viewer.id, **key)
    people = find_people(db, viewer, [row[_ENTRY_WIDTH] for row in rows], page.limit + 1)
    # Who has gone between the two statements is told of no more.
    views = [_view(row, people[row[_ENTRY_WIDTH]]) for row in rows if row[_ENTRY_WIDTH] in people]
    return slice_of([(view.key, view) for view in views], page)


def mark_read(session: Session, *, by: Viewer, key: int) -> bool:
    """Record that the viewer has seen what they were told up to a key; False when they had."""
    newest = session.scalar(
        select(func.max(Notification.last_id)).where(Notification.account_id == by.id)
    )
    # What is still to come is not read, whatever the key says.
    key = min(key, newest or 0)
    user = session.scalar(
        select(User).where(User.account_id == by.id, User.notifications_read_id < key)
    )
    if user is None:
        return False
    session.execute(
        update(User)
        .where(User.account_id == by.id, User.notifications_read_id < key)
        .values(notifications_read_id=key)
    )
    return True


@lru_cache(maxsize=50)
def _groups(limit: int, *, newer: bool, only_talk: bool) -> Prepared:
    """Return the statement for a page: one range of an index for each kind, or one for all."""
    own = select(Notification.id, Notification.last_id).where(
        Notification.account_id == VIEWER_ID, is_shown(Notification)
    )
    ranges = [own.where(Notification.kind == kind) for kind in TALK] if only_talk else [own]
    found = union_all(*(select(_cut(each, limit, newer=newer)) for each in ranges)).subquery()
    statement = (
        entry_columns(Notification.last_id)
        .add_columns(*_COLUMNS)
        .select_from(found)
        .join(Notification, Notification.id == found.c.id)
        .join(User, User.account_id == Notification.account_id)
        .outerjoin(Post, Post.id == Notification.post_id)
        .outerjoin(Account, Account.id == Post.account_id)
    )
    order = found.c.last_id.asc() if newer else found.c.last_id.desc()
    return Prepared(statement.order_by(order).limit(at_most(limit + 1)))


def _cut(own: AnySelect, limit: int, *, newer: bool) -> Any:
    page = beside(own, Notification.last_id, newer=newer).limit(at_most(limit + 1))
    return page.subquery()


def _view(row: tuple[Any, ...], people: People) -> NotificationView:
    _id, kind, is_unread, excerpt, warning = row[_ENTRY_WIDTH:]
    entry = Entry(*row[:_ENTRY_WIDTH]) if row[1] is not None else None
    return NotificationView(
        row[0],
        kind,
        bool(is_unread),
        people,
        entry,
        excerpt or "",
        warning or "",
    )
