"""A thread of thousands of posts opens as one of twenty does: few statements, few rows, no wait."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

import pytest
from sqlalchemy import insert, update

from microblog import clock, ids
from microblog.db import Database
from microblog.domain import threads
from microblog.domain.threads import DIRECT_REPLIES, Thread
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import MENTIONED, PUBLIC
from microblog.models import Account, Post
from tests import make
from tests.cast import Cast
from tests.outline import open_thread, path_of, tree_of
from tests.pace import pace
from tests.plans import steps_of

POSTS = 5_000
# Of a thread: the post, what is above, its series, and three levels below; and what they show.
MOST_STATEMENTS = 7
MOST_PLACES = 200
MOST_SECONDS = 0.25

Answering = Callable[[list[int], int], int]
BELOW_THE_FIRST: Answering = lambda found, _: found[0]  # noqa: E731 - one line says it.
BELOW_THE_LAST: Answering = lambda found, _: found[-1]  # noqa: E731 - one line says it.


def grow(
    db: Database, answering: Answering, *authors: Viewer, visibility: str = PUBLIC
) -> list[int]:
    """Make a thread of thousands of posts in a moment; return them from the first on.

    Its people write in turns, each post below the one that `answering` picks of those before.
    """
    first = make.post(db, authors[0])
    found, authors_of, rows = [first], {first: authors[0]}, []
    for number in range(1, POSTS):
        post_id, answered = ids.new(), answering(found, number)
        author = authors_of[post_id] = authors[number % len(authors)]
        rows.append(row(post_id, author, answered, authors_of[answered], first, visibility))
        found.append(post_id)
    is_series = len(authors) == 1
    if is_series:
        for number, each in enumerate(rows):
            each |= {"series_id": first, "series_number": number + 2}
    db.write(lambda session: session.execute(insert(Post), rows))
    first_values: dict[str, Any] = {"has_replies": True, "series_id": first if is_series else None}
    change = update(Post).where(Post.id == first).values(first_values)
    db.write(lambda session: session.execute(change))
    learn(db)
    return found


def learn(db: Database) -> None:
    """Let the database find out what its tables look like, as it does by itself after a while."""
    words = {"sqlite": "ANALYZE", "postgresql": "ANALYZE", "mysql": "ANALYZE TABLE posts, accounts"}
    with db.engine.connect() as connection:
        connection.exec_driver_sql(words[db.dialect_name])
        connection.commit()


def row(
    post_id: int, author: Viewer, answered: int, answered_author: Viewer, first: int, seen_by: str
) -> dict[str, Any]:
    return {
        "id": post_id,
        "account_id": author.id,
        "visibility": seen_by,
        "reply_to_id": answered,
        "reply_to_account_id": answered_author.id,
        "thread_id": first,
        "has_replies": True,
        "created_at": clock.now(),
        "text": "Hello",
        "html": "<p>Hello</p>",
    }


def stranger(number: int) -> dict[str, Any]:
    name = f"stranger{number}"
    return {"id": ids.new(), "username": name, "handle": name, "created_at": clock.now()}


def opened(db: Database, viewer: Viewer | None, author: Viewer, post_id: int) -> Thread:
    """Open a thread, and hold that it took little, whatever there is of it."""
    open_thread(db, viewer, author, post_id)
    seconds = []
    for _ in range(5):
        db.reset_statements()
        began = perf_counter()
        thread = open_thread(db, viewer, author, post_id)
        seconds.append(perf_counter() - began)
        assert db.statements <= MOST_STATEMENTS
    assert min(seconds) < MOST_SECONDS * pace()
    assert count(thread) <= MOST_PLACES
    return thread


def count(thread: Thread) -> int:
    """Return how many posts a thread shows."""

    def below(branches: tuple[threads.Branch, ...]) -> int:
        return sum(1 + below(branch.replies) for branch in branches)

    return len(thread.path) + below(thread.series) + below(thread.replies)


def test_thousands_of_direct_replies(db: Database, cast: Cast) -> None:
    first, *replies = grow(db, BELOW_THE_FIRST, cast.alice, cast.bob)
    # Alice's own are parts of no series here: she wrote them before there were any.
    thread = opened(db, cast.carol, cast.alice, first)
    assert tree_of(thread.replies) == replies[:DIRECT_REPLIES]
    after = replies[-6]
    assert tree_of(open_thread(db, None, cast.alice, first, after).replies) == replies[-5:]


def test_a_conversation_of_thousands_of_turns(db: Database, cast: Cast) -> None:
    turns = grow(db, BELOW_THE_LAST, cast.alice, cast.bob)
    top = opened(db, cast.carol, cast.alice, turns[0])
    assert tree_of(top.replies) == [(turns[1], (turns[2], (turns[3], "goes on")))]
    middle = opened(db, cast.carol, cast.alice, turns[2_500])
    assert path_of(middle) == turns[2_470:2_500]
    assert middle.root is not None
    assert middle.root.entry.post_id == turns[0]
    last = opened(db, None, cast.bob, turns[-1])
    assert (path_of(last), last.replies) == (turns[-31:-1], ())


def test_a_series_of_thousands_of_parts(db: Database, cast: Cast) -> None:
    parts = grow(db, BELOW_THE_LAST, cast.alice)
    thread = opened(db, cast.carol, cast.alice, parts[100])
    assert thread.part == (101, POSTS)
    assert [branch.place.part for branch in thread.series[:2]] == [(102, POSTS), (103, POSTS)]


def test_a_tree_that_branches_everywhere(db: Database, cast: Cast) -> None:
    posts = grow(db, lambda found, number: found[(number - 1) // 30], cast.alice, cast.bob)
    thread = opened(db, cast.carol, cast.alice, posts[0])
    assert len(thread.replies) == DIRECT_REPLIES
    assert {len(branch.replies) for branch in thread.replies} == {3}
    assert {branch.more for branch in thread.replies} == {10}


def test_thousands_of_replies_that_are_for_others(db: Database, cast: Cast) -> None:
    first, *_ = grow(db, BELOW_THE_FIRST, cast.alice, cast.bob, visibility=MENTIONED)
    thread = opened(db, cast.carol, cast.alice, first)
    assert (thread.replies, thread.after) == ((), None)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("is_analyzed", [False, True], ids=["unknown", "analyzed"])
def test_every_part_of_a_thread_is_found_by_key(
    db: Database, cast: Cast, sent_to_sqlite: list[str], is_analyzed: bool
) -> None:
    posts = [make.post(db, cast.alice)]
    for author in (cast.alice, cast.alice, cast.bob, cast.carol, cast.bob):
        posts.append(make.post(db, author, reply_to=posts[-1]))
    db.write(lambda session: session.execute(insert(Account), [stranger(n) for n in range(300)]))
    grow(db, BELOW_THE_FIRST, cast.carol, cast.bob)
    if not is_analyzed:
        with db.engine.connect() as connection:
            connection.exec_driver_sql("DELETE FROM sqlite_stat1")
            connection.commit()
    # A connection reads the statistics once, when it is opened.
    db.dispose()
    sent_to_sqlite.clear()
    open_thread(db, cast.carol, cast.alice, posts[1])
    sent = [one for one in sent_to_sqlite if one.startswith(("SELECT", "WITH"))]
    assert len(sent) == MOST_STATEMENTS
    for statement in sent:
        steps = steps_of(db, statement)
        tables = [step for step in steps if step.startswith("SCAN") and "anon_" not in step]
        # What is above a post is put in order once it is found: thirty rows.
        assert [step for step in tables if "above" not in step] == [], steps
        is_sorted = any("TEMP B-TREE" in step for step in steps)
        assert not is_sorted or "above" in statement, steps
