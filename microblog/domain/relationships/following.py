"""Following: beginning and ending it, and what of somebody followed is read."""

from sqlalchemy.orm import Session

from microblog import ids
from microblog.domain import counters, outbox
from microblog.domain.errors import Invalid
from microblog.domain.events import BoostsHidden, BoostsShown, FollowRequested
from microblog.domain.relationships.pairs import (
    begin_follow,
    choose_people_anew,
    count_pending,
    end_follow,
    end_request,
    get_other,
    lock_other,
)
from microblog.domain.viewer import Viewer
from microblog.models import Follow, FollowRequest


def follow(session: Session, *, by: Viewer, account_id: int) -> bool:
    """Follow a person, or ask to, where they let in followers by hand; False when that is done.

    **Raises** Invalid for oneself, NotFound for nobody and for somebody blocked.
    """
    # Looked up only when nobody changes it any more: they may lock their account, or block.
    lock_other(session, by, account_id, "follow_self")
    followed = get_other(session, by, account_id)
    pair = (by.id, account_id)
    if session.get(Follow, pair) is not None:
        return False
    if not followed.is_locked:
        end_request(session, *pair)
        begin_follow(session, *pair)
        return True
    if session.get(FollowRequest, pair) is not None:
        return False
    session.add(FollowRequest(follower_id=by.id, followed_id=account_id, id=ids.new()))
    choose_people_anew(session, [by.id])
    outbox.announce(session, FollowRequested(*pair))
    return True


def unfollow(session: Session, *, by: Viewer, account_id: int) -> bool:
    """Stop following a person, or asking to; False when the viewer does neither."""
    counters.lock(session, [by.id, account_id])
    return end_request(session, by.id, account_id) or end_follow(session, by.id, account_id)


def hide_boosts(session: Session, *, by: Viewer, account_id: int) -> bool:
    """Read no more what somebody followed boosts; False when the viewer does not anyway.

    **Raises** Invalid for somebody the viewer does not follow.
    """
    followed = _get_follow(session, by, account_id)
    if not followed.shows_boosts:
        return False
    followed.shows_boosts = False
    outbox.announce(session, BoostsHidden(by.id, account_id))
    return True


def show_boosts(session: Session, *, by: Viewer, account_id: int) -> bool:
    """Read what somebody followed boosts, too; False when the viewer does already.

    **Raises** Invalid for somebody the viewer does not follow.
    """
    followed = _get_follow(session, by, account_id)
    if followed.shows_boosts:
        return False
    followed.shows_boosts = True
    # As after a new follow: until the worker comes by, they are merged when the page is read.
    if followed.is_backfilled:
        followed.is_backfilled = False
        count_pending(session, by.id, 1)
    outbox.announce(session, BoostsShown(by.id, account_id))
    return True


def _get_follow(session: Session, by: Viewer, account_id: int) -> Follow:
    followed = session.get(Follow, (by.id, account_id), with_for_update=True)
    if followed is None:
        raise Invalid("account", "not_followed")
    return followed
