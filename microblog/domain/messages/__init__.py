"""Private messages: conversations among explicit people, each read by those in it alone.

It knows people and how they stand to each other, and no posts.
"""

from microblog.domain.messages.clearing import clear_away, forget_old_keys
from microblog.domain.messages.mailing import mail
from microblog.domain.messages.membership import accept, clear, leave, mark_read
from microblog.domain.messages.reading import (
    ConversationView,
    MessageView,
    count_requests,
    find_with,
    get_conversation,
    list_conversations,
    list_messages,
)
from microblog.domain.messages.recipients import MAX_RECIPIENTS, find_recipients
from microblog.domain.messages.writing import (
    MESSAGE_LIMIT,
    MessageDraft,
    Sent,
    begin,
    compose,
    send,
)

__all__ = [
    "MAX_RECIPIENTS",
    "MESSAGE_LIMIT",
    "ConversationView",
    "MessageDraft",
    "MessageView",
    "Sent",
    "accept",
    "begin",
    "clear",
    "clear_away",
    "compose",
    "count_requests",
    "find_recipients",
    "find_with",
    "forget_old_keys",
    "get_conversation",
    "leave",
    "list_conversations",
    "list_messages",
    "mail",
    "mark_read",
    "send",
]
