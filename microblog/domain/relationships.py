"""Following: beginning, ending, and the lists of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from microblog import clock, ids
from microblog.domain import counters, outbox
from microblog.domain.accounts import AccountView
from microblog.domain.errors import Invalid, NotFound
from microblog.domain.events import Followed, Unfollowed
from microblog.domain.pages import Page, Slice, slice_of
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import has_profile, is_present
from microblog.models import Account, Follow, User


@dataclass(frozen=True, slots=True)
class Relationship:
    """How a viewer and a person stand to each other."""

    is_self: bool = False
    following: bool = False
    follows_you: bool = False


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
    if session.scalar(select(Account.id).where(Account.id == account_id, has_profile())) is None:
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
    following = set(
        session.scalars(
            select(Follow.followed_id).where(
                Follow.follower_id == viewer.id, Follow.followed_id.in_(account_ids)
            )
        )
    )
    followers = set(
        session.scalars(
            select(Follow.follower_id).where(
                Follow.followed_id == viewer.id, Follow.follower_id.in_(account_ids)
            )
        )
    )
    return {
        id_: Relationship(id_ == viewer.id, id_ in following, id_ in followers)
        for id_ in account_ids
    }


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
            .where(fixed == account_id, is_present()),
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
