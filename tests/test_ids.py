"""Ids: ordered by time, and never the same twice, whoever makes them."""

import fcntl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microblog import ids
from microblog.ids import MAX_ID, Generator
from tests.parallel import at_once
from tests.processes import ROOT, environment

# A process that takes a tag, makes ids, and stays until its input ends. The tag is the first word.
# It needs the module alone, and starts ten times as fast without the rest of the package.
MAKE_IDS = """
import sys
from pathlib import Path
import ids
for machine in sys.argv[2:]:
    ids.claim_tag(Path(sys.argv[1]), int(machine))
print(ids.process_tag(), *(ids.new() for _ in range(3000)), flush=True)
sys.stdin.read()
"""
TAGS_OF_A_MACHINE = 64


@contextmanager
def process(folder: Path, *machines: int) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """Run a process that claims a tag for each of the machines; yield it and what it printed."""
    command = [sys.executable, "-c", MAKE_IDS, str(folder), *map(str, machines or (0,))]
    alone = environment(PYTHONPATH=str(ROOT / "microblog"))
    with subprocess.Popen(
        command, env=alone, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as started:
        assert started.stdout is not None
        yield started, [int(word) for word in started.stdout.readline().split()]


def test_ids_rise_and_are_never_the_same() -> None:
    generator = Generator(tag=5)
    made = [generator.new() for _ in range(20_000)]
    assert made == sorted(set(made))
    assert 0 < made[0] < made[-1] <= MAX_ID


def test_an_id_tells_when_it_was_made() -> None:
    before = datetime.now(UTC)
    moment = ids.time_of(Generator(tag=1023).new())
    assert before - timedelta(milliseconds=1) <= moment <= datetime.now(UTC)


def test_ids_rise_also_when_the_clock_steps_back(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = Generator(tag=5)
    now = time.time()
    made = []
    for seconds in (0, -3600, -1, 0.001, -86_400, 10, 5):
        monkeypatch.setattr(time, "time", lambda s=seconds: now + s)
        made += [generator.new() for _ in range(3000)]
    monkeypatch.undo()
    assert made == sorted(set(made))


def test_ids_that_do_not_fit_into_one_millisecond_are_still_nobody_elses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    generators = [Generator(tag) for tag in (5, 6, 7)]
    made = [generator.new() for generator in generators for _ in range(5000)]
    monkeypatch.undo()
    assert len(set(made)) == 15_000
    assert made[:5000] == sorted(made[:5000])


def test_threads_never_make_the_same_id() -> None:
    made = at_once(*[lambda: [ids.new() for _ in range(5000)]] * 8)
    assert len({id_ for part in made for id_ in part}) == 40_000
    assert all(part == sorted(part) for part in made)


def test_generators_with_different_tags_never_make_the_same_id() -> None:
    one, two = Generator(tag=0), Generator(tag=1023)
    made = [generator.new() for _ in range(5000) for generator in (one, two)]
    assert len(set(made)) == 10_000


def test_processes_have_different_tags_and_never_make_the_same_id(tmp_path: Path) -> None:
    with ExitStack() as stack:
        printed = [stack.enter_context(process(tmp_path))[1] for _ in range(4)]
        assert sorted(tag for tag, *_ in printed) == [0, 1, 2, 3]
    assert len({id_ for _, *made in printed for id_ in made}) == 12_000


def test_the_tag_of_a_killed_process_is_free_again(tmp_path: Path) -> None:
    with process(tmp_path) as (first, [first_tag, *_]), process(tmp_path) as (_, [other_tag, *_]):
        assert first_tag != other_tag
        first.kill()
        first.wait()
        with process(tmp_path) as (_, [next_tag, *_]):
            assert next_tag == first_tag


def test_a_process_that_takes_another_tag_gives_back_the_one_it_had(tmp_path: Path) -> None:
    with process(tmp_path, 0, 0, 0) as (_, [tag, *_]), process(tmp_path) as (_, [other_tag, *_]):
        assert {tag, other_tag} == {0, 1}


def test_machines_have_different_tags(tmp_path: Path) -> None:
    with process(tmp_path / "one", 0) as (_, one), process(tmp_path / "two", 15) as (_, two):
        assert (one[0], two[0]) == (0, 15 * TAGS_OF_A_MACHINE)
    assert not set(one[1:]) & set(two[1:])


def test_when_every_tag_is_taken_it_is_said(tmp_path: Path) -> None:
    with ExitStack() as stack:
        for tag in range(TAGS_OF_A_MACHINE):
            claim = stack.enter_context((tmp_path / f"{tag:02}.lock").open("ab"))
            fcntl.flock(claim, fcntl.LOCK_EX)
        with pytest.raises(RuntimeError, match="taken"):
            ids.claim_tag(tmp_path)


def test_a_past_moment_has_ids_too() -> None:
    moment = datetime(2025, 3, 1, 12, 30, 15, 250_000, tzinfo=UTC)
    assert ids.time_of(ids.at(moment)) == moment
    assert ids.time_of(ids.at(moment, sequence=2**21 - 1)) == moment
    assert ids.at(moment) < ids.at(moment, sequence=1) < ids.at(moment + timedelta(milliseconds=1))


def test_the_distance_of_ids_is_the_time_between_them() -> None:
    moment, day = datetime(2025, 3, 1, tzinfo=UTC), timedelta(days=1)
    assert ids.at(moment + day) - ids.at(moment) == ids.distance(day)


def test_ids_last_until_2163() -> None:
    assert ids.at(datetime(2163, 1, 1, tzinfo=UTC), sequence=2**21 - 1) <= MAX_ID


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "-1",
        "+1",
        " 1",
        "1 ",
        "1\n",
        "1.0",
        "1e3",
        "0x1",
        "1_000",
        "١",
        "²",
        "１",
        "\x00",
        "1\x00",
        "\ud800",
        "NaN",
        "9223372036854775808",
        "9" * 19,
        "9" * 20,
        "0" * 20,
        "1" * 1_000_000,
        "' OR 1=1 --",
    ],
)
def test_what_cannot_be_an_id_is_none(text: str | None) -> None:
    assert ids.parse(text) is None


@given(st.integers(0, MAX_ID))
def test_an_id_is_read_as_it_is_written(id_: int) -> None:
    assert ids.parse(str(id_)) == id_


@given(st.text())
def test_any_text_is_an_id_or_none(text: str) -> None:
    parsed = ids.parse(text)
    assert parsed is None or 0 <= parsed <= MAX_ID
