"""Each web worker keeps to a processor core of its own, as long as there are cores."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")

SETTLE = """
import os, sys
from microblog import cores
cores.settle()
with cores.elsewhere():
    meanwhile = os.sched_getaffinity(0)
print(*os.sched_getaffinity(0), "/", *meanwhile, flush=True)
sys.stdin.read()
"""
ALLOWED = os.sched_getaffinity(0)


def test_no_two_processes_keep_to_the_same_core() -> None:
    # One more than there are cores: for it, none is left. Other servers may run on this machine.
    workers = [settled() for _ in range(len(ALLOWED) + 1)]
    try:
        kept = [found for found, _ in map(reported, workers) if found != ALLOWED]
        assert all(len(found) == 1 for found in kept)
        assert len(set.union(set(), *kept)) == len(kept)
        assert len(kept) <= len(ALLOWED)
    finally:
        for worker in workers:
            end(worker)


def test_heavy_work_runs_on_the_other_cores() -> None:
    worker = settled()
    try:
        kept, meanwhile = reported(worker)
        # Where there is no other one, or none was free to keep to, on every one.
        assert meanwhile == (ALLOWED - kept or ALLOWED)
    finally:
        end(worker)


def settled() -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", SETTLE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def reported(worker: "subprocess.Popen[str]") -> tuple[set[int], set[int]]:
    """Return the cores that a process keeps to, and those of its heavy work."""
    assert worker.stdout is not None
    kept, _, meanwhile = worker.stdout.readline().partition("/")
    return set(map(int, kept.split())), set(map(int, meanwhile.split()))


def end(worker: "subprocess.Popen[str]") -> None:
    worker.communicate()
