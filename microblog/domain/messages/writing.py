"""Writing in private: beginning a conversation, and going on in it."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from microblog import ids
from microblog.domain import counters, outbox
from microblog.domain.errors import Invalid, NotFound
from microblog.domain.events import MessageArrived
from microblog.domain.messages.keys import (
    key_of_members,
    lock,
    lock_members,
    new_message_id,
)
from microblog.domain.messages.recipients import check_reach, is_reachable, list_acquainted
from microblog.domain.rendering import render_text
from microblog.domain.typed import typed_text
from microblog.domain.viewer import Viewer
from microblog.models import Account, Conversation, ConversationMember, Follow, Message, Mute
from microblog.models.conversation import LEFT, MEMBER, REQUESTED
from microblog.models.post import IDEMPOTENCY_KEY_LENGTH

MESSAGE_LIMIT = 2000  # Graphemes, a link as 23.

_KEY = re.compile(rf"[A-Za-z0-9_-]{{8,{IDEMPOTENCY_KEY_LENGTH}}}")


@dataclass(frozen=True)
class MessageDraft:
    """A checked and rendered message. Make it with `compose`."""

    text: str
    html: str
    idempotency_key: str | None = None


class Sent(NamedTuple):
    """The message that came of a draft, and whether it was made just now."""

    conversation_id: int
    message_id: int
    is_new: bool


class _Receiver(NamedTuple):
    """Somebody a message is for, and how they stand to its author."""

    member: ConversationMember
    is_following: bool
    is_muting: bool


def compose(session: Session, text: str, idempotency_key: str | None = None) -> MessageDraft:
    """Clean, check and render what was typed. **Raises** Invalid.

    Whom it names becomes a link and nothing else: it adds nobody and tells nobody.
    """
    text = typed_text(text, "text", MESSAGE_LIMIT)
    if not text:
        raise Invalid("text", "post_empty")
    if idempotency_key is not None and not _KEY.fullmatch(idempotency_key):
        raise Invalid("text", "form_broken")
    return MessageDraft(text, render_text(session, text).html, idempotency_key)


def begin(session: Session, *, by: Viewer, to: Collection[int], draft: MessageDraft) -> Sent:
    """Write to some people, in the conversation that these have already, if they have one.

    **Raises** Invalid when one of them cannot be reached.
    """
    recipients = set(to) - {by.id}
    # From here on, whoever begins with the same people waits, and then finds the conversation.
    counters.lock(session, {by.id, *recipients})
    if (existing := _find_by_key(session, by, draft)) is not None:
        return existing
    check_reach(session, by, recipients)
    conversation_id = _find(session, by, recipients)
    if conversation_id is None:
        conversation_id = _make(session, by, recipients)
    return _add(session, by, conversation_id, draft)


def send(session: Session, *, by: Viewer, conversation_id: int, draft: MessageDraft) -> Sent:
    """Go on in a conversation; a draft whose key was seen before is the first message again.

    To write is to accept. **Raises** NotFound when the viewer is not in it, Invalid when nobody
    else can be reached there.
    """
    counters.lock(session, [by.id])
    if (existing := _find_by_key(session, by, draft)) is not None:
        return existing
    lock(session, conversation_id)
    return _add(session, by, conversation_id, draft)


def _find_by_key(session: Session, by: Viewer, draft: MessageDraft) -> Sent | None:
    if draft.idempotency_key is None:
        return None
    found = session.execute(
        select(Message.conversation_id, Message.id).where(
            Message.account_id == by.id, Message.idempotency_key == draft.idempotency_key
        )
    ).first()
    return Sent(*found, is_new=False) if found else None


def _find(session: Session, by: Viewer, recipients: Collection[int]) -> int | None:
    """Return the conversation of exactly these people, locked."""
    key = key_of_members([by.id, *recipients])
    return session.scalar(
        select(Conversation.id).where(Conversation.members_hash == key).with_for_update()
    )


def _make(session: Session, by: Viewer, recipients: Collection[int]) -> int:
    conversation_id = ids.new()
    session.add(
        Conversation(
            id=conversation_id,
            members_hash=key_of_members([by.id, *recipients]),
            created_at=ids.time_of(conversation_id),
        )
    )
    acquainted = list_acquainted(session, by, recipients) | {by.id}
    session.flush()
    session.add_all(
        ConversationMember(
            conversation_id=conversation_id,
            account_id=account_id,
            state=MEMBER if account_id in acquainted else REQUESTED,
        )
        for account_id in sorted({by.id, *recipients})
    )
    session.flush()
    return conversation_id


def _add(session: Session, by: Viewer, conversation_id: int, draft: MessageDraft) -> Sent:
    members = lock_members(session, conversation_id)
    own = members.pop(by.id, None)
    if own is None or own.state == LEFT:
        raise NotFound
    receivers = _list_receivers(session, by, members)
    if not receivers:
        raise Invalid("text", "conversation_over")
    message_id = new_message_id(session, conversation_id)
    session.add(
        Message(
            id=message_id,
            conversation_id=conversation_id,
            account_id=by.id,
            idempotency_key=draft.idempotency_key,
            created_at=ids.time_of(message_id),
            text=draft.text,
            html=draft.html,
        )
    )
    own.state, own.is_unread = MEMBER, False
    own.last_message_id = own.read_message_id = message_id
    for receiver in receivers:
        _hand_over(session, receiver, message_id)
    return Sent(conversation_id, message_id, is_new=True)


def _list_receivers(
    session: Session, by: Viewer, members: Mapping[int, ConversationMember]
) -> list[_Receiver]:
    """Return those of the members whom a message of the viewer reaches by now."""
    is_following = exists().where(Follow.follower_id == Account.id, Follow.followed_id == by.id)
    is_muting = exists().where(Mute.muter_id == Account.id, Mute.muted_id == by.id)
    rows = session.execute(
        select(Account.id, is_following, is_muting).where(Account.id.in_(members), is_reachable(by))
    )
    return [
        _Receiver(members[account_id], *facts)
        for account_id, *facts in rows
        if members[account_id].state != LEFT
    ]


def _hand_over(session: Session, receiver: _Receiver, message_id: int) -> None:
    member = receiver.member
    member.last_message_id = message_id
    if receiver.is_following:
        # Who follows somebody wants to hear of them, whatever was before.
        member.state = MEMBER
    if receiver.is_muting:
        return
    if member.state == MEMBER and not member.is_unread:
        outbox.announce(session, MessageArrived(message_id, member.account_id))
    member.is_unread = True
