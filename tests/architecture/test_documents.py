"""Documents say what is so."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from microblog.cli.settings import markdown_table
from microblog.config import Config, describe
from tests.architecture.codebase import ROOT, assert_none

TABLE_HEAD = "| the tutorial |"
NOT_YET = "| Not yet. |"


def test_the_list_of_settings_is_what_the_program_prints() -> None:
    table = markdown_table([describe(setting) for setting in fields(Config)])
    document = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert table in document, "Put the table of `microblog config --markdown` there."


def test_every_row_of_the_tutorial_is_held_by_a_test() -> None:
    document = (ROOT / "docs" / "from-the-tutorial.md").read_text(encoding="utf-8")
    rows = [line for line in document.splitlines() if line.startswith("| ")]
    there = [row for row in rows if not row.startswith(TABLE_HEAD) and NOT_YET not in row]
    assert len(there) > 70
    assert_none(row for row in there if not re.search(r"`tests/\S+`[^|]*\|$", row))


def test_what_documents_name_is_there() -> None:
    assert_none(
        f"{document.relative_to(ROOT)} names {named}, which is not there"
        for document in documents()
        for named, path in find_named(document, document.read_text(encoding="utf-8"))
        if not path.exists()
    )


def test_what_is_not_there_is_seen() -> None:
    text = (
        "`tests/test_ids.py`, `tests/gone.py` [a](README.md) [b](docs/gone.md#x) [c](https://d.e)"
    )
    names = [named for named, path in find_named(ROOT / "A.md", text) if not path.exists()]
    assert names == ["tests/gone.py", "docs/gone.md"]


def test_every_test_that_holds_a_promise_is_there() -> None:
    document = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    files = {path: (ROOT / path) for path in re.findall(r"`(tests/[\w/.]+)`", document)}
    assert_none(f"{path} is not there" for path, file in files.items() if not file.exists())
    texts = [file.read_text(encoding="utf-8") for file in files.values() if file.is_file()]
    there = set(re.findall(r"^def (test_\w+)", "\n".join(texts), re.MULTILINE))
    named = re.findall(r"`(test_\w+)`", document)
    assert len(named) > 100
    assert_none(f"{name} is in none of these files" for name in named if name not in there)


def documents() -> list[Path]:
    return [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def find_named(document: Path, text: str) -> Iterator[tuple[str, Path]]:
    """Return what a document leads to and which tests it names, with where that should be."""
    for named in re.findall(r"`(tests/[\w/.]+)`", text):
        yield named, ROOT / named
    for named in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text):
        yield named, document.parent / named
