"""`make run`: from a fresh checkout to a running server, and what it says when it cannot.

Installing is for the package index; here a stand-in writes down that it was asked to.
"""

import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import PROC, ROOT, free_port, run, running, wait_for

MAKE = shutil.which("make") or "make"
pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="make is not installed.")

# A Python whose venv holds a pip that only writes down what it is asked for.
STAND_IN = """#!/bin/sh
case "$1 $2" in
"-m venv")
    mkdir -p "$3/bin"
    cp "$0" "$3/bin/python"
    printf '#!/bin/sh\\necho "$*" >> installed\\n' > "$3/bin/pip"
    printf '#!/bin/sh\\nexec {python} -m microblog "$@"\\n' > "$3/bin/microblog"
    chmod +x "$3/bin/pip" "$3/bin/microblog" ;;
*) exec {python} "$@" ;;
esac
"""
WITHOUT_VENV = """#!/bin/sh
case "$1 $2" in
"-m venv") mkdir -p "$3/bin"; touch "$3/bin/python"; exit 1 ;;
*) exec {python} "$@" ;;
esac
"""
TOO_OLD = "#!/bin/sh\nexit 1\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder with what `make run` reads."""
    for name in ("Makefile", "pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_make_alone_prints_every_command(checkout: Path) -> None:
    printed = make(checkout).stdout
    promised = re.search(r"^\.PHONY: (.+)$", (checkout / "Makefile").read_text(), re.MULTILINE)
    assert promised is not None
    for target in promised[1].split():
        if target != "help":
            assert re.search(rf"^make {target}\b +\S", printed, re.MULTILINE), target


@pytest.mark.skipif(not PROC.is_dir(), reason="Processes are looked up in /proc.")
def test_the_server_runs_after_everything_was_installed_by_its_hashes(checkout: Path) -> None:
    port = free_port()
    settings = {"PORT": str(port), "WEB_WORKERS": "1"}
    python = interpreter(checkout, STAND_IN)
    with running([MAKE, "run", python], checkout, port, **settings) as server:
        wait_for(lambda: "Microblog is at" in server.stdout, "the greeting")
        server.wait_until_it_answers()
        first, second = (checkout / "installed").read_text().splitlines()
        assert "--require-hashes --requirement requirements.txt" in first
        assert "--no-deps" in second
        server.signal_group(signal.SIGINT)
        server.wait_until_all_have_ended()


def test_a_second_run_installs_nothing(checkout: Path) -> None:
    python = interpreter(checkout, STAND_IN)
    for _ in range(2):
        # It gets as far as the server, which refuses.
        assert "FLASK_DEBUG" in make(checkout, "run", python, FLASK_DEBUG="1").stderr
    assert len((checkout / "installed").read_text().splitlines()) == 2


def test_a_new_lock_is_installed(checkout: Path) -> None:
    python = interpreter(checkout, STAND_IN)
    make(checkout, "run", python, FLASK_DEBUG="1")
    lock = checkout / "requirements.txt"
    lock.write_text(lock.read_text() + "# newer\n")
    make(checkout, "run", python, FLASK_DEBUG="1")
    assert len((checkout / "installed").read_text().splitlines()) == 4


def test_a_missing_venv_module_is_said_and_nothing_half_made_is_left(checkout: Path) -> None:
    done = make(checkout, "run", interpreter(checkout, WITHOUT_VENV))
    assert done.returncode != 0
    assert "venv module is missing" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (checkout / ".venv").exists()


def test_an_old_python_is_said(checkout: Path) -> None:
    done = make(checkout, "run", interpreter(checkout, TOO_OLD))
    assert done.returncode != 0
    assert "Python 3.11 or newer" in done.stderr
    assert not (checkout / ".venv").exists()


def make(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return run([MAKE, *arguments], folder, **settings)


def interpreter(folder: Path, script: str) -> str:
    """Write a stand-in for Python, and return how make is told of it."""
    path = folder / "python-stand-in"
    path.write_text(script.replace("{python}", sys.executable))
    path.chmod(0o755)
    return f"PYTHON={path}"
