"""The benchmark works from end to end, and takes no wrong answer for a fast one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench import processes, report
from bench.__main__ import run
from bench.data import Size
from bench.load import Ask, UnexpectedStatus, load
from bench.measuring import percentile
from bench.plan import Plan
from bench.results import Results, verdicts
from bench.server import serve_floor

ACCOUNTS = 20
TASTE = Plan(
    sizes=(Size("taste", accounts=ACCOUNTS, posts=200, viewers=4, follows=10),),
    pages=("home", "arabic"),
    talkative=Size("talk", 20, 100, viewers=4, follows=10, talks=True, answers=(3, 9)),
    rounds=2,
    requests=10,
    cold_requests=5,
    posts=3,
    deliveries=3,
    idle_posts=1,
    logins_seconds=0.5,
    starts=1,
    waits_for_quiet=False,
)
BURN = "import time\nwhile time.process_time() < 0.2: pass"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    scratch = tmp_path_factory.mktemp("bench")
    return run(TASTE, scratch / "store", scratch)


def test_a_run_measures_what_happened(results: Results) -> None:
    home = results.readings["home"]
    page = home.by_size["taste"]
    assert page.statements == 2
    arabic = results.readings["arabic"]
    assert arabic.home is not None
    # More bytes for each letter: it really was in Arabic.
    assert arabic.by_size["taste"].warm.size_bytes > arabic.home.size_bytes
    assert page.warm.size_bytes > 10_000
    assert page.cold.size_bytes == home.floor.size_bytes
    assert page.warm.cpu_ms > home.floor.cpu_ms > 0
    assert results.readings["long thread"].by_size["talk"].statements >= 2
    assert {"notifications", "messages", "conversation"} <= results.readings.keys()
    assert results.publishing.delivered_rows == TASTE.deliveries * ACCOUNTS
    assert results.signing_in.impatient.logins_per_second > 0
    assert results.running.warm_pss_bytes > 50_000_000


def test_a_report_has_every_figure_and_leaves_the_prose(results: Results, tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text(f"Before\n{report.BEGIN}\nstale\n{report.END}\nAfter\n", encoding="utf-8")
    report.write(results, document)
    text = document.read_text(encoding="utf-8")
    assert text.startswith("Before\n")
    assert text.endswith("After\n")
    assert "stale" not in text
    assert verdicts(results)
    assert all(f"| {verdict.what} |" in text for verdict in verdicts(results))
    assert "| home | taste |" in text


def test_a_report_without_its_marks_is_refused(results: Results, tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text("Written by hand.\n", encoding="utf-8")
    with pytest.raises(ValueError, match="marks"):
        report.write(results, document)
    assert document.read_text(encoding="utf-8") == "Written by hand.\n"


def test_an_unexpected_status_ends_the_run() -> None:
    with serve_floor(10) as server:
        assert load(server.port, [Ask("/")] * 8).received_bytes == 80
        with pytest.raises(UnexpectedStatus, match="/missing answered 404"):
            load(server.port, [*[Ask("/")] * 8, Ask("/missing")])


def test_a_process_is_counted_with_its_children_living_and_ended() -> None:
    before = processes.tree_cpu_seconds(os.getpid())
    with subprocess.Popen([sys.executable, "-c", BURN]) as child:
        assert child.pid in processes.tree(os.getpid())
        assert processes.tree_pss_bytes(os.getpid()) > processes.tree_pss_bytes(child.pid) > 0
    assert processes.tree_cpu_seconds(os.getpid()) - before > 0.15


@pytest.mark.parametrize(("percent", "value"), [(1, 1), (50, 50), (99, 99), (100, 100)])
def test_a_percentile_is_one_of_the_values(percent: int, value: int) -> None:
    assert percentile(range(1, 101), percent) == value
    assert percentile([7.0], percent) == 7.0
