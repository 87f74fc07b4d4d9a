"""Dependencies point one way: import-linter holds the layers that pyproject.toml names."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.architecture.codebase import ROOT

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")

# A module, what it must never import, and the contract that says so.
FORBIDDEN = [
    ("domain/paths.py", "microblog.web.home", "Dependencies point one way"),
    ("domain/tags.py", "microblog.domain.timelines", "The domain has three tiers"),
    (
        "domain/relationships/reading.py",
        "microblog.domain.suggestions",
        "No part of the package is in",
    ),
    ("worker/waking.py", "microblog.web.home", "The worker is no part of a command"),
    ("text/count.py", "sqlalchemy", "Leaves know neither the web nor the database"),
    ("models/tag.py", "flask", "The domain knows no web framework"),
]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache", "--no-logo"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_contract_is_kept() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_an_import_against_a_contract_breaks_it(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    only_code = shutil.ignore_patterns("__pycache__", "static", "templates", "*.txt", "*.toml")
    shutil.copytree(ROOT / "microblog", tmp_path / "microblog", ignore=only_code)
    for path, imported, _ in FORBIDDEN:
        module = tmp_path / "microblog" / path
        module.write_text(f"{module.read_text()}\nimport {imported}\n")
    done = lint(tmp_path)
    assert done.returncode == 1
    broken = [line for line in done.stdout.splitlines() if line.endswith(" BROKEN")]
    for _, _, contract in FORBIDDEN:
        assert any(line.startswith(contract) for line in broken), contract
