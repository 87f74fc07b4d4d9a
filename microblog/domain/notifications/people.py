"""Who did what somebody is told: a few of them by name, and how many others."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import bindparam, func, select, union_all

from microblog.db import Database, Id, Prepared, at_most
from microblog.domain.posts import Face
from microblog.domain.unread import is_heard
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import VIEWER_ID
from microblog.models import Account, NotificationActor

# Of a notification's people, so many are named, and so many looked at to count the others.
NAMED = 3
COUNTED = 100


@dataclass(frozen=True, slots=True)
class People:
    """Those who did something, the newest first.

    `others` are those who are not named; `has_more`: there are even more, whom nobody counted.
    """

    named: Sequence[Face]
    others: int
    has_more: bool


def find_people(
    db: Database, viewer: Viewer, notification_ids: Sequence[int], count: int
) -> dict[int, People]:
    """Return the people of each of at most `count` notifications, as far as the viewer hears them.

    One statement of always the same length: it is prepared for that many.
    """
    if not notification_ids:
        return {}
    values = dict.fromkeys(map(_name, range(count)), 0)
    values |= {_name(number): id_ for number, id_ in enumerate(notification_ids)}
    named: dict[int, list[Face]] = {}
    numbers: dict[int, tuple[int, bool]] = {}
    rows = db.fetch(_newest_of(count), viewer_id=viewer.id, **values)
    for id_, looked_at, heard, _place, *columns in rows:
        account_id, username, display_name, avatar, version = columns
        face = Face(account_id, username, display_name or username, avatar, version)
        named.setdefault(id_, []).append(face)
        numbers[id_] = max(0, heard - NAMED), looked_at == COUNTED
    return {id_: People(faces, *numbers[id_]) for id_, faces in named.items()}


def _name(number: int) -> str:
    return f"notification_{number}"


@lru_cache(maxsize=10)
def _newest_of(count: int) -> Prepared:
    """Return the statement for the people of so many notifications, the newest of each."""
    newest = (
        select(NotificationActor)
        .where(NotificationActor.notification_id == bindparam(_name(number), type_=Id))
        .order_by(NotificationActor.id.desc())
        .limit(at_most(COUNTED))
        .subquery()
        for number in range(count)
    )
    rows = union_all(*(select(each) for each in newest)).subquery()
    counted = select(
        rows, func.count().over(partition_by=rows.c.notification_id).label("looked_at")
    ).subquery()
    notification_id = counted.c.notification_id
    place = func.row_number().over(partition_by=notification_id, order_by=counted.c.id.desc())
    heard = (
        select(
            notification_id,
            counted.c.looked_at,
            func.count().over(partition_by=notification_id),
            place.label("place"),
            Account.id,
            Account.username,
            Account.display_name,
            Account.avatar,
            Account.version,
        )
        .join(Account, Account.id == counted.c.actor_id)
        .where(is_heard(VIEWER_ID, Account))
        .subquery()
    )
    named = select(heard).where(heard.c.place <= at_most(NAMED))
    return Prepared(named.order_by(heard.c.notification_id, heard.c.place))
