"""What can happen that something follows from. A handler of the worker belongs to each."""

from dataclasses import dataclass, field
from typing import ClassVar

DATABASE_LANE = "database"
NETWORK_LANE = "network"


@dataclass(frozen=True)
class Event:
    """A fact of the past. The lane says which queue follows it up."""

    lane: ClassVar[str] = DATABASE_LANE


@dataclass(frozen=True)
class PostPublished(Event):
    """A post was published."""

    post_id: int


@dataclass(frozen=True)
class PostEdited(Event):
    """A post was edited: `reaches_more` when it was for those it mentioned only before."""

    post_id: int
    reaches_more: bool = False


@dataclass(frozen=True)
class PostDeleted(Event):
    """A post was deleted: it is empty and invisible, and its rows are still to be cleared away."""

    post_id: int


@dataclass(frozen=True)
class Boosted(Event):
    """Somebody boosted a post: it goes to the timelines of their followers."""

    boost_id: int


@dataclass(frozen=True)
class Unboosted(Event):
    """Somebody took a boost back: it leaves the timelines that it came to."""

    boost_id: int
    post_id: int
    account_id: int


@dataclass(frozen=True)
class Favourited(Event):
    """Somebody made a post a favourite."""

    account_id: int
    post_id: int


@dataclass(frozen=True)
class Unfavourited(Event):
    """Somebody took a favourite back."""

    account_id: int
    post_id: int


@dataclass(frozen=True)
class Followed(Event):
    """Somebody began to follow somebody."""

    follower_id: int
    followed_id: int


@dataclass(frozen=True)
class Unfollowed(Event):
    """Somebody stopped following somebody."""

    follower_id: int
    followed_id: int


@dataclass(frozen=True)
class FollowRequested(Event):
    """Somebody asked to follow somebody who lets in followers by hand."""

    follower_id: int
    followed_id: int


@dataclass(frozen=True)
class FollowRequestEnded(Event):
    """Somebody no longer waits to be let in: accepted, refused, withdrawn or blocked."""

    follower_id: int
    followed_id: int


@dataclass(frozen=True)
class Unlocked(Event):
    """Somebody no longer lets in followers by hand: who waits is let in."""

    account_id: int


@dataclass(frozen=True)
class BoostsHidden(Event):
    """Somebody reads no more what somebody they follow boosts."""

    follower_id: int
    followed_id: int


@dataclass(frozen=True)
class BoostsShown(Event):
    """Somebody reads again what somebody they follow boosts."""

    follower_id: int
    followed_id: int


@dataclass(frozen=True)
class Blocked(Event):
    """Somebody blocked somebody: neither follows the other any more."""

    blocker_id: int
    blocked_id: int


@dataclass(frozen=True)
class MessageArrived(Event):
    """Somebody who had read everything in a conversation has something to read there again."""

    message_id: int
    receiver_id: int


@dataclass(frozen=True)
class ConversationCleared(Event):
    """Somebody deleted a conversation for themselves, or left it: perhaps nobody reads it now."""

    conversation_id: int


@dataclass(frozen=True)
class FilesReleased(Event):
    """Some files of the media folder are no longer anybody's."""

    lane: ClassVar[str] = NETWORK_LANE
    files: list[str]


@dataclass(frozen=True)
class GravatarRequested(Event):
    """Somebody wants the picture that Gravatar has for their e-mail address."""

    lane: ClassVar[str] = NETWORK_LANE
    account_id: int


@dataclass(frozen=True)
class MailRequested(Event):
    """Somebody is to get a mail. Its values are what its text needs; they go with the event.

    `account_id` tells whose language it is written in; 0 stands for the server's own. A mail with a
    link carries the id of the token that the link stands for, and is dropped when that is gone.
    """

    lane: ClassVar[str] = NETWORK_LANE
    kind: str
    to: str
    account_id: int = 0
    token_id: int = 0
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PasswordResetRequested(Event):
    """Somebody asked to reset a password, by a name or address that may be nobody's."""

    identifier: str


@dataclass(frozen=True)
class AccountDeleted(Event):
    """The week of grace is over: all that belongs to an account is to be cleared away."""

    account_id: int


EVENTS: dict[str, type[Event]] = {
    event.__name__: event
    for event in (
        PostPublished,
        PostEdited,
        PostDeleted,
        Boosted,
        Unboosted,
        Favourited,
        Unfavourited,
        Followed,
        Unfollowed,
        FollowRequested,
        FollowRequestEnded,
        Unlocked,
        BoostsHidden,
        BoostsShown,
        Blocked,
        MessageArrived,
        ConversationCleared,
        FilesReleased,
        GravatarRequested,
        MailRequested,
        PasswordResetRequested,
        AccountDeleted,
    )
}
