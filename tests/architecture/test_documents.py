"""Documents say what is so."""

import re
from dataclasses import fields

from microblog.cli.settings import markdown_table
from microblog.config import Config, describe
from tests.architecture.codebase import ROOT, assert_none


def test_the_list_of_settings_is_what_the_program_prints() -> None:
    table = markdown_table([describe(setting) for setting in fields(Config)])
    document = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert table in document, "Put the table of `microblog config --markdown` there."


def test_every_test_that_holds_a_promise_is_there() -> None:
    document = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    files = {path: (ROOT / path) for path in re.findall(r"`(tests/[\w/.]+)`", document)}
    assert_none(f"{path} is not there" for path, file in files.items() if not file.exists())
    texts = [file.read_text(encoding="utf-8") for file in files.values() if file.is_file()]
    there = set(re.findall(r"^def (test_\w+)", "\n".join(texts), re.MULTILINE))
    named = re.findall(r"`(test_\w+)`", document)
    assert len(named) > 100
    assert_none(f"{name} is in none of these files" for name in named if name not in there)
