"""The repository builds anywhere: no address of one machine or index, every lock with hashes."""

import re

import pytest

from tests.architecture.codebase import ROOT, assert_none, read_tracked_texts

# Each pattern is written so that it does not match itself.
INDEX = re.compile(
    r"\bpypi\.(?:org|python)|\bpythonhosted\.|\bregistry\.(?:npmjs|yarnpkg)\."
    r"|--(?:extra-|default-)?index(?:-url)?[ =]\S|\b(?:PIP|UV)_(?:\w+_)?INDEX(?:_URL)?\b",
)
MACHINE_PATH = re.compile(
    r"(?<![\w.-])(?:/wor[k]/|/hom[e]/\w|/roo[t]/|/User[s]/\w|[A-Z]:\\User[s])"
)

PINNED = re.compile(r"^[\w.-]+(\[[\w.,-]+\])?==\S+")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def test_no_file_names_a_package_index_or_a_path_of_one_machine() -> None:
    assert_none(
        f"{path}:{number}: {line.strip()[:80]}"
        for path, text in read_tracked_texts()
        for number, line in enumerate(text.splitlines(), 1)
        if is_bound_to_a_place(line)
    )


@pytest.mark.parametrize(
    ("line", "is_bound"),
    [
        ("https://" + "pypi" + ".org/simple", True),
        ("https://files." + "pythonhosted" + ".org/packages/a.whl", True),
        ("https://" + "registry" + ".npmjs.org/htmx.org", True),
        ("--index" + "-url https://example.org/simple", True),
        ("--extra-index" + "-url=https://example.org/simple", True),
        ("export UV" + "_INDEX_URL=x", True),
        ("open('/ho" + "me/somebody/file')", True),
        ("#!/ro" + "ot/.venv/bin/python", True),
        ("uv pip compile --no-emit-index-url --generate-hashes", False),
        ("https://example.org/wo" + "rk/ho" + "me/ro" + "ot/", False),
        ("Look at the home page, or at ./wo" + "rk/ here.", False),
    ],
)
def test_an_index_or_a_machine_path_is_seen(line: str, is_bound: bool) -> None:
    assert is_bound_to_a_place(line) is is_bound


def test_every_locked_requirement_is_pinned_with_hashes() -> None:
    locks = sorted(ROOT.glob("requirements*.txt"))
    assert locks
    for lock in locks:
        assert_none(find_unlocked(lock.name, lock.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("text", "is_locked"),
    [
        ("# by hand\nflask==3.1.3 \\\n    --hash=sha256:" + "a" * 64 + "\n    # via x\n", True),
        ("psycopg[binary]==3.3 ; python_version<'4' \\\n    --hash=sha256:" + "a" * 64, True),
        ("flask==3.1.3", False),
        ("flask==3.1.3 \\\n    --hash=sha256:aa", False),
        ("flask>=3.1 \\\n    --hash=sha256:" + "a" * 64, False),
        ("-e .", False),
    ],
)
def test_a_requirement_without_a_hash_is_seen(text: str, is_locked: bool) -> None:
    assert (find_unlocked("requirements.txt", text) == []) is is_locked


def is_bound_to_a_place(line: str) -> bool:
    return bool(INDEX.search(line) or MACHINE_PATH.search(line))


def find_unlocked(path: str, text: str) -> list[str]:
    lines = [line.split(" #")[0].strip() for line in text.replace("\\\n", " ").splitlines()]
    return [
        f"{path}: {line[:60]} is not pinned with a hash"
        for line in lines
        if line and not line.startswith("#")
        if not (PINNED.match(line) and HASH.search(line))
    ]
