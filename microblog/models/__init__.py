"""Every table, one file per noun: columns, relationships and questions about the row itself.

A model makes no query and knows no session.
"""

from microblog.models.account import Account
from microblog.models.account_token import AccountToken
from microblog.models.attachment import Attachment
from microblog.models.attempt_counter import AttemptCounter
from microblog.models.block import Block
from microblog.models.bookmark import Bookmark
from microblog.models.boost import Boost
from microblog.models.conversation import Conversation, ConversationMember, Message
from microblog.models.favourite import Favourite
from microblog.models.follow import Follow, FollowRequest
from microblog.models.login_session import LoginSession
from microblog.models.mute import Mute
from microblog.models.notification import Notification, NotificationActor
from microblog.models.outbox_event import OutboxEvent
from microblog.models.periodic_run import PeriodicRun
from microblog.models.pin import Pin
from microblog.models.post import Post
from microblog.models.post_edit import PostEdit
from microblog.models.post_mention import PostMention
from microblog.models.recovery_code import RecoveryCode
from microblog.models.reserved_handle import ReservedHandle
from microblog.models.saved_draft import SavedDraft
from microblog.models.security_event import SecurityEvent
from microblog.models.server import Server
from microblog.models.tag import PostTag, Tag
from microblog.models.thread_mute import ThreadMute
from microblog.models.timeline_entry import TimelineEntry
from microblog.models.translation import Translation
from microblog.models.user import User

__all__ = [
    "Account",
    "AccountToken",
    "Attachment",
    "AttemptCounter",
    "Block",
    "Bookmark",
    "Boost",
    "Conversation",
    "ConversationMember",
    "Favourite",
    "Follow",
    "FollowRequest",
    "LoginSession",
    "Message",
    "Mute",
    "Notification",
    "NotificationActor",
    "OutboxEvent",
    "PeriodicRun",
    "Pin",
    "Post",
    "PostEdit",
    "PostMention",
    "PostTag",
    "RecoveryCode",
    "ReservedHandle",
    "SavedDraft",
    "SecurityEvent",
    "Server",
    "Tag",
    "ThreadMute",
    "TimelineEntry",
    "Translation",
    "User",
]
