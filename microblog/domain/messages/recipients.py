"""Whom somebody writes to: found by name, as far as the writer may reach them.

What cannot be reached is said in one way, whatever the reason: nobody learns who blocked whom, or
that somebody is suspended.
"""

import re
from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from microblog.domain.accounts import handle_of
from microblog.domain.errors import Invalid
from microblog.domain.messages.keys import key_of_members
from microblog.domain.posts import Face
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import has_profile, is_blocked
from microblog.models import Account, Conversation, ConversationMember, Follow
from microblog.models.conversation import MEMBER

MAX_RECIPIENTS = 10
# Of what is typed; ten names are far shorter.
_MAX_TYPED = 1000
_BETWEEN_NAMES = re.compile(r"[\s,;]+")


def find_recipients(session: Session, viewer: Viewer, typed: str) -> list[Face]:
    """Return the people whose names were typed, in that order, each once, without the viewer.

    **Raises** Invalid for nobody, for too many, and for whom the viewer cannot reach.
    """
    if len(typed) > _MAX_TYPED:
        raise Invalid("to", "recipients_many", maximum=MAX_RECIPIENTS)
    names = dict.fromkeys(name.removeprefix("@") for name in _BETWEEN_NAMES.split(typed))
    by_handle = {handle_of(name): name for name in names if name}
    by_handle.pop(viewer.username.lower(), None)
    _check_number(by_handle)
    found = {
        account.handle: account
        for account in session.scalars(
            select(Account).where(Account.handle.in_(by_handle), is_reachable(viewer))
        )
    }
    for handle, name in by_handle.items():
        if handle not in found:
            raise Invalid("to", "recipient_unreachable", name=name[:_MAX_TYPED])
    return [face_of(found[handle]) for handle in by_handle]


def check_reach(session: Session, by: Viewer, account_ids: Collection[int]) -> None:
    """Refuse to begin with people whom the viewer cannot reach. **Raises** Invalid."""
    _check_number(account_ids)
    reached = set(
        session.scalars(select(Account.id).where(Account.id.in_(account_ids), is_reachable(by)))
    )
    if unreached := set(account_ids) - reached:
        name = session.scalar(select(Account.username).where(Account.id == min(unreached)))
        raise Invalid("to", "recipient_unreachable", name=name or "")


def list_acquainted(session: Session, by: Viewer, account_ids: Collection[int]) -> set[int]:
    """Return those of the people to whom the viewer is no stranger.

    They follow the viewer, or talk with the viewer alone already.
    """
    following = session.scalars(
        select(Follow.follower_id).where(
            Follow.followed_id == by.id, Follow.follower_id.in_(account_ids)
        )
    )
    pairs = [key_of_members([by.id, id_]) for id_ in account_ids]
    talking = session.scalars(
        select(ConversationMember.account_id)
        .join(Conversation, Conversation.id == ConversationMember.conversation_id)
        .where(
            Conversation.members_hash.in_(pairs),
            ConversationMember.account_id != by.id,
            ConversationMember.state == MEMBER,
        )
    )
    return {*following, *talking}


def is_reachable(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on Account rows of people whom the viewer may write to."""
    return has_profile() & ~is_blocked(viewer.id, Account.id)


def face_of(account: Account) -> Face:
    """Return a person as a conversation shows them."""
    return Face(account.id, account.username, account.name, account.avatar, account.version)


def _check_number(people: Iterable[object]) -> None:
    number = len(list(people))
    if not number:
        raise Invalid("to", "recipient_missing")
    if number > MAX_RECIPIENTS:
        raise Invalid("to", "recipients_many", maximum=MAX_RECIPIENTS)
