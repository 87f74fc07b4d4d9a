"""What a page costs the database: one statement, and only rows that it needs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from microblog import clock, ids
from microblog.db import Database
from microblog.domain import sessions, threads, timelines
from microblog.domain.pages import Page
from microblog.models import Account, Post
from microblog.worker import Worker
from tests import make
from tests.cast import Cast
from tests.plans import steps_of

Act = Callable[[Database, Cast], Any]


def read_permalink(db: Database, cast: Cast) -> object:
    newest = timelines.profile(db, None, "alice", Page(1)).posts.items[0]
    db.reset_statements()
    return threads.find(db, None, "alice", newest.post_id)


PAGES: dict[str, Act] = {
    "home": lambda db, cast: timelines.home(db, cast.bob, Page(20)),
    "home, older": lambda db, cast: timelines.home(db, cast.bob, Page(20, before=2**62)),
    "home, newer": lambda db, cast: timelines.home(db, cast.bob, Page(20, after=1)),
    "explore": lambda db, _: timelines.explore(db, None, Page(20)),
    "explore, newer": lambda db, _: timelines.explore(db, None, Page(20, after=1)),
    "profile": lambda db, cast: timelines.profile(db, cast.bob, "alice", Page(20)),
    "profile, newer": lambda db, _: timelines.profile(db, None, "alice", Page(20, after=1)),
    "tag": lambda db, _: timelines.tagged(db, None, "cats", Page(20)),
    "bookmarks": lambda db, cast: timelines.bookmarks(db, cast.bob, Page(20)),
    "favourites, newer": lambda db, cast: timelines.favourites(db, cast.bob, Page(20, after=1)),
    "permalink": read_permalink,
    "count of new posts": lambda db, cast: timelines.count_new(db, cast.bob, 1),
}


@pytest.mark.parametrize("read", PAGES.values(), ids=PAGES)
def test_a_page_takes_one_statement_however_much_there_is(
    db: Database, cast: Cast, worker: Worker, read: Act
) -> None:
    make.post(db, cast.alice, "About #cats")
    worker.run_due()
    assert statements(db, cast, read) == 1
    for number in range(22):
        make.post(db, cast.alice, f"Number {number} about #cats")
    worker.run_due()
    assert statements(db, cast, read) == 1


def test_finding_out_who_asks_takes_one_statement(db: Database, cast: Cast) -> None:
    token = db.write(
        lambda session: sessions.start(
            session, cast.bob.id, address="", agent="", lifetime=timedelta(days=1)
        )
    )
    assert statements(db, cast, lambda db, _: sessions.visit(db, token)) == 1
    assert statements(db, cast, lambda db, _: sessions.visit(db, None)) == 1


@pytest.mark.sqlite_only
@pytest.mark.parametrize("is_analyzed", [False, True], ids=["unknown", "analyzed"])
@pytest.mark.parametrize("read", PAGES.values(), ids=PAGES)
def test_a_page_finds_its_rows_by_key_and_sorts_nothing(
    db: Database,
    cast: Cast,
    worker: Worker,
    sent_to_sqlite: list[str],
    read: Act,
    is_analyzed: bool,
) -> None:
    fill(db, cast, worker, is_analyzed=is_analyzed)
    plan = plan_of(db, sent_to_sqlite, lambda: read(db, cast))
    assert any(step.startswith("SEARCH") for step in plan)
    # The rows of a subquery that found its own by key are gone through; no table is.
    scanned = [step for step in plan if step.startswith("SCAN") and " anon_" not in step]
    assert scanned == [], plan
    assert not any("TEMP B-TREE" in step for step in plan), plan


@pytest.mark.sqlite_only
@pytest.mark.parametrize("is_analyzed", [False, True], ids=["unknown", "analyzed"])
@pytest.mark.parametrize("page", [Page(20), Page(20, after=1)], ids=["older", "newer"])
def test_what_is_older_than_kept_is_merged_from_the_posts_of_each_author(
    db: Database,
    cast: Cast,
    worker: Worker,
    sent_to_sqlite: list[str],
    page: Page,
    is_analyzed: bool,
) -> None:
    fill(db, cast, worker, is_analyzed=is_analyzed)
    everything_is_older = replace(cast.bob, timeline_floor=2**62)
    plan = plan_of(
        db,
        sent_to_sqlite,
        lambda: timelines.home(db, everything_is_older, page),
        "posts.account_id = authors",
    )
    assert any("INDEX ix_posts_account_id_id " in step for step in plan)
    assert not any(step.startswith("SCAN posts") for step in plan), plan
    assert not any("ix_posts_visibility_id" in step for step in plan), plan


def fill(db: Database, cast: Cast, worker: Worker, *, is_analyzed: bool) -> None:
    for number in range(10):
        make.post(db, cast.alice, f"Number {number} about #cats")
    worker.run_due()
    db.write(bring_strangers)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        if not is_analyzed:
            connection.exec_driver_sql("DELETE FROM sqlite_stat1")
        connection.commit()
    # A connection reads the statistics once, when it is opened.
    db.dispose()


def bring_strangers(session: Session) -> None:
    """Make a server on which the few whom anybody reads write little of what is written."""
    now = clock.now()
    strangers = [
        {"id": ids.new(), "username": name, "handle": name, "created_at": now}
        for name in (f"stranger{number}" for number in range(300))
    ]
    written = [
        {"id": ids.new(), "account_id": one["id"], "text": "", "html": "", "created_at": now}
        for one in strangers * 10
    ]
    session.execute(insert(Account), strangers)
    session.execute(insert(Post), written)


def plan_of(
    db: Database, sent: list[str], read: Callable[[], object], having: str = ""
) -> list[str]:
    """Return the steps by which SQLite runs the last statement of a read."""
    sent.clear()
    read()
    statement = [one for one in sent if one.startswith("SELECT") and having in one][-1]
    return steps_of(db, statement)


def statements(db: Database, cast: Cast, read: Act) -> int:
    db.reset_statements()
    read(db, cast)
    return db.statements
