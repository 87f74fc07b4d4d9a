"""By what a conversation is found again, and what keeps two from changing one at once."""

import hashlib
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from microblog import ids
from microblog.domain.errors import NotFound
from microblog.domain.viewer import Viewer
from microblog.models import Conversation, ConversationMember, Message
from microblog.models.conversation import LEFT


def key_of_members(account_ids: Iterable[int]) -> bytes:
    """Return what a conversation among these people is found by, in whatever order they come."""
    return _hash(",".join(map(str, sorted(set(account_ids)))))


def key_of_nobody(conversation_id: int) -> bytes:
    """Return what no search for people ever finds."""
    return _hash(f"left {conversation_id}")


def lock(session: Session, conversation_id: int) -> Conversation | None:
    """Have everybody else wait who wants to add to a conversation or to leave it.

    After the accounts that are locked, and before its members.
    """
    return session.scalar(
        select(Conversation).where(Conversation.id == conversation_id).with_for_update()
    )


def get_own_membership(session: Session, by: Viewer, conversation_id: int) -> ConversationMember:
    """Return the viewer's part in a conversation, locked. **Raises** NotFound without one."""
    member = session.get(ConversationMember, (conversation_id, by.id), with_for_update=True)
    if member is None or member.state == LEFT:
        raise NotFound
    return member


def lock_members(session: Session, conversation_id: int) -> dict[int, ConversationMember]:
    """Return all who ever took part, by account, locked: they may be reading meanwhile."""
    members = session.scalars(
        select(ConversationMember)
        .where(ConversationMember.conversation_id == conversation_id)
        .order_by(ConversationMember.account_id)
        .with_for_update()
    )
    return {member.account_id: member for member in members}


def new_message_id(session: Session, conversation_id: int) -> int:
    """Return an id above all in a conversation, which is locked, whatever the clocks say."""
    return max(ids.new(), newest_message_id(session, conversation_id) + 1)


def newest_message_id(session: Session, conversation_id: int) -> int:
    """Return the id of the last message; 0 when there is none."""
    newest = session.scalar(
        select(Message.id)
        .where(Message.conversation_id == conversation_id)
        .order_by(Message.id.desc())
        .limit(1)
    )
    return newest or 0


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
