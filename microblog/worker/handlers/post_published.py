"""A post was published: people hear of it, and it goes to the timelines of the followers."""

from sqlalchemy.orm import Session

from microblog.domain import notifications, timelines
from microblog.domain.events import PostPublished


def tell(session: Session, event: PostPublished, cursor: int | None) -> int | None:
    """Tell whom it answers, and the next of those it mentions."""
    return notifications.tell_of_post(session, event.post_id, cursor)


def deliver(session: Session, event: PostPublished, cursor: int | None) -> int | None:
    """Bring the post to the next followers."""
    return timelines.deliver(session, event.post_id, cursor)


# Who is spoken to hears of it first, however many followers there are.
HANDLERS = (tell, deliver)
