"""What somebody does with a conversation for themselves: reading it, letting it in, leaving it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from microblog import ids
from microblog.domain import counters, outbox
from microblog.domain.errors import NotAllowed, NotFound
from microblog.domain.events import ConversationCleared
from microblog.domain.messages.keys import (
    get_own_membership,
    key_of_nobody,
    lock,
    new_message_id,
    newest_message_id,
)
from microblog.domain.viewer import Viewer
from microblog.models import ConversationMember, Message
from microblog.models.conversation import DEPARTURE, LEFT, MEMBER, REQUESTED

# In a conversation of two there is nothing to leave: one deletes it.
PAIR = 2


def mark_read(session: Session, *, by: Viewer, conversation_id: int, message_id: int) -> bool:
    """Record that the viewer has read up to a message; False when that changes nothing.

    What came after it stays unread. Nobody else is told. **Raises** NotFound.
    """
    member = get_own_membership(session, by, conversation_id)
    read_up_to = min(message_id, member.last_message_id)
    is_all = message_id >= member.last_message_id
    if read_up_to <= member.read_message_id and not (is_all and member.is_unread):
        return False
    member.read_message_id = max(read_up_to, member.read_message_id)
    member.is_unread = member.is_unread and not is_all
    return True


def accept(session: Session, *, by: Viewer, conversation_id: int) -> bool:
    """Let a stranger's conversation in; False when it was no request. **Raises** NotFound."""
    member = get_own_membership(session, by, conversation_id)
    if member.state != REQUESTED:
        return False
    member.state = MEMBER
    return True


def clear(session: Session, *, by: Viewer, conversation_id: int) -> bool:
    """Delete what was said so far, for the viewer alone; False when nothing was there.

    The next message brings the conversation back, without what was before. **Raises** NotFound.
    """
    lock(session, conversation_id)
    member = get_own_membership(session, by, conversation_id)
    if not member.last_message_id:
        return False
    member.cleared_message_id = newest_message_id(session, conversation_id)
    member.last_message_id = 0
    member.is_unread = False
    outbox.announce(session, ConversationCleared(conversation_id))
    return True


def leave(session: Session, *, by: Viewer, conversation_id: int) -> None:
    """Leave a conversation of several, for good; the others see that.

    Whoever writes to the same people again begins another one.
    **Raises** NotFound, also the second time; NotAllowed where two talk.
    """
    counters.lock(session, [by.id])
    conversation = lock(session, conversation_id)
    if conversation is None:
        raise NotFound
    member = get_own_membership(session, by, conversation_id)
    if _count_members(session, conversation_id) <= PAIR:
        raise NotAllowed
    conversation.members_hash = key_of_nobody(conversation_id)
    member.state, member.is_unread, member.last_message_id = LEFT, False, 0
    message_id = new_message_id(session, conversation_id)
    session.add(
        Message(
            id=message_id,
            conversation_id=conversation_id,
            kind=DEPARTURE,
            account_id=by.id,
            created_at=ids.time_of(message_id),
            text="",
            html="",
        )
    )
    outbox.announce(session, ConversationCleared(conversation_id))


def _count_members(session: Session, conversation_id: int) -> int:
    """Count all who ever took part: ten people and the one who began, at most."""
    return (
        session.scalar(
            select(func.count())
            .select_from(ConversationMember)
            .where(ConversationMember.conversation_id == conversation_id)
        )
        or 0
    )
