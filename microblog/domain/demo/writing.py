"""A crowd writes: posts in large numbers, with texts from a pool that is rendered once."""

from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from random import Random
from typing import NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from microblog import ids
from microblog.db import Database, insert_ignoring_duplicates
from microblog.domain import posts
from microblog.domain.demo.bulk import PERIOD, Rows, ids_between, insert_rows
from microblog.domain.demo.crowd import Crowd
from microblog.domain.demo.script import read
from microblog.domain.posts import Draft
from microblog.domain.visibility import PUBLIC
from microblog.models import Account, Post, PostTag, Tag

CHUNK = 50_000


class _Chunk(NamedTuple):
    """Posts that are written in one transaction, column by column."""

    post_ids: list[int]
    author_ids: list[int]
    drafts: list[Draft]


def write_posts(
    db: Database,
    crowd: Crowd,
    account_ids: Sequence[int],
    now: datetime,
    advance: Callable[[int], None],
) -> list["array[int]"]:
    """Write the crowd's posts up to now; return their ids by author, rising."""
    random = Random(crowd.plan.seed)
    pool, tag_ids = _pool(db)
    post_ids = ids_between(now - PERIOD, now, crowd.plan.posts, random)
    written = [array("q") for _ in account_ids]
    while batch := list(islice(post_ids, CHUNK)):
        authors = crowd.authors(len(batch))
        author_ids = [account_ids[author] for author in authors]
        chunk = _Chunk(batch, author_ids, random.choices(pool, k=len(batch)))
        db.write(partial(_write, chunk=chunk, tag_ids=tag_ids))
        for post_id, author in zip(batch, authors, strict=True):
            written[author].append(post_id)
        advance(len(batch))
    return written


def _pool(db: Database) -> tuple[list[Draft], dict[str, int]]:
    """Render the community's own texts that speak to nobody; make their tags."""
    texts = [text for person in read().people for text in person.texts if "@" not in text]
    with db.read() as session:
        pool = [posts.compose(session, text) for text in texts]
    names = sorted({name for draft in pool for name in draft.tags})
    return pool, db.write(lambda session: _make_tags(session, names))


def _make_tags(session: Session, names: list[str]) -> dict[str, int]:
    dialect = session.get_bind().dialect.name
    rows = [{"id": ids.new(), "name": name} for name in names]
    session.execute(insert_ignoring_duplicates(Tag, dialect), rows)
    tags = session.execute(select(Tag.name, Tag.id).where(Tag.name.in_(names)))
    return dict(tags.all())


def _write(session: Session, chunk: _Chunk, tag_ids: dict[str, int]) -> None:
    insert_rows(session, Post, _posts(chunk))
    insert_rows(session, PostTag, _post_tags(chunk, tag_ids))
    counted = (
        update(Account)
        .where(Account.id == bindparam("author_id"))
        .values(posts_count=Account.posts_count + bindparam("more"))
    )
    session.connection().execute(
        counted,
        [{"author_id": id_, "more": more} for id_, more in Counter(chunk.author_ids).items()],
    )


def _posts(chunk: _Chunk) -> Rows:
    for post_id, author_id, draft in zip(*chunk, strict=True):
        yield {
            "id": post_id,
            "account_id": author_id,
            "text": draft.text,
            "html": draft.html,
            "visibility": PUBLIC,
            "thread_id": post_id,
            "language": draft.language,
            "created_at": ids.time_of(post_id),
        }


def _post_tags(chunk: _Chunk, tag_ids: dict[str, int]) -> Rows:
    for post_id, draft in zip(chunk.post_ids, chunk.drafts, strict=True):
        for name in draft.tags:
            yield {"tag_id": tag_ids[name], "post_id": post_id}
