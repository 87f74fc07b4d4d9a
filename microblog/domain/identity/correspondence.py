"""What an account that goes has said in private goes with it, a chunk at a time."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from microblog.domain import outbox
from microblog.domain.events import ConversationCleared
from microblog.models import ConversationMember, Message

_MESSAGES_CHUNK = 1000
_CONVERSATIONS_CHUNK = 100


def take_back(session: Session, account_id: int) -> bool:
    """Empty the next messages of an account; tell whether there may be more.

    The others see that somebody has said something.
    """
    message_ids = session.scalars(
        select(Message.id).where(Message.account_id == account_id).limit(_MESSAGES_CHUNK)
    ).all()
    session.execute(
        update(Message)
        .where(Message.id.in_(message_ids))
        .values(account_id=None, idempotency_key=None, text="", html="")
    )
    return len(message_ids) == _MESSAGES_CHUNK


def leave(session: Session, account_id: int) -> bool:
    """Take an account out of its next conversations; tell whether there may be more."""
    conversation_ids = session.scalars(
        select(ConversationMember.conversation_id)
        .where(ConversationMember.account_id == account_id)
        .limit(_CONVERSATIONS_CHUNK)
    ).all()
    session.execute(
        delete(ConversationMember).where(
            ConversationMember.account_id == account_id,
            ConversationMember.conversation_id.in_(conversation_ids),
        )
    )
    for conversation_id in conversation_ids:
        outbox.announce(session, ConversationCleared(conversation_id))
    return len(conversation_ids) == _CONVERSATIONS_CHUNK
