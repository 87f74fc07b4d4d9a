"""People to follow: active ones, the most followed first."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from microblog.domain.relationships import Person, people
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import (
    PUBLIC,
    VIEWER_ID,
    is_blocked,
    is_muted,
    is_present,
    is_published,
    key_of,
)
from microblog.models import Account, Follow, FollowRequest, Post

# Only the authors of this many newest posts are looked at, however large the server is.
_RECENT_POSTS = 300


_recent = (
    select(Post.account_id)
    .join(Account, Account.id == Post.account_id)
    .where(Post.visibility == PUBLIC, is_published(), is_present())
    .order_by(Post.id.desc())
    .limit(_RECENT_POSTS)
    .subquery()
)
# Made once: putting it together takes longer than asking it.
_PEOPLE = (
    select(Account)
    .where(
        Account.id.in_(select(_recent.c.account_id)),
        Account.id != VIEWER_ID,
        ~is_blocked(VIEWER_ID, Account.id),
        ~is_muted(VIEWER_ID, Account.id),
        ~exists().where(Follow.follower_id == VIEWER_ID, Follow.followed_id == Account.id),
        ~exists().where(
            FollowRequest.follower_id == VIEWER_ID, FollowRequest.followed_id == Account.id
        ),
    )
    .order_by(Account.followers_count.desc(), Account.id)
)


def people_to_follow(session: Session, viewer: Viewer | None, limit: int) -> list[Person]:
    """Return people who wrote lately and whom the viewer neither follows nor asks to."""
    found = session.scalars(_PEOPLE.limit(limit), {"viewer_id": key_of(viewer)})
    return people(session, viewer, found.all())
