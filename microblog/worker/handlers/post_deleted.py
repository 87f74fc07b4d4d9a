"""A post was deleted: what points to it is cleared away."""

from sqlalchemy.orm import Session

from microblog.domain import posts
from microblog.domain.events import PostDeleted


def clear_away(session: Session, event: PostDeleted, cursor: int | None) -> int | None:
    """Remove the next rows; the cursor only counts the rounds."""
    return (cursor or 0) + 1 if posts.clear_away(session, event.post_id) else None


HANDLERS = (clear_away,)
