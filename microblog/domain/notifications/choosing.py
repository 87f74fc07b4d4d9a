"""What people want to be told, and how."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from microblog.domain.errors import Invalid
from microblog.domain.viewer import Viewer
from microblog.models import User
from microblog.models.notification import KINDS, MAILED_KINDS


@dataclass(frozen=True)
class Choice:
    """The kinds that somebody is told on the page, and by mail, in the order of MAILED_KINDS."""

    on_page: tuple[str, ...]
    by_mail: tuple[str, ...]
    # Whether mails reach them: somebody has shown that the address is theirs.
    has_address: bool


def get_choice(session: Session, viewer: Viewer) -> Choice:
    """Return what the viewer wants to be told."""
    unwanted, mailed, confirmed_at = session.execute(
        select(
            User.unwanted_notifications, User.mailed_notifications, User.email_confirmed_at
        ).where(User.account_id == viewer.id)
    ).one()
    return Choice(
        tuple(kind for kind in KINDS if kind not in unwanted.split(",")),
        tuple(kind for kind in MAILED_KINDS if kind in mailed.split(",")),
        confirmed_at is not None,
    )


def choose(
    session: Session, *, by: Viewer, on_page: Collection[str], by_mail: Collection[str]
) -> None:
    """Change what the viewer is told from now on; what comes by mail is on the page, too.

    **Raises** Invalid for an unknown kind.
    """
    if not {*on_page} <= {*KINDS} or not {*by_mail} <= {*MAILED_KINDS}:
        raise Invalid("on_page", "kind_unknown")
    unwanted = [kind for kind in KINDS if kind not in on_page and kind not in by_mail]
    mailed = [kind for kind in MAILED_KINDS if kind in by_mail]
    session.execute(
        update(User)
        .where(User.account_id == by.id)
        .values(unwanted_notifications=",".join(unwanted), mailed_notifications=",".join(mailed))
    )
