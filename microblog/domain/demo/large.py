"""Large data, for trying and measuring: as many people and posts as one asks for."""

import time
from collections.abc import Callable
from functools import partial

from microblog import clock
from microblog.db import Database
from microblog.domain.demo.arrivals import arrive
from microblog.domain.demo.crowd import Crowd, LargePlan
from microblog.domain.demo.report import DemoReport
from microblog.domain.demo.timelines import fill_timelines
from microblog.domain.demo.writing import write_posts
from microblog.domain.viewer import ADMIN

# Told the stage ("posts" or "timelines"), how many more are done, and how many there are in all.
Progress = Callable[[str, int, int], None]


def fill_large(db: Database, plan: LargePlan, password_hash: str, progress: Progress) -> DemoReport:
    """Add people, follows, a year of posts, and timelines; every commit leaves a sound server."""
    crowd, now = Crowd(plan), clock.now()
    arrival = db.write(partial(arrive, crowd=crowd, password_hash=password_hash, now=now))
    account_ids = arrival.account_ids
    began = time.monotonic()
    advance = partial(_advance, progress, "posts", plan.posts)
    written = write_posts(db, crowd, account_ids, now, advance)
    wrote = time.monotonic()
    advance = partial(_advance, progress, "timelines", plan.accounts)
    filled = fill_timelines(db, crowd, account_ids, written, advance)
    ended = time.monotonic()
    # The tables are no longer what the database has learnt of them.
    db.optimize()
    return DemoReport(
        username=arrival.username,
        is_admin=arrival.role == ADMIN,
        accounts=plan.accounts,
        follows=crowd.follows_count,
        posts=plan.posts,
        posts_seconds=wrote - began,
        timeline_entries=filled,
        timelines_seconds=ended - wrote,
    )


def _advance(progress: Progress, stage: str, total: int, more: int) -> None:
    progress(stage, more, total)
