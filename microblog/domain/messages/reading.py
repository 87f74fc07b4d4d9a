"""Conversations and messages as those who take part see them.

Whom a reader may not see any more, since they left the server, are suspended, or one of the two has
blocked the other, is not here: neither their name nor what they wrote. Which of these it is, the
reader is not told.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from microblog.domain.errors import NotFound
from microblog.domain.messages.keys import key_of_members
from microblog.domain.messages.recipients import face_of
from microblog.domain.pages import Page, Slice, slice_of
from microblog.domain.posts import Face
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import VIEWER_ID, is_blocked, is_present
from microblog.models import Account, Conversation, ConversationMember, Message
from microblog.models.conversation import DEPARTURE, LEFT, MEMBER, REQUESTED

MANY_REQUESTS = 100
_PAIR = 2


@dataclass(frozen=True, slots=True)
class MessageView:
    """Something somebody said, or that they left.

    `author` is None for somebody who is not here any more; of theirs there is no text either.
    """

    id: int
    author: Face | None
    is_own: bool
    is_departure: bool
    text: str
    html: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ConversationView:
    """A conversation as one of its people sees it.

    `others` are those who are in it and whom the reader may see; without one, nobody reads what is
    written. `last` is the newest message, in lists only, and None where the reader may not see it.
    """

    id: int
    others: tuple[Face, ...]
    is_of_several: bool
    is_request: bool
    is_unread: bool
    last_message_id: int
    cleared_message_id: int
    last: MessageView | None = None


_is_seen = is_present() & ~is_blocked(VIEWER_ID, Account.id)
# Made once: putting them together takes longer than asking them.
_CONVERSATIONS = (
    select(ConversationMember, Message, Account)
    .outerjoin(Message, Message.id == ConversationMember.last_message_id)
    .outerjoin(Account, and_(Account.id == Message.account_id, _is_seen))
    .where(
        ConversationMember.account_id == VIEWER_ID,
        ConversationMember.state == bindparam("state"),
        # Those that were deleted are in no list.
        ConversationMember.last_message_id > 0,
    )
)
_MESSAGES = (
    select(Message, Account)
    .outerjoin(Account, Account.id == Message.account_id)
    .where(
        Message.conversation_id == bindparam("conversation_id"),
        Message.id > bindparam("cleared_id"),
        or_(Message.account_id.is_(None), _is_seen),
    )
)
_PEOPLE = (
    select(
        ConversationMember.conversation_id,
        and_(ConversationMember.state != LEFT, _is_seen),
        Account,
    )
    .join(Account, Account.id == ConversationMember.account_id)
    .where(
        ConversationMember.conversation_id.in_(bindparam("conversation_ids", expanding=True)),
        ConversationMember.account_id != VIEWER_ID,
    )
    .order_by(Account.handle)
)


def list_conversations(
    session: Session, viewer: Viewer, page: Page, *, requests: bool = False
) -> Slice[ConversationView]:
    """Return the viewer's conversations, or the requests of strangers; the newest first."""
    rows = session.execute(
        page.apply(_CONVERSATIONS, ConversationMember.last_message_id),
        {"viewer_id": viewer.id, "state": REQUESTED if requests else MEMBER},
    ).all()
    people = _people(session, viewer, [own.conversation_id for own, _, _ in rows])
    found = [
        (own.last_message_id, _view(own, people[own.conversation_id], _last(viewer, *message)))
        for own, *message in rows
    ]
    return slice_of(found, page)


def get_conversation(session: Session, viewer: Viewer, conversation_id: int) -> ConversationView:
    """Return a conversation that the viewer takes part in. **Raises** NotFound."""
    own = session.get(ConversationMember, (conversation_id, viewer.id))
    if own is None or own.state == LEFT:
        raise NotFound
    return _view(own, _people(session, viewer, [conversation_id])[conversation_id])


def count_requests(session: Session, viewer: Viewer) -> int:
    """Count the requests that wait; from MANY_REQUESTS on, it is that many."""
    some = (
        select(ConversationMember.conversation_id)
        .where(
            ConversationMember.account_id == viewer.id,
            ConversationMember.state == REQUESTED,
            ConversationMember.last_message_id > 0,
        )
        .limit(MANY_REQUESTS)
    )
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def find_with(session: Session, viewer: Viewer, account_ids: Collection[int]) -> int | None:
    """Return the id of the conversation that the viewer has with exactly these people."""
    return session.scalar(
        select(Conversation.id)
        .join(ConversationMember, ConversationMember.conversation_id == Conversation.id)
        .where(
            Conversation.members_hash == key_of_members([viewer.id, *account_ids]),
            ConversationMember.account_id == viewer.id,
            ConversationMember.state != LEFT,
        )
    )


def list_messages(
    session: Session, viewer: Viewer, conversation: ConversationView, page: Page
) -> Slice[MessageView]:
    """Return what was said in a conversation of the viewer; the newest first."""
    rows = session.execute(
        page.apply(_MESSAGES, Message.id),
        {
            "viewer_id": viewer.id,
            "conversation_id": conversation.id,
            "cleared_id": conversation.cleared_message_id,
        },
    ).all()
    found = [(message.id, _message(viewer, message, author)) for message, author in rows]
    return slice_of(found, page)


def _people(
    session: Session, viewer: Viewer, conversation_ids: Sequence[int]
) -> dict[int, tuple[tuple[Face, ...], int]]:
    """Return whom the viewer sees in each conversation, and how many ever took part."""
    rows = session.execute(_PEOPLE, {"viewer_id": viewer.id, "conversation_ids": conversation_ids})
    others: dict[int, list[Face]] = {id_: [] for id_ in conversation_ids}
    numbers = dict.fromkeys(conversation_ids, 1)
    for id_, is_here, account in rows:
        numbers[id_] += 1
        if is_here:
            others[id_].append(face_of(account))
    return {id_: (tuple(others[id_]), numbers[id_]) for id_ in conversation_ids}


def _last(viewer: Viewer, message: Message | None, author: Account | None) -> MessageView | None:
    if message is None or (author is None and message.account_id is not None):
        return None
    return _message(viewer, message, author)


def _message(viewer: Viewer, message: Message, author: Account | None) -> MessageView:
    return MessageView(
        message.id,
        face_of(author) if author else None,
        message.account_id == viewer.id,
        message.kind == DEPARTURE,
        message.text,
        message.html,
        message.created_at,
    )


def _view(
    own: ConversationMember, people: tuple[tuple[Face, ...], int], last: MessageView | None = None
) -> ConversationView:
    others, number = people
    return ConversationView(
        own.conversation_id,
        others,
        number > _PAIR,
        own.state == REQUESTED,
        own.is_unread,
        own.last_message_id,
        own.cleared_message_id,
        last,
    )
