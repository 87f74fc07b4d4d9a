"""How two people stand to each other, and the lists of people one has to do with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, false, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from microblog.db import AnySelect
from microblog.domain.accounts import AccountView, get_by_username
from microblog.domain.pages import Page, Slice, slice_of
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import (
    VIEWER_ID,
    Key,
    PersonColumn,
    is_blocked,
    is_present,
    key_of,
)
from microblog.models import Account, Block, Boost, Favourite, Follow, FollowRequest, Mute

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


def relate(
    session: Session, viewer: Viewer | None, account_ids: Sequence[int]
) -> dict[int, Relationship]:
    """Tell how a viewer stands to each of these people."""
    if viewer is None:
        return dict.fromkeys(account_ids, Relationship())
    rows = session.execute(_RELATED, {"viewer_id": viewer.id, "account_ids": account_ids})
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


def _asked(asking_id: Any, asked_id: Any) -> ColumnElement[bool]:
    return and_(FollowRequest.follower_id == asking_id, FollowRequest.followed_id == asked_id)


def _pairs(key: InstrumentedAttribute[int], listed: InstrumentedAttribute[int]) -> AnySelect:
    return select(key, Account).join(Account, Account.id == listed).where(is_present())


def _follows(of_id: InstrumentedAttribute[int], listed: InstrumentedAttribute[int]) -> AnySelect:
    # Without who has to do nothing with the viewer, and empty where that is whose list it is.
    return _pairs(Follow.id, listed).where(
        of_id == bindparam("account_id"),
        ~is_blocked(VIEWER_ID, Account.id),
        ~is_blocked(VIEWER_ID, of_id),
    )


# Made once: putting them together takes longer than asking them.
_LIST_OF_FOLLOWERS = _follows(Follow.followed_id, Follow.follower_id)
_LIST_OF_FOLLOWED = _follows(Follow.follower_id, Follow.followed_id)
_RELATED = select(Account.id, relation_to(VIEWER_ID, Account.id)).where(
    Account.id.in_(bindparam("account_ids", expanding=True))
)


def get_person(session: Session, viewer: Viewer | None, username: str) -> Person:
    """Return the person of that name, in any case, as the viewer stands to them.

    Who has blocked the viewer is there, too: that much is said. **Raises** NotFound.
    """
    account = get_by_username(session, username)
    return Person(account, relate(session, viewer, [account.id])[account.id])


def list_followers(
    session: Session, viewer: Viewer | None, account_id: int, page: Page
) -> Slice[Person]:
    """Return the people who follow somebody, the newest first."""
    return _list(session, viewer, page, _LIST_OF_FOLLOWERS, Follow.id, **_of(viewer, account_id))


def list_following(
    session: Session, viewer: Viewer | None, account_id: int, page: Page
) -> Slice[Person]:
    """Return the people somebody follows, the newest first."""
    return _list(session, viewer, page, _LIST_OF_FOLLOWED, Follow.id, **_of(viewer, account_id))


def list_requests(session: Session, viewer: Viewer, page: Page) -> Slice[Person]:
    """Return the people who ask to follow the viewer, the newest first."""
    statement = _pairs(FollowRequest.id, FollowRequest.follower_id)
    theirs = FollowRequest.followed_id == viewer.id
    return _list(session, viewer, page, statement.where(theirs), FollowRequest.id)


def list_blocked(session: Session, viewer: Viewer, page: Page) -> Slice[Person]:
    """Return the people the viewer has blocked, the newest first."""
    statement = _pairs(Block.id, Block.blocked_id).where(Block.blocker_id == viewer.id)
    return _list(session, viewer, page, statement, Block.id)


def list_muted(session: Session, viewer: Viewer, page: Page) -> Slice[Person]:
    """Return the people the viewer has muted, the newest first."""
    statement = _pairs(Mute.id, Mute.muted_id).where(Mute.muter_id == viewer.id)
    return _list(session, viewer, page, statement, Mute.id)


def list_favouriters(
    session: Session, viewer: Viewer | None, post_id: int, page: Page
) -> Slice[Person]:
    """Return the people who favourited a post that the viewer may see, the last of them first."""
    statement = _pairs(Favourite.id, Favourite.account_id)
    return _list(
        session, viewer, page, _of_post(statement, Favourite, viewer, post_id), Favourite.id
    )


def list_boosters(
    session: Session, viewer: Viewer | None, post_id: int, page: Page
) -> Slice[Person]:
    """Return the people who boosted a post that the viewer may see, the last of them first."""
    statement = _pairs(Boost.id, Boost.account_id)
    return _list(session, viewer, page, _of_post(statement, Boost, viewer, post_id), Boost.id)


def people(session: Session, viewer: Viewer | None, accounts: Sequence[Account]) -> list[Person]:
    """Return accounts as the viewer stands to them."""
    relationships = relate(session, viewer, [account.id for account in accounts])
    return [Person(AccountView.of(account), relationships[account.id]) for account in accounts]


def _of(viewer: Viewer | None, account_id: int) -> dict[str, int]:
    return {"viewer_id": key_of(viewer), "account_id": account_id}


def _of_post(statement: AnySelect, table: Any, viewer: Viewer | None, post_id: int) -> AnySelect:
    return statement.where(table.post_id == post_id, ~is_blocked(key_of(viewer), Account.id))


def _list(
    session: Session,
    viewer: Viewer | None,
    page: Page,
    statement: AnySelect,
    key: InstrumentedAttribute[int],
    **values: int,
) -> Slice[Person]:
    rows = session.execute(page.apply(statement, key), values).all()
    persons = people(session, viewer, [account for _, account in rows])
    return slice_of(list(zip([key for key, _ in rows], persons, strict=True)), page)
