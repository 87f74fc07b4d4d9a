"""Private messages as each of the people in a conversation finds them."""

from dataclasses import dataclass

from sqlalchemy import func, select

from microblog.db import Base, Database
from microblog.domain import messages
from microblog.domain.errors import NotFound
from microblog.domain.messages import ConversationView, MessageView
from microblog.domain.pages import Page
from microblog.domain.viewer import Viewer
from microblog.models import Conversation, ConversationMember, Message
from microblog.models.conversation import MEMBER


@dataclass(frozen=True)
class Letters:
    """What one person has of conversations."""

    db: Database
    person: Viewer

    def conversations(self, *, requests: bool = False) -> list[ConversationView]:
        """Return the newest conversations, or the newest requests."""
        with self.db.read() as session:
            found = messages.list_conversations(session, self.person, Page(20), requests=requests)
        return list(found.items)

    def conversation(self, conversation_id: int) -> ConversationView:
        """Open a conversation. **Raises** NotFound."""
        with self.db.read() as session:
            return messages.get_conversation(session, self.person, conversation_id)

    def may_open(self, conversation_id: int) -> bool:
        """Tell whether a conversation is there for this person."""
        try:
            return bool(self.conversation(conversation_id))
        except NotFound:
            return False

    def messages(self, conversation_id: int, page: Page | None = None) -> list[MessageView]:
        """Return what was said, the oldest first."""
        view = self.conversation(conversation_id)
        with self.db.read() as session:
            found = messages.list_messages(session, self.person, view, page or Page(50))
        return list(found.items)[::-1]

    def texts(self, conversation_id: int) -> list[str]:
        """Return the texts of what was said, the oldest first."""
        return [message.text for message in self.messages(conversation_id)]

    def send(self, conversation_id: int, text: str = "Hello", key: str | None = None) -> int:
        """Go on in a conversation; return the message's id."""
        with self.db.read() as session:
            draft = messages.compose(session, text, key)
        return self.db.write(
            lambda session: messages.send(
                session, by=self.person, conversation_id=conversation_id, draft=draft
            )
        ).message_id

    def read(self, conversation_id: int, up_to: int | None = None) -> bool:
        """Have read everything, or up to a message."""
        message_id = self.conversation(conversation_id).last_message_id if up_to is None else up_to
        return self.db.write(
            lambda session: messages.mark_read(
                session,
                by=self.person,
                conversation_id=conversation_id,
                message_id=message_id,
            )
        )

    def accept(self, conversation_id: int) -> bool:
        """Let a request in."""
        return self.db.write(
            lambda s: messages.accept(s, by=self.person, conversation_id=conversation_id)
        )

    def clear(self, conversation_id: int) -> bool:
        """Delete a conversation for this person."""
        return self.db.write(
            lambda s: messages.clear(s, by=self.person, conversation_id=conversation_id)
        )

    def leave(self, conversation_id: int) -> None:
        """Leave a conversation."""
        self.db.write(lambda s: messages.leave(s, by=self.person, conversation_id=conversation_id))

    @property
    def unread(self) -> int:
        """Return the number on the badge."""
        with self.db.read() as session:
            return (
                session.scalar(
                    select(func.count())
                    .select_from(ConversationMember)
                    .where(
                        ConversationMember.account_id == self.person.id,
                        ConversationMember.state == MEMBER,
                        ConversationMember.is_unread,
                    )
                )
                or 0
            )


def rows(db: Database) -> dict[str, int]:
    """Count all that is kept of conversations."""
    tables: tuple[type[Base], ...] = (Conversation, ConversationMember, Message)
    with db.read() as session:
        return {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in tables
        }
