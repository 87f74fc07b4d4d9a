"""What the architecture tests read: this repository's own files, parsed once."""

import ast
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OUR_FOLDERS = ("microblog", "tests", "bench")
VENDORED = ("microblog/web/static/vendor/", "microblog/vendor/")

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file: its path from the root of the repository, its text and its tree."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Parse the text."""
        return ast.parse(self.text, self.path)

    @property
    def is_package(self) -> bool:
        """Tell whether this file is the `__init__` of a package."""
        return self.path.endswith("/__init__.py")

    def at(self, line: int, problem: str) -> str:
        """Word a problem so that an editor can jump to it."""
        return f"{self.path}:{line}: {problem}"


@cache
def read_modules(*folders: str) -> tuple[Module, ...]:
    """Read every Python file under the folders, by default those of the package."""
    paths = [path for folder in folders or ("microblog",) for path in list_files(folder, "*.py")]
    return tuple(Module(name(path), path.read_text(encoding="utf-8")) for path in paths)


def list_files(folder: str, pattern: str) -> list[Path]:
    """List the files of ours under a folder; a folder that is not there yet has none."""
    return [path for path in sorted((ROOT / folder).rglob(pattern)) if not _is_foreign(path)]


def list_tracked_files() -> list[Path]:
    """List the files of ours that are, or are about to be, in the repository.

    **Raises**: skips the test outside a git checkout.
    """
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("This is not a git checkout.")
    command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if listed.returncode != 0:
        pytest.skip(f"git cannot read this checkout: {listed.stderr.strip()}")
    paths = (ROOT / line for line in listed.stdout.split("\0") if line)
    return [path for path in paths if path.is_file() and not _is_foreign(path)]


def read_tracked_texts() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each tracked file that is text."""
    for path in list_tracked_files():
        content = path.read_bytes()
        if b"\0" not in content:
            yield name(path), content.decode("utf-8", errors="replace")


def name(path: Path) -> str:
    """Return the path as it reads from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, FunctionNode]]:
    """Yield each function and method, nested ones too, with its dotted name."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{prefix}{node.name}", node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from functions(node, f"{prefix}{node.name}.")
        else:
            yield from functions(node, prefix)


def assert_none(problems: Iterable[str]) -> None:
    """Fail with every problem on a line of its own."""
    found = list(problems)
    assert not found, "\n" + "\n".join(found)


def _is_foreign(path: Path) -> bool:
    return name(path).startswith(VENDORED) or "__pycache__" in path.parts
