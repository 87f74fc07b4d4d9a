"""A post was edited: who is named anew hears of it, and whoever it is for now gets it."""

from sqlalchemy.orm import Session

from microblog.domain import notifications, posts, timelines
from microblog.domain.events import PostEdited


def tell(session: Session, event: PostEdited, cursor: int | None) -> int | None:
    """Tell the next of those it mentions, unless they know already."""
    return notifications.tell_of_post(session, event.post_id, cursor)


def deliver(session: Session, event: PostEdited, cursor: int | None) -> int | None:
    """Bring the post to the next followers it was not for before."""
    if not event.reaches_more:
        return None
    return timelines.deliver(session, event.post_id, cursor)


def withdraw_boosts(session: Session, event: PostEdited, cursor: int | None) -> int | None:
    """Take back the next boosts of what may not be carried on now; the cursor counts the rounds."""
    return (cursor or 0) + 1 if posts.withdraw_boosts(session, event.post_id) else None


def take_back(session: Session, event: PostEdited, cursor: int | None) -> int | None:
    """Take back the next of what it has made untrue; the cursor counts the rounds."""
    return (cursor or 0) + 1 if notifications.take_back_of_edit(session, event.post_id) else None


HANDLERS = (tell, deliver, withdraw_boosts, take_back)
