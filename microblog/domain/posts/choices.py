"""What a viewer may do with a post, beside what its buttons do."""

from dataclasses import dataclass

from sqlalchemy import exists, literal, select
from sqlalchemy.orm import Session

from microblog.db import Id
from microblog.domain.posts.reading import PostView, get_post, get_view
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import is_muted, may_change, may_pin
from microblog.models import Pin, ThreadMute


@dataclass(frozen=True, slots=True)
class Choices:
    """A post, with what the viewer has done with it and may do."""

    post: PostView
    may_change: bool
    may_pin: bool
    is_pinned: bool
    is_thread_muted: bool
    is_author_muted: bool
    boosts_count: int
    favourites_count: int


def get_choices(session: Session, *, by: Viewer, post_id: int) -> Choices:
    """Return what the viewer may do with a post. **Raises** NotFound."""
    view, post = get_view(session, by, post_id), get_post(session, by, post_id)
    is_pinned, is_thread_muted, is_author_muted = session.execute(
        select(
            exists().where(Pin.account_id == by.id, Pin.post_id == post_id),
            exists().where(ThreadMute.account_id == by.id, ThreadMute.thread_id == post.thread_id),
            is_muted(by.id, literal(post.account_id, Id)),
        )
    ).one()
    return Choices(
        view,
        may_change(by, post),
        may_pin(by, post),
        bool(is_pinned),
        bool(is_thread_muted),
        bool(is_author_muted),
        post.boosts_count,
        post.favourites_count,
    )
