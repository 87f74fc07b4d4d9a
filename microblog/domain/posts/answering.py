"""What an answer begins with, before anything is typed."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from microblog.domain.errors import NotFound
from microblog.domain.posts.reading import PostView, list_posts
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import VISIBILITIES, has_profile, is_blocked
from microblog.models import Account, PostMention

# A post names more people only to bother them.
MOST_NAMED = 10


@dataclass(frozen=True)
class Beginning:
    """The post that is answered, and how the answer to it begins."""

    post: PostView
    text: str
    warning: str
    visibility: str


def begin_reply(session: Session, *, by: Viewer, post_id: int) -> Beginning:
    """Tell how the viewer's answer to a post begins. **Raises** NotFound.

    It names whoever takes part but the viewer, and is for nobody whom the post was not for.
    """
    found = list_posts(session, by, [post_id])
    if not found:
        raise NotFound
    post = found[0]
    names = [f"@{username} " for username in _taking_part(session, by, post)]
    visibility = narrower(post.visibility, by.default_visibility)
    return Beginning(post, "".join(names), post.warning, visibility)


def narrower(one: str, other: str) -> str:
    """Return that of two visibilities which reaches fewer people."""
    return max(one, other, key=VISIBILITIES.index)


def _taking_part(session: Session, by: Viewer, post: PostView) -> list[str]:
    """Return the author and whom the post names, as far as they and the viewer may meet."""
    named = select(PostMention.account_id).where(PostMention.post_id == post.id)
    others = session.scalars(
        select(Account.username)
        .where(Account.id.in_(named), Account.id.not_in((by.id, post.author.id)))
        .where(has_profile(), ~is_blocked(by.id, Account.id))
        .order_by(Account.id)
        .limit(MOST_NAMED - 1)
    ).all()
    return list(others) if post.author.id == by.id else [post.author.username, *others]
