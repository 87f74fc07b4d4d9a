"""A post was published: it goes to the timelines of the author's followers."""

from sqlalchemy.orm import Session

from microblog.domain import timelines
from microblog.domain.events import PostPublished


def deliver(session: Session, event: PostPublished, cursor: int | None) -> int | None:
    """Bring the post to the next followers."""
    return timelines.deliver(session, event.post_id, cursor)


HANDLERS = (deliver,)
