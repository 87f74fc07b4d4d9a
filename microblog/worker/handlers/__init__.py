"""What follows each event, in order: one file per event.

A handler of the database lane does its work in the worker's transaction, a chunk at a time: it gets
the cursor it returned last (None at first) and returns the next one, or None when it is done. A
handler of the network lane does the slow part outside any transaction and returns what to commit;
it gets the event's id, so that others can tell a second try from a second event.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from microblog.config import Config
from microblog.domain.events import (
    AccountDeleted,
    Blocked,
    Boosted,
    BoostsHidden,
    BoostsShown,
    ConversationCleared,
    Event,
    Favourited,
    FilesReleased,
    Followed,
    FollowRequested,
    FollowRequestEnded,
    GravatarRequested,
    MailRequested,
    MessageArrived,
    PasswordResetRequested,
    PostDeleted,
    PostEdited,
    PostPublished,
    Unboosted,
    Unfavourited,
    Unfollowed,
    Unlocked,
)
from microblog.services import Services
from microblog.worker.handlers import (
    account_deleted,
    blocked,
    boosted,
    boosts_hidden,
    boosts_shown,
    conversation_cleared,
    favourited,
    files_released,
    follow_request_ended,
    follow_requested,
    followed,
    gravatar_requested,
    mail_requested,
    message_arrived,
    password_reset_requested,
    post_deleted,
    post_edited,
    post_published,
    unboosted,
    unfavourited,
    unfollowed,
    unlocked,
)

DatabaseHandler = Callable[[Session, Any, int | None], int | None]
NetworkHandler = Callable[[Services, Any, int], Callable[[Session], None]]


@dataclass(frozen=True)
class Configured:
    """A handler of the database lane that goes by the settings, too."""

    handle: Callable[[Session, Any, int | None, Config], int | None]

    def by(self, config: Config) -> DatabaseHandler:
        """Return the handler as all others are."""
        return lambda session, event, cursor: self.handle(session, event, cursor, config)


DATABASE_HANDLERS: dict[type[Event], Sequence[DatabaseHandler | Configured]] = {
    PostPublished: post_published.HANDLERS,
    PostEdited: post_edited.HANDLERS,
    PostDeleted: post_deleted.HANDLERS,
    Boosted: boosted.HANDLERS,
    Unboosted: unboosted.HANDLERS,
    Favourited: favourited.HANDLERS,
    Unfavourited: unfavourited.HANDLERS,
    Followed: followed.HANDLERS,
    Unfollowed: unfollowed.HANDLERS,
    FollowRequested: follow_requested.HANDLERS,
    FollowRequestEnded: follow_request_ended.HANDLERS,
    Unlocked: unlocked.HANDLERS,
    BoostsHidden: boosts_hidden.HANDLERS,
    BoostsShown: boosts_shown.HANDLERS,
    Blocked: blocked.HANDLERS,
    MessageArrived: message_arrived.HANDLERS,
    ConversationCleared: conversation_cleared.HANDLERS,
    PasswordResetRequested: (Configured(password_reset_requested.mail_link),),
    AccountDeleted: account_deleted.HANDLERS,
}
NETWORK_HANDLERS: dict[type[Event], NetworkHandler] = {
    FilesReleased: files_released.perform,
    GravatarRequested: gravatar_requested.perform,
    MailRequested: mail_requested.perform,
}
