"""People to follow: active ones, the most followed first."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from microblog.domain.relationships import Person, people
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import PUBLIC, is_blocked, is_muted, is_present, is_published
from microblog.models import Account, Follow, FollowRequest, Post

# Only the authors of this many newest posts are looked at, however large the server is.
_RECENT_POSTS = 300


def people_to_follow(session: Session, viewer: Viewer | None, limit: int) -> list[Person]:
    """Return people who wrote lately and whom the viewer neither follows nor asks to."""
    recent = (
        select(Post.account_id)
        .join(Account, Account.id == Post.account_id)
        .where(Post.visibility == PUBLIC, is_published(), is_present())
        .order_by(Post.id.desc())
        .limit(_RECENT_POSTS)
        .subquery()
    )
    statement = select(Account).where(Account.id.in_(select(recent.c.account_id)))
    if viewer is not None:
        statement = statement.where(
            Account.id != viewer.id,
            ~is_blocked(viewer.id, Account.id),
            ~is_muted(viewer.id, Account.id),
            ~exists().where(Follow.follower_id == viewer.id, Follow.followed_id == Account.id),
            ~exists().where(
                FollowRequest.follower_id == viewer.id, FollowRequest.followed_id == Account.id
            ),
        )
    ranked = statement.order_by(Account.followers_count.desc(), Account.id).limit(limit)
    return people(session, viewer, session.scalars(ranked).all())
