"""Telling people by mail what they are told: as much as helps, and never more than they read."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from microblog import clock, ids
from microblog.domain import attempts, outbox
from microblog.domain.attempts import Rule
from microblog.domain.events import MailRequested
from microblog.domain.paths import account_path, post_path
from microblog.domain.visibility import FOR_EVERYBODY
from microblog.models import Account, Notification, Post, User
from microblog.models.notification import FOLLOW, FOLLOW_REQUEST

MAIL = "notification"
# Of one notification there is at most one in this time, and none before the last one was read.
PAUSE = timedelta(hours=1)
# Of all of them; who is the talk of the town looks at the page.
OF_ALL = Rule("notification_mail", 10, timedelta(hours=1))
_EXCERPT_LENGTH = 300


def mail(session: Session, receiver: User, group: Notification, actor_id: int) -> bool:
    """Have somebody who wants it told by mail what is new; False when that would be too much."""
    if not wants_mail(receiver, group.kind) or not _is_time(receiver, group):
        return False
    if attempts.hit(session, OF_ALL.of(receiver.account_id)):
        return False
    group.mailed_id = group.last_id
    actor = session.get_one(Account, actor_id)
    values = {"what": group.kind, "name": actor.name, "username": actor.username}
    values |= _about(session, group, actor)
    outbox.announce(session, MailRequested(MAIL, receiver.email, receiver.account_id, 0, values))
    return True


def wants_mail(receiver: User, kind: str) -> bool:
    """Tell whether somebody is told of a kind by mail, at an address that is known to be theirs."""
    is_wanted = kind in receiver.mailed_notifications.split(",")
    return is_wanted and receiver.email_confirmed_at is not None


def may_mail(session: Session, receiver: User, kind: str) -> bool:
    """Tell whether one more mail of a kind may be sent to somebody now, and count it if so."""
    return wants_mail(receiver, kind) and not attempts.hit(session, OF_ALL.of(receiver.account_id))


def _is_time(receiver: User, group: Notification) -> bool:
    if not group.mailed_id:
        return True
    is_read = group.mailed_id <= receiver.notifications_read_id
    return is_read and ids.time_of(group.mailed_id) <= clock.now() - PAUSE


def _about(session: Session, group: Notification, actor: Account) -> dict[str, str]:
    """Return where the mail leads, and what it quotes: only what everybody may read."""
    if group.kind == FOLLOW_REQUEST:
        return {"path": "/follow-requests", "excerpt": ""}
    if group.kind == FOLLOW or group.post_id is None:
        return {"path": account_path(actor.username), "excerpt": ""}
    post, author = session.execute(
        select(Post, Account.username)
        .join(Account, Account.id == Post.account_id)
        .where(Post.id == group.post_id)
    ).one()
    quoted = (post.warning or post.text) if post.visibility in FOR_EVERYBODY else ""
    if len(quoted) > _EXCERPT_LENGTH:
        quoted = f"{quoted[: _EXCERPT_LENGTH - 1]}…"
    return {"path": post_path(author, post.id), "excerpt": quoted}
