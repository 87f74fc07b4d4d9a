"""`microblog serve`, run as people run it: it starts, stops, and keeps its children alive."""

import os
import re
import signal
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.caller import Caller
from tests.processes import MICROBLOG, PROC, Running, free_port, running, wait_for

pytestmark = pytest.mark.skipif(not PROC.is_dir(), reason="Processes are looked up in /proc.")

WORKERS = 2
CHILDREN = WORKERS + 1  # The web workers and the job worker.
START_SECONDS = 2.0
ORPHAN_SECONDS = 10.0
KILL_SECONDS = 5.0


@pytest.fixture(scope="module")
def used_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which a server has run before."""
    folder = tmp_path_factory.mktemp("used")
    with serve(folder) as server:
        server.wait_until_it_answers()
        end(server)
    return folder


@pytest.fixture
def server(used_folder: Path) -> Iterator[Running]:
    """Return a server of which every web worker has answered."""
    for log in (used_folder / "data" / "logs").glob("*.log"):
        log.unlink()
    with serve(used_folder) as server:
        wait_for(lambda: ask_and_see_whether_all_are_at_work(server), "every worker to answer")
        yield server


def test_the_first_start_makes_everything_and_says_where_it_is(tmp_path: Path) -> None:
    with serve(tmp_path) as server:
        answer = server.wait_until_it_answers()
        assert answer.status_code == 302
        assert answer.headers["location"] == "/setup"
        assert server.url in server.stdout.split()
        assert server.stderr == ""
    modes = {path.name: mode(path) for path in (tmp_path / "data").iterdir()}
    assert mode(tmp_path / "data") == 0o700
    assert modes["secret_key"] == 0o600
    assert [modes[name] for name in ("media", "logs", "locks")] == [0o700] * 3
    assert modes["microblog.db"] & stat.S_IWGRP == 0


def test_each_process_has_a_log_of_its_own(server: Running, used_folder: Path) -> None:
    logs = used_folder / "data" / "logs"
    kinds = sorted(path.name.partition("-")[0] for path in logs.glob("*.log"))
    assert kinds.count("jobs") >= 1
    assert kinds.count("web") >= WORKERS


def test_the_next_start_is_quick_and_changes_nothing(used_folder: Path) -> None:
    key = (used_folder / "data" / "secret_key").read_bytes()
    with serve(used_folder) as server:
        server.wait_until_it_answers()
        # Counted in seconds of a processor, because the machine may be busy with other things.
        assert sum(server.processes().values()) < START_SECONDS
    assert (used_folder / "data" / "secret_key").read_bytes() == key
    assert not (used_folder / "data" / "copies").exists()


def test_a_terminal_ends_everything_by_ctrl_c(server: Running) -> None:
    assert_ends_in_time(server, lambda: server.signal_group(signal.SIGINT))


def test_a_service_manager_ends_everything_by_sigterm(server: Running) -> None:
    assert_ends_in_time(server, server.process.terminate)


def test_a_service_manager_may_tell_every_process(server: Running) -> None:
    assert_ends_in_time(server, lambda: server.signal_group(signal.SIGTERM))


def test_ending_it_while_it_starts_leaves_nothing(used_folder: Path) -> None:
    with serve(used_folder) as server:
        wait_for(server.children, "the first child")
        server.process.terminate()
        server.wait_until_all_have_ended()


def test_a_killed_supervisor_leaves_no_orphan(server: Running) -> None:
    server.process.kill()
    server.wait_until_all_have_ended(ORPHAN_SECONDS)


def test_a_supervisor_killed_while_it_starts_leaves_no_orphan(used_folder: Path) -> None:
    with serve(used_folder) as server:
        wait_for(server.children, "the first child")
        server.process.kill()
        server.wait_until_all_have_ended(ORPHAN_SECONDS)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_web_worker_that_ends_is_started_again(server: Running, number: signal.Signals) -> None:
    assert_replaced(server, web_worker(server), number)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_job_worker_that_ends_is_started_again(server: Running, number: signal.Signals) -> None:
    assert_replaced(server, job_worker(server), number)


def test_a_job_worker_that_ends_again_and_again_is_started_each_time(server: Running) -> None:
    for _ in range(3):
        assert_replaced(server, job_worker(server), signal.SIGKILL)


def test_a_visitor_from_elsewhere_needs_the_code_that_is_printed(used_folder: Path) -> None:
    with serve(used_folder, HOST="0.0.0.0", TRUSTED_HOSTS="elsewhere.example") as server:
        server.wait_until_it_answers()
        code = re.search(r"the setup code is (\w+)\.", server.stdout)
        assert code is not None
        with Caller(server.url, **{"X-Forwarded-For": "203.0.113.7"}) as stranger:
            assert stranger.set_up("mallory", code="0000000000").status_code == 422
        with Caller(server.url, **{"X-Forwarded-For": "203.0.113.8"}) as owner:
            accepted = owner.set_up("alice", code=code[1])
            assert (accepted.status_code, accepted.headers["location"]) == (303, "/")


def assert_ends_in_time(server: Running, tell: Callable[[], None]) -> None:
    """Tell it to end; whatever hangs would be killed after a time, and that is too late."""
    began = time.monotonic()
    tell()
    server.wait_until_all_have_ended()
    assert time.monotonic() - began < KILL_SECONDS
    assert server.process.returncode == 0
    assert server.stderr == ""


def assert_replaced(server: Running, pid: int, number: signal.Signals) -> None:
    others = server.children() - {pid}
    os.kill(pid, number)
    wait_for(lambda: pid not in server.children(), "the end of the child")
    wait_for(lambda: len(server.children()) == CHILDREN, "a new child")
    assert others < server.children()
    assert server.wait_until_it_answers().status_code in (200, 302)


def ask_and_see_whether_all_are_at_work(server: Running) -> bool:
    server.wait_until_it_answers()
    logs = [log for pid in server.children() for log in open_logs(pid)]
    # A web worker logs what it answers; the job worker may have nothing to say.
    spoken = [log for log in logs if log.name.startswith("jobs") or log.stat().st_size]
    return len(spoken) == CHILDREN


def web_worker(server: Running) -> int:
    return wait_for(lambda: find_by_log(server, "web-"), "a web worker that has opened its log")


def job_worker(server: Running) -> int:
    return wait_for(lambda: find_by_log(server, "jobs-"), "a job worker that has opened its log")


def find_by_log(server: Running, role: str) -> int | None:
    found = (
        pid
        for pid in sorted(server.children())
        if any(log.name.startswith(role) for log in open_logs(pid))
    )
    return next(found, None)


def open_logs(pid: int) -> list[Path]:
    try:
        files = [path.readlink() for path in (PROC / str(pid) / "fd").iterdir()]
    except OSError:
        return []  # It has ended, or has closed a file meanwhile.
    return [file for file in files if file.suffix == ".log"]


def serve(folder: Path, **settings: str) -> AbstractContextManager[Running]:
    command = [*MICROBLOG, "serve", f"--workers={WORKERS}", f"--port={(port := free_port())}"]
    return running(command, folder, port, **settings)


def end(server: Running) -> None:
    server.process.terminate()
    server.wait_until_all_have_ended()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
