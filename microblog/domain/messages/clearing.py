"""Clearing away what nobody reads any more, a chunk at a time."""

from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from microblog import clock, ids
from microblog.domain.messages.keys import lock
from microblog.ids import MAX_ID
from microblog.models import Conversation, ConversationMember, Message
from microblog.models.conversation import LEFT

CHUNK = 1000
KEY_LIFETIME = timedelta(hours=24)
# How far back they are looked for.
_KEYS_LOOKED_FOR = timedelta(days=7)


def clear_away(session: Session, conversation_id: int) -> bool:
    """Remove the next messages that everybody has deleted, and at last a conversation of nobody.

    Tell whether there are more.
    """
    if lock(session, conversation_id) is None:
        return False
    cleared = session.scalars(
        select(ConversationMember.cleared_message_id).where(
            ConversationMember.conversation_id == conversation_id,
            ConversationMember.state != LEFT,
        )
    ).all()
    old = session.scalars(
        select(Message.id)
        .where(
            Message.conversation_id == conversation_id, Message.id <= min(cleared, default=MAX_ID)
        )
        .order_by(Message.id)
        .limit(CHUNK)
    ).all()
    session.execute(delete(Message).where(Message.id.in_(old)))
    if len(old) == CHUNK:
        return True
    if not cleared:
        session.execute(delete(Conversation).where(Conversation.id == conversation_id))
    return False


def forget_old_keys(session: Session) -> bool:
    """Forget idempotency keys that are a day old; tell whether more are left."""
    now = clock.now()
    oldest, cutoff = ids.at(now - _KEYS_LOOKED_FOR), ids.at(now - KEY_LIFETIME)
    old = session.scalars(
        select(Message.id)
        .where(Message.idempotency_key.is_not(None), Message.id > oldest, Message.id < cutoff)
        .order_by(Message.id.desc())
        .limit(CHUNK)
    ).all()
    session.execute(update(Message).where(Message.id.in_(old)).values(idempotency_key=None))
    return len(old) == CHUNK
