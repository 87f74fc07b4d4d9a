"""Every table, one file per noun: columns, relationships and questions about the row itself.

A model makes no query and knows no session.
"""

from microblog.models.account import Account
from microblog.models.account_token import AccountToken
from microblog.models.attempt_counter import AttemptCounter
from microblog.models.follow import Follow
from microblog.models.login_session import LoginSession
from microblog.models.outbox_event import OutboxEvent
from microblog.models.periodic_run import PeriodicRun
from microblog.models.post import Post
from microblog.models.recovery_code import RecoveryCode
from microblog.models.reserved_handle import ReservedHandle
from microblog.models.security_event import SecurityEvent
from microblog.models.server import Server
from microblog.models.tag import PostTag, Tag
from microblog.models.timeline_entry import TimelineEntry
from microblog.models.translation import Translation
from microblog.models.user import User

__all__ = [
    "Account",
    "AccountToken",
    "AttemptCounter",
    "Follow",
    "LoginSession",
    "OutboxEvent",
    "PeriodicRun",
    "Post",
    "PostTag",
    "RecoveryCode",
    "ReservedHandle",
    "SecurityEvent",
    "Server",
    "Tag",
    "TimelineEntry",
    "Translation",
    "User",
]
