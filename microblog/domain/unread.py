"""What waits for somebody: the notifications and private messages that they have not seen.

Every page says how many there are, so they are counted up to a limit, within a larger statement.
"""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from microblog.db import at_most
from microblog.domain.visibility import PersonColumn, is_blocked, is_muted, is_visible
from microblog.models import (
    Account,
    ConversationMember,
    FollowRequest,
    Notification,
    NotificationActor,
    Post,
    User,
)
from microblog.models.conversation import MEMBER
from microblog.models.notification import FOLLOW_REQUEST

# One more is "and more": nobody counts a hundred things to read.
UNREAD_LIMIT = 100

# An alias of Notification, or the class itself.
Notifications = Any

_actor, _person = aliased(NotificationActor), aliased(Account)
_newer, _talk = aliased(Notification), aliased(ConversationMember)


def is_shown(notification: Notifications) -> ColumnElement[bool]:
    """Return the condition on Notification rows that their receivers may still see.

    Whoever was suspended, blocked or muted since is left out, and what is nobody's then; and posts
    that their receivers may not see any more.
    """
    receiver_id = notification.account_id
    is_asking = (
        exists()
        .where(FollowRequest.follower_id == _actor.actor_id)
        .where(FollowRequest.followed_id == receiver_id)
        # The receiver is two statements further out.
        .correlate_except(FollowRequest)
    )
    has_actor = exists().where(
        _actor.notification_id == notification.id,
        _person.id == _actor.actor_id,
        is_heard(receiver_id, _person),
        or_(notification.kind != FOLLOW_REQUEST, is_asking),
    )
    has_post = exists(
        select(Post.id)
        .join(Account, Account.id == Post.account_id)
        .where(Post.id == notification.post_id, is_visible(receiver_id))
    )
    return and_(has_actor, or_(notification.post_id.is_(None), has_post))


def is_heard(receiver_id: PersonColumn, person: Any) -> ColumnElement[bool]:
    """Return the condition on Account rows, or an alias's, of people whom somebody hears of."""
    return and_(
        person.suspended_at.is_(None),
        ~is_blocked(receiver_id, person.id),
        ~is_muted(receiver_id, person.id),
    )


def count_notifications(
    account_id: ScalarSelect[int], read_id: ScalarSelect[int]
) -> ColumnElement[int]:
    """Return how many notifications somebody has not seen, of the newest UNREAD_LIMIT.

    The statement around it is about their row in users, which tells at once that there are none.
    """
    newest = (
        select(Notification.id, Notification.account_id, Notification.kind, Notification.post_id)
        .where(Notification.account_id == account_id, Notification.last_id > read_id)
        .order_by(Notification.last_id.desc())
        .limit(at_most(UNREAD_LIMIT))
        .subquery()
    )
    is_counted = is_shown(aliased(Notification, newest))
    counted = select(func.count()).select_from(newest).where(is_counted).scalar_subquery()
    is_any = exists().where(
        _newer.account_id == User.account_id, _newer.last_id > User.notifications_read_id
    )
    return case((is_any, counted), else_=0)


def count_messages(account_id: ScalarSelect[int]) -> ColumnElement[int]:
    """Return how many conversations have something new for somebody, as above."""
    unread = (
        select(ConversationMember.conversation_id)
        .where(
            ConversationMember.account_id == account_id,
            ConversationMember.state == MEMBER,
            ConversationMember.is_unread == true(),
        )
        .limit(at_most(UNREAD_LIMIT))
        .subquery()
    )
    counted = select(func.count()).select_from(unread).scalar_subquery()
    is_any = exists().where(
        _talk.account_id == User.account_id, _talk.state == MEMBER, _talk.is_unread == true()
    )
    return case((is_any, counted), else_=0)
