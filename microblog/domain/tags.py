"""Tags: the words under which posts are gathered."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from microblog import ids
from microblog.db import insert_ignoring_duplicates
from microblog.models import PostTag, Tag

_NAMED = select(Tag.id).where(Tag.name.in_(bindparam("names", expanding=True)))


def attach(session: Session, post_id: int, names: Sequence[str]) -> None:
    """Put a post under tags, by their canonical names; makes the tags that are new."""
    if not names:
        return
    tag_ids = session.scalars(_NAMED, {"names": names}).all()
    if len(tag_ids) < len(names):
        dialect = session.get_bind().dialect.name
        # In one order, so that two posts with the same new tags do not deadlock.
        rows = [{"id": ids.new(), "name": name} for name in sorted(names)]
        session.execute(insert_ignoring_duplicates(Tag, dialect), rows)
        tag_ids = session.scalars(_NAMED, {"names": names}).all()
    session.add_all([PostTag(tag_id=tag_id, post_id=post_id) for tag_id in tag_ids])
