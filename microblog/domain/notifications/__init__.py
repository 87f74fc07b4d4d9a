"""Notifications: who is told what others did. It knows neither pages nor mails."""

from microblog.domain.notifications.choosing import Choice, choose, get_choice
from microblog.domain.notifications.following_up import (
    forget_each_other,
    take_back_boost,
    take_back_favourite,
    take_back_follow,
    take_back_of_edit,
    take_back_request,
    tell_of_boost,
    tell_of_favourite,
    tell_of_follow,
    tell_of_post,
    tell_of_request,
)
from microblog.domain.notifications.mailing import may_mail
from microblog.domain.notifications.reading import NotificationView, list_notifications, mark_read
from microblog.domain.notifications.sweeping import sweep
from microblog.models.notification import (
    BOOST,
    FAVOURITE,
    FOLLOW,
    FOLLOW_REQUEST,
    KINDS,
    MENTION,
    MESSAGE,
    REPLY,
)

__all__ = [
    "BOOST",
    "FAVOURITE",
    "FOLLOW",
    "FOLLOW_REQUEST",
    "KINDS",
    "MENTION",
    "MESSAGE",
    "REPLY",
    "Choice",
    "NotificationView",
    "choose",
    "forget_each_other",
    "get_choice",
    "list_notifications",
    "mark_read",
    "may_mail",
    "sweep",
    "take_back_boost",
    "take_back_favourite",
    "take_back_follow",
    "take_back_of_edit",
    "take_back_request",
    "tell_of_boost",
    "tell_of_favourite",
    "tell_of_follow",
    "tell_of_post",
    "tell_of_request",
]
