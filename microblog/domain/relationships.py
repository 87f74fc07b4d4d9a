"""Following: beginning, ending, and the lists of it; how two people stand to each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from microblog import clock, ids
from microblog.domain import counters, outbox
from microblog.domain.accounts import AccountView
from microblog.domain.errors import Invalid, NotFound
from microblog.domain.events import Followed, Unfollowed
from microblog.domain.pages import Page, Slice, slice_of
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import (
    Key,
    PersonColumn,
    has_profile,
    is_blocked,
    is_present,
    key_of,
)
from microblog.models import Account, Block, Follow, FollowRequest, Mute, User

_FOLLOWING, _FOLLOWS_YOU, _REQUESTED, _WANTS_TO_FOLLOW = 1, 2, 4, 8
_BLOCKING, _BLOCKS_YOU, _MUTING, _HIDES_BOOSTS = 16, 32, 64, 128


@dataclass(frozen=True, slots=True)
class Relationship:
    """How a viewer and a person stand to each other."""

    is_self: bool = False
    following: bool = False
    follows_you: bool = False
    # The viewer has asked to follow, or was asked.
    requested: bool = False
    wants_to_follow: bool = False
    blocking: bool = False
    blocks_you: bool = False
    muting: bool = False
    # The viewer follows them, but not what they boost.
    hides_boosts: bool = False

    @property
    def is_blocked(self) -> bool:
        """Tell whether the two have nothing to do with each other."""
        return self.blocking or self.blocks_you

    @classmethod
    def of(cls, bits: int, *, is_self: bool) -> "Relationship":
        """Make it of the number that `relation_to` selects."""
        return cls(
            is_self,
            *(
                bool(bits & bit)
                for bit in (
                    _FOLLOWING,
                    _FOLLOWS_YOU,
                    _REQUESTED,
                    _WANTS_TO_FOLLOW,
                    _BLOCKING,
                    _BLOCKS_YOU,
                    _MUTING,
                    _HIDES_BOOSTS,
                )
            ),
        )


@dataclass(frozen=True, slots=True)
class Person:
    """A person in a list, with how the viewer stands to them."""

    account: AccountView
    relationship: Relationship


def follow(session: Session, *, by: Viewer, account_id: int) -> bool:
    """Follow a person; False when the viewer does so already.

    **Raises** Invalid for oneself, NotFound for nobody.
    """
    if account_id == by.id:
        raise Invalid("account", "follow_self")
    is_there = has_profile() & ~is_blocked(by.id, Account.id)
    if session.scalar(select(Account.id).where(Account.id == account_id, is_there)) is None:
        raise NotFound
    counters.lock(session, [by.id, account_id])
    if session.get(Follow, (by.id, account_id)) is not None:
        return False
    session.add(
        Follow(follower_id=by.id, followed_id=account_id, id=ids.new(), created_at=clock.now())
    )
    _count(session, by.id, account_id, 1)
    _count_pending(session, by.id, 1)
    outbox.announce(session, Followed(by.id, account_id))
    return True


def unfollow(session: Session, *, by: Viewer, account_id: int) -> bool:
    """Stop following a person; False when the viewer does not follow them."""
    counters.lock(session, [by.id, account_id])
    ended = session.get(Follow, (by.id, account_id), with_for_update=True)
    if ended is None:
        return False
    session.delete(ended)
    _count(session, by.id, account_id, -1)
    if not ended.is_backfilled:
        _count_pending(session, by.id, -1)
    outbox.announce(session, Unfollowed(by.id, account_id))
    return True


def relate(
    session: Session, viewer: Viewer | None, account_ids: Sequence[int]
) -> dict[int, Relationship]:
    """Tell how a viewer stands to each of these people."""
    if viewer is None:
        return dict.fromkeys(account_ids, Relationship())
    rows = session.execute(
        select(Account.id, relation_to(viewer.id, Account.id)).where(Account.id.in_(account_ids))
    )
    return {id_: Relationship.of(bits, is_self=id_ == viewer.id) for id_, bits in rows}


def relation_to(viewer_id: Key, person_id: PersonColumn) -> ColumnElement[int]:
    """Return how a viewer stands to a person as a number, for `Relationship.of`."""
    following = and_(Follow.follower_id == viewer_id, Follow.followed_id == person_id)
    facts: list[tuple[int, Any]] = [
        (_FOLLOWING, following),
        (_FOLLOWS_YOU, and_(Follow.follower_id == person_id, Follow.followed_id == viewer_id)),
        (_REQUESTED, _asked(viewer_id, person_id)),
        (_WANTS_TO_FOLLOW, _asked(person_id, viewer_id)),
        (_BLOCKING, and_(Block.blocker_id == viewer_id, Block.blocked_id == person_id)),
        (_BLOCKS_YOU, and_(Block.blocker_id == person_id, Block.blocked_id == viewer_id)),
        (_MUTING, and_(Mute.muter_id == viewer_id, Mute.muted_id == person_id)),
        (_HIDES_BOOSTS, and_(following, Follow.shows_boosts == false())),
    ]
    bits: Any = None
    for bit, fact in facts:
        part = case((exists().where(fact), bit), else_=0)
        bits = part if bits is None else bits + part
    return bits


def list_followers(
    session: Session, viewer: Viewer | None, account_id: int, page: Page
) -> Slice[Person]:
    """Return the people who follow somebody, the newest first."""
    return _list(session, viewer, page, Follow.follower_id, Follow.followed_id, account_id)


def list_following(
    session: Session, viewer: Viewer | None, account_id: int, page: Page
) -> Slice[Person]:
    """Return the people somebody follows, the newest first."""
    return _list(session, viewer, page, Follow.followed_id, Follow.follower_id, account_id)


def people(session: Session, viewer: Viewer | None, accounts: Sequence[Account]) -> list[Person]:
    """Return accounts as the viewer stands to them."""
    relationships = relate(session, viewer, [account.id for account in accounts])
    return [Person(AccountView.of(account), relationships[account.id]) for account in accounts]


def _asked(asking_id: Any, asked_id: Any) -> ColumnElement[bool]:
    return and_(FollowRequest.follower_id == asking_id, FollowRequest.followed_id == asked_id)


def _list(
    session: Session,
    viewer: Viewer | None,
    page: Page,
    listed: InstrumentedAttribute[int],
    fixed: InstrumentedAttribute[int],
    account_id: int,
) -> Slice[Person]:
    rows = session.execute(
        page.apply(
            select(Follow.id, Account)
            .join(Account, Account.id == listed)
            .where(fixed == account_id, is_present(), ~is_blocked(key_of(viewer), Account.id)),
            Follow.id,
        )
    ).all()
    persons = people(session, viewer, [account for _, account in rows])
    return slice_of(list(zip([key for key, _ in rows], persons, strict=True)), page)


def _count(session: Session, follower_id: int, followed_id: int, change: int) -> None:
    session.execute(
        update(Account)
        .where(Account.id == follower_id)
        .values(following_count=Account.following_count + change)
    )
    session.execute(
        update(Account)
        .where(Account.id == followed_id)
        .values(followers_count=Account.followers_count + change)
    )


def _count_pending(session: Session, follower_id: int, change: int) -> None:
    session.execute(
        update(User)
        .where(User.account_id == follower_id)
        .values(pending_follows=User.pending_follows + change)
    )
