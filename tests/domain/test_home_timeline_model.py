"""Whatever people do, in whatever order: the home timeline is what a simple model says it is."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from microblog.db import Database
from microblog.domain import posts
from microblog.domain.timelines import delivery, following
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
    st.tuples(st.just("answer"), person, st.integers(0, 30)),
    st.tuples(st.just("boost"), person, st.integers(0, 30)),
    st.tuples(st.just("unboost"), person, st.integers(0, 30)),
    st.tuples(st.just("delete"), st.integers(0, 30), person),
    st.tuples(st.just("let the worker come by"), person, person),
)
Step = tuple[str, int, int]


@pytest.fixture
def short_timelines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make timelines, what is brought in for a follow, and chunks as short as they can be."""
    monkeypatch.setattr(delivery, "TIMELINE_LENGTH", 5)
    monkeypatch.setattr(following, "BACKFILL", 3)
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
class Written:
    """A post: by whom, and whom it answers."""

    post_id: int
    author: int
    answers: int | None = None


@dataclass
class Model:
    """Who follows whom, and what was written and boosted."""

    written: list[Written] = field(default_factory=list)
    deleted: set[int] = field(default_factory=set)
    # Written since the worker came by last.
    waiting: set[int] = field(default_factory=set)
    # Who follows whom, and whether since the worker came by last.
    follows: dict[tuple[int, int], bool] = field(default_factory=dict)
    # Who boosted what.
    boosts: set[tuple[int, int]] = field(default_factory=set)
    # Whether the worker has followed up everything.
    is_settled: bool = True

    @property
    def left(self) -> list[Written]:
        """Return what is not deleted."""
        return [one for one in self.written if one.post_id not in self.deleted]

    def allowed(self, reader: int) -> set[int]:
        """Return what a person may read at home: what is there once the worker has come by."""
        return {
            one.post_id
            for one in self.left
            if self._is_from_author(reader, one) or self._is_boosted(reader, one)
        }

    def due(self, reader: int) -> set[int]:
        """Return what a person reads at home in any case."""
        if self.is_settled:
            return self.allowed(reader)
        return {
            one.post_id
            for one in self.left
            if self._is_from_author(reader, one) and self._is_there(reader, one)
        }

    def _is_from_author(self, reader: int, one: Written) -> bool:
        if one.author == reader:
            return True
        is_for_reader = one.answers in (None, one.author, reader)
        is_between_known = (reader, one.answers) in self.follows
        return (reader, one.author) in self.follows and (is_for_reader or is_between_known)

    def _is_there(self, reader: int, one: Written) -> bool:
        is_new = self.follows.get((reader, one.author))
        return one.author == reader or bool(is_new) or one.post_id not in self.waiting

    def _is_boosted(self, reader: int, one: Written) -> bool:
        return any(
            post_id == one.post_id and (reader, booster) in self.follows
            for booster, post_id in self.boosts
        )


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
            "answer": self._answer,
            "boost": self._boost,
            "unboost": self._unboost,
            "follow": self._follow,
            "unfollow": self._unfollow,
            "delete": self._delete,
            "let the worker come by": self._work,
        }
        act, first, second = each
        self._model.is_settled = False
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
            assert self._model.due(number) <= set(read) <= self._model.allowed(number)

    def _write(self, author: int, _: int, answered: Written | None = None) -> None:
        reply_to_id = answered.post_id if answered else None
        post_id = make.post(self._db, self._people[author], reply_to=reply_to_id)
        answers = answered.author if answered else None
        self._model.written.append(Written(post_id, author, answers))
        self._model.waiting.add(post_id)

    def _answer(self, author: int, number: int) -> None:
        if left := self._model.left:
            self._write(author, 0, left[number % len(left)])

    def _boost(self, booster: int, number: int) -> None:
        if left := self._model.left:
            post_id = left[number % len(left)].post_id
            make.boost(self._db, self._people[booster], post_id)
            self._model.boosts.add((booster, post_id))

    def _unboost(self, booster: int, number: int) -> None:
        boosted = sorted(post_id for one, post_id in self._model.boosts if one == booster)
        boosted = [post_id for post_id in boosted if post_id not in self._model.deleted]
        if boosted:
            post_id = boosted[number % len(boosted)]
            by = self._people[booster]
            self._db.write(lambda session: posts.unboost(session, by=by, post_id=post_id))
            self._model.boosts.discard((booster, post_id))

    def _follow(self, follower: int, followed: int) -> None:
        if follower != followed:
            make.follow(self._db, self._people[follower], self._people[followed])
            self._model.follows.setdefault((follower, followed), True)

    def _unfollow(self, follower: int, followed: int) -> None:
        make.unfollow(self._db, self._people[follower], self._people[followed])
        self._model.follows.pop((follower, followed), None)

    def _delete(self, number: int, _: int) -> None:
        if left := self._model.left:
            one = left[number % len(left)]
            post_id, by = one.post_id, self._people[one.author]
            self._db.write(lambda session: posts.delete(session, by=by, post_id=post_id))
            self._model.deleted.add(post_id)

    def _work(self, _: int, __: int) -> None:
        self._worker.run_due()
        self._model.waiting.clear()
        self._model.follows = dict.fromkeys(self._model.follows, False)
        self._model.is_settled = True
