"""Somebody deleted a conversation or left it: what nobody reads any more is cleared away."""

from sqlalchemy.orm import Session

from microblog.domain import messages
from microblog.domain.events import ConversationCleared


def clear_away(session: Session, event: ConversationCleared, cursor: int | None) -> int | None:
    """Remove the next messages; the cursor only counts the rounds."""
    return (cursor or 0) + 1 if messages.clear_away(session, event.conversation_id) else None


HANDLERS = (clear_away,)
