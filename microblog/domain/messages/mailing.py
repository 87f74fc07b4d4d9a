"""Telling people by mail that somebody wrote to them in private, and never what."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from microblog.domain import notifications, outbox
from microblog.domain.events import MailRequested
from microblog.domain.paths import conversation_path
from microblog.domain.visibility import is_blocked, is_present
from microblog.models import Account, ConversationMember, Message, User

MAIL = "message"


def mail(session: Session, message_id: int, receiver_id: int) -> None:
    """Have somebody told of a message who wants that and has not read it meanwhile."""
    found = session.execute(
        select(Account, Message.conversation_id)
        .join(Message, Message.account_id == Account.id)
        .join(ConversationMember, ConversationMember.conversation_id == Message.conversation_id)
        .where(
            Message.id == message_id,
            ConversationMember.account_id == receiver_id,
            ConversationMember.is_unread,
            is_present(),
            ~is_blocked(receiver_id, Account.id),
        )
    ).one_or_none()
    receiver = session.get(User, receiver_id)
    if found is None or receiver is None:
        return
    if not notifications.may_mail(session, receiver, notifications.MESSAGE):
        return
    author, conversation_id = found
    values = {
        "name": author.name,
        "username": author.username,
        "path": conversation_path(conversation_id),
    }
    outbox.announce(session, MailRequested(MAIL, receiver.email, receiver_id, 0, values))
