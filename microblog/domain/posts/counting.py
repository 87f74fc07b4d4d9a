"""The counters of a post. Whoever changes one has locked the post before."""

from sqlalchemy import update
from sqlalchemy.orm import InstrumentedAttribute, Session

from microblog.models import Post


def count(session: Session, counter: InstrumentedAttribute[int], post_id: int, change: int) -> None:
    """Count one more or less of what people do with a post."""
    session.execute(update(Post).where(Post.id == post_id).values({counter: counter + change}))
