"""Notifications: who is told what others did. It knows neither pages nor mails."""

from microblog.domain.notifications.following_up import (
    forget_each_other,
    take_back_boost,
    take_back_favourite,
    take_back_follow,
    take_back_request,
    tell_of_boost,
    tell_of_favourite,
    tell_of_follow,
    tell_of_post,
    tell_of_request,
)
from microblog.domain.notifications.reading import NotificationView, list_notifications, mark_read
from microblog.models.notification import (
    BOOST,
    FAVOURITE,
    FOLLOW,
    FOLLOW_REQUEST,
    KINDS,
    MENTION,
    REPLY,
)

__all__ = [
    "BOOST",
    "FAVOURITE",
    "FOLLOW",
    "FOLLOW_REQUEST",
    "KINDS",
    "MENTION",
    "REPLY",
    "NotificationView",
    "forget_each_other",
    "list_notifications",
    "mark_read",
    "take_back_boost",
    "take_back_favourite",
    "take_back_follow",
    "take_back_request",
    "tell_of_boost",
    "tell_of_favourite",
    "tell_of_follow",
    "tell_of_post",
    "tell_of_request",
]
