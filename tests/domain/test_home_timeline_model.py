"""Whatever people do, in whatever order: the home timeline is what a simple model says it is."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from microblog.db import Database
from microblog.domain import posts
from microblog.domain.timelines import delivery
from microblog.domain.viewer import Viewer
from microblog.services import Services
from microblog.worker import Worker
from tests import make
from tests.databases import TestDatabase
from tests.reader import Reader

NAMES = ("alice", "bob", "carol")
# Every step of an example is followed by everybody reading everything, twice.
EXAMPLES = {"sqlite": 25, "postgresql": 8, "mysql": 8}

person = st.integers(0, len(NAMES) - 1)
step = st.one_of(
    st.tuples(st.just("write"), person, person),
    st.tuples(st.just("follow"), person, person),
    st.tuples(st.just("unfollow"), person, person),
    st.tuples(st.just("delete"), st.integers(0, 30), person),
    st.tuples(st.just("let the worker come by"), person, person),
)
Step = tuple[str, int, int]


@pytest.fixture
def short_timelines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make timelines, what is brought in for a follow, and chunks as short as they can be."""
    monkeypatch.setattr(delivery, "TIMELINE_LENGTH", 5)
    monkeypatch.setattr(delivery, "BACKFILL", 3)
    monkeypatch.setattr(delivery, "_TRIM_INTERVAL", 1)
    monkeypatch.setattr(delivery, "CHUNK", 1)
    monkeypatch.setattr("microblog.domain.posts.deleting.CHUNK", 1)


def test_the_home_timeline_is_what_the_model_says(
    prepared_database: TestDatabase, database_kind: str, short_timelines: None
) -> None:
    @settings(
        max_examples=EXAMPLES[database_kind],
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(st.lists(step, min_size=5, max_size=25))
    def follow_the_model(steps: list[Step]) -> None:
        prepared_database.empty()
        community = Community(prepared_database.app.extensions["microblog"])
        for each in steps:
            community.do(each)
            community.assert_everybody_reads_what_the_model_says()

    follow_the_model()


@dataclass
class Model:
    """Who follows whom, and what was written; every post as (id, author)."""

    written: list[tuple[int, int]] = field(default_factory=list)
    deleted: set[int] = field(default_factory=set)
    # Written since the worker came by last.
    waiting: set[int] = field(default_factory=set)
    # Who follows whom, and whether since the worker came by last.
    follows: dict[tuple[int, int], bool] = field(default_factory=dict)

    def home(self, reader: int) -> set[int]:
        """Return what a person reads at home."""
        return {
            post_id
            for post_id, author in self.written
            if post_id not in self.deleted and self._reads(reader, author, post_id)
        }

    def _reads(self, reader: int, author: int, post_id: int) -> bool:
        if reader == author:
            return True
        is_new = self.follows.get((reader, author))
        return is_new is not None and (is_new or post_id not in self.waiting)


class Community:
    """The same people, in the database and in the model."""

    def __init__(self, services: Services) -> None:
        self._db: Database = services.db
        self._worker = Worker(services)
        self._people: list[Viewer] = [make.account(self._db, name) for name in NAMES]
        self._readers = [Reader(self._db, one, per_page=2) for one in self._people]
        self._model = Model()

    def do(self, each: Step) -> None:
        """Do one step in both."""
        acts: dict[str, Callable[[int, int], None]] = {
            "write": self._write,
            "follow": self._follow,
            "unfollow": self._unfollow,
            "delete": self._delete,
            "let the worker come by": self._work,
        }
        act, first, second = each
        acts[act](first, second)

    def assert_everybody_reads_what_the_model_says(self) -> None:
        """Compare every home timeline, read in both directions, with the model's."""
        for number, reader in enumerate(self._readers):
            down, up = reader.entries(), reader.entries_upwards()
            assert down == up
            keys = [entry.key for entry in down]
            assert keys == sorted(set(keys), reverse=True)
            read = [entry.post_id for entry in down]
            assert len(read) == len(set(read))
            assert set(read) == self._model.home(number)

    def _write(self, author: int, _: int) -> None:
        post_id = make.post(self._db, self._people[author])
        self._model.written.append((post_id, author))
        self._model.waiting.add(post_id)

    def _follow(self, follower: int, followed: int) -> None:
        if follower != followed:
            make.follow(self._db, self._people[follower], self._people[followed])
            self._model.follows.setdefault((follower, followed), True)

    def _unfollow(self, follower: int, followed: int) -> None:
        make.unfollow(self._db, self._people[follower], self._people[followed])
        self._model.follows.pop((follower, followed), None)

    def _delete(self, number: int, _: int) -> None:
        left = [one for one in self._model.written if one[0] not in self._model.deleted]
        if left:
            post_id, author = left[number % len(left)]
            by = self._people[author]
            self._db.write(lambda session: posts.delete(session, by=by, post_id=post_id))
            self._model.deleted.add(post_id)

    def _work(self, _: int, __: int) -> None:
        self._worker.run_due()
        self._model.waiting.clear()
        self._model.follows = dict.fromkeys(self._model.follows, False)
