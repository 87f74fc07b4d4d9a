"""Nothing is left for later, and what departs from a rule says why on its line."""

import ast
import io
import re
import tokenize

import pytest

from tests.architecture.codebase import (
    OUR_FOLDERS,
    Module,
    assert_none,
    list_files,
    name,
    read_modules,
    read_tracked_texts,
)

# Put together here, so that this file does not hold what it looks for.
UNFINISHED = re.compile(rf"\b({'|'.join(('todo', 'fixme', 'xxx', 'hack')).upper()})\b")

DIRECTIVE = re.compile(r"type:\s*ignore(\[[^\]]*\])?|noqa(:\s*[A-Z]+\d+([,\s]+[A-Z]+\d+)*)?")
UNESCAPED = re.compile(r"\|\s*safe\b")
TEMPLATE_COMMENT = re.compile(r"\{#(.*?)#\}")

RAW_SQL_CALLS = {"text", "exec_driver_sql"}


def test_nothing_is_left_for_later() -> None:
    assert_none(
        f"{path}:{number}: {line.strip()[:80]}"
        for path, text in read_tracked_texts()
        for number, line in enumerate(text.splitlines(), 1)
        if UNFINISHED.search(line)
    )


def test_every_silenced_checker_and_raw_statement_has_a_reason() -> None:
    assert_none(
        found for module in read_modules(*OUR_FOLDERS) for found in find_silenced_checkers(module)
    )
    assert_none(found for module in read_modules() for found in find_raw_statements(module))


@pytest.mark.parametrize(
    ("line", "is_reasoned"),
    [
        ("import x  # noqa: F401", False),
        ("import x  # noqa: F401, E402", False),
        ("import x  # noqa: F401 - the mapper wants it loaded", True),
        ("x = y  # type: ignore", False),
        ("x = y  # type: ignore[arg-type]", False),
        ("x = y  # type: ignore[arg-type]  # The stub knows only str.", True),
        ("x = '# noqa'", True),
    ],
)
def test_a_silenced_checker_without_a_reason_is_seen(line: str, is_reasoned: bool) -> None:
    assert (find_silenced_checkers(Module("f.py", line)) == []) is is_reasoned


@pytest.mark.parametrize(
    ("text", "is_reasoned"),
    [
        ("from sqlalchemy import text\ntext('SELECT 1')", False),
        ("from sqlalchemy import text\ntext('SELECT 1')  # No construct says this.", True),
        ("import sqlalchemy as sa\nsa.text('SELECT 1')", False),
        ("c.exec_driver_sql(\n    'PRAGMA x'\n)", False),
        ("c.exec_driver_sql(\n    'PRAGMA x'  # SQLite's own.\n)", True),
        ("# Only SQLite knows this.\nc.exec_driver_sql('PRAGMA x')", True),
        ("from microblog.text import text\ntext('hello')", True),
    ],
)
def test_a_raw_statement_without_a_reason_is_seen(text: str, is_reasoned: bool) -> None:
    assert (find_raw_statements(Module("f.py", text)) == []) is is_reasoned


def test_every_unescaped_value_in_a_template_has_a_reason() -> None:
    for path in list_files("microblog", "*.html"):
        assert_none(find_unescaped(name(path), path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("line", "is_reasoned"),
    [
        ("{{ post.html|safe }}", False),
        ("{{ post.html | safe }}{# #}", False),
        ("{{ post.html|safe }}{# Sanitised when it was published. #}", True),
        ("{{ post.text|safely }}", True),
    ],
)
def test_an_unescaped_value_without_a_reason_is_seen(line: str, is_reasoned: bool) -> None:
    assert (find_unescaped("f.html", line) == []) is is_reasoned


def find_silenced_checkers(module: Module) -> list[str]:
    return [
        module.at(line, "say why the checker is wrong here")
        for line, comment in read_comments(module)
        if DIRECTIVE.search(comment) and not has_words(DIRECTIVE.sub("", comment))
    ]


def find_raw_statements(module: Module) -> list[str]:
    is_reasoned_at = {line for line, comment in read_comments(module) if has_words(comment)}
    tree = module.tree
    return [
        module.at(call.lineno, "say why this is raw SQL")
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and is_raw_sql(call, tree)
        if is_reasoned_at.isdisjoint(range(call.lineno - 1, (call.end_lineno or call.lineno) + 1))
    ]


def is_raw_sql(call: ast.Call, tree: ast.Module) -> bool:
    if isinstance(call.func, ast.Name):
        return call.func.id in RAW_SQL_CALLS and is_from_sqlalchemy(call.func.id, tree)
    if not isinstance(call.func, ast.Attribute):
        return False
    owner = call.func.value
    if call.func.attr == "text":
        return isinstance(owner, ast.Name) and owner.id in {"sa", "sqlalchemy"}
    return call.func.attr in RAW_SQL_CALLS


def is_from_sqlalchemy(imported: str, tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and (node.module or "").split(".")[0] == "sqlalchemy"
        and any((alias.asname or alias.name) == imported for alias in node.names)
        for node in ast.walk(tree)
    )


def find_unescaped(path: str, text: str) -> list[str]:
    return [
        f"{path}:{number}: say why this needs no escaping"
        for number, line in enumerate(text.splitlines(), 1)
        if UNESCAPED.search(line) and not has_words(" ".join(TEMPLATE_COMMENT.findall(line)))
    ]


def read_comments(module: Module) -> list[tuple[int, str]]:
    tokens = tokenize.generate_tokens(io.StringIO(module.text).readline)
    return [(token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT]


def has_words(reason: str) -> bool:
    return len(re.findall(r"[^\W\d_]{2,}", reason)) >= 2
