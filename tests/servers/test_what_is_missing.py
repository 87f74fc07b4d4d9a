"""What is not installed is named at the end of a test run, and has failed in CI."""

import subprocess
import sys

import pytest

from tests.processes import ROOT, run

ONE_TEST = "tests/test_common_passwords.py::test_enough_of_them_are_long_enough_to_be_chosen"


def run_one_test(**settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", ONE_TEST]
    return run(command, ROOT, **settings)


@pytest.mark.parametrize(("settings", "status"), [({}, 0), ({"CI": "true"}, 1)])
def test_what_is_missing_is_named_and_has_failed_in_ci(
    settings: dict[str, str], status: int
) -> None:
    finished = run_one_test(MICROBLOG_TEST_NOT_RUN="PostgreSQL, Chromium", **settings)
    assert "1 passed" in finished.stdout
    assert "Not run, because it is not installed: PostgreSQL, Chromium." in finished.stdout
    assert finished.returncode == status


def test_where_everything_is_installed_nothing_is_named() -> None:
    finished = run_one_test(MICROBLOG_TEST_NOT_RUN="", CI="true")
    assert "Not run" not in finished.stdout
    assert finished.returncode == 0
