"""What changes between two people, with the counters that go with it.

Both accounts are locked before anything here is called: until the end of the transaction, nobody
else begins or ends anything between the two.
"""

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from microblog import clock, ids
from microblog.domain import counters, outbox
from microblog.domain.errors import Invalid, NotFound
from microblog.domain.events import Followed, FollowRequestEnded, Unfollowed
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import has_profile, is_blocked
from microblog.models import Account, Follow, FollowRequest, User


def lock_other(session: Session, by: Viewer, account_id: int, code: str) -> None:
    """Lock the viewer and somebody else. **Raises** Invalid with the code for oneself."""
    if account_id == by.id:
        raise Invalid("account", code)
    counters.lock(session, [by.id, account_id])


def get_other(
    session: Session, by: Viewer, account_id: int, *, even_blocked: bool = False
) -> Account:
    """Return somebody else. **Raises** NotFound for nobody, and for somebody blocked."""
    is_there = has_profile()
    if not even_blocked:
        is_there &= ~is_blocked(by.id, Account.id)
    account = session.scalar(select(Account).where(Account.id == account_id, is_there))
    if account is None:
        raise NotFound
    return account


def begin_follow(session: Session, follower_id: int, followed_id: int) -> None:
    """Let one person follow another, who is not followed yet."""
    session.add(
        Follow(
            follower_id=follower_id, followed_id=followed_id, id=ids.new(), created_at=clock.now()
        )
    )
    _count(session, follower_id, followed_id, 1)
    count_pending(session, follower_id, 1)
    outbox.announce(session, Followed(follower_id, followed_id))


def end_follow(session: Session, follower_id: int, followed_id: int) -> bool:
    """Let one person no longer follow another; False when they do not."""
    ended = session.get(Follow, (follower_id, followed_id), with_for_update=True)
    if ended is None:
        return False
    session.delete(ended)
    _count(session, follower_id, followed_id, -1)
    if not ended.is_backfilled:
        count_pending(session, follower_id, -1)
    outbox.announce(session, Unfollowed(follower_id, followed_id))
    return True


def end_request(session: Session, follower_id: int, followed_id: int) -> bool:
    """Take back that one person has asked to follow another; False when they have not."""
    ended = session.get(FollowRequest, (follower_id, followed_id))
    if ended is None:
        return False
    session.delete(ended)
    choose_people_anew(session, [follower_id])
    outbox.announce(session, FollowRequestEnded(follower_id, followed_id))
    return True


def count_pending(session: Session, follower_id: int, change: int) -> None:
    """Count a follow whose older posts are still to be brought to the timeline."""
    session.execute(
        update(User)
        .where(User.account_id == follower_id)
        .values(pending_follows=User.pending_follows + change)
    )


def choose_people_anew(session: Session, account_ids: Iterable[int]) -> None:
    """Have the people that are offered to these, and are kept for a while, chosen anew."""
    session.execute(
        update(User)
        .where(User.account_id.in_(sorted(account_ids)))
        .values(people_version=User.people_version + 1)
    )


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
