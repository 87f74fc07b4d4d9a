"""Files and functions stay small, or say here why not."""

import ast

import pytest

from tests.architecture.codebase import FunctionNode, Module, assert_none, functions, read_modules

FILE_LINES = 300
FUNCTION_LINES = 50

_A_SCHEMA = "A schema, table by table; a migration is read once, from top to bottom."

# "microblog/file.py" or "microblog/file.py:Class.function", and why it is one piece.
REASONS = {
    "microblog/config.py": "Each setting once, with its line of help, in one place to read.",
    "microblog/migrations/versions/2026_11_22_first_tables.py:upgrade": _A_SCHEMA,
    "microblog/migrations/versions/2026_11_22_identity.py:upgrade": _A_SCHEMA,
    "microblog/migrations/versions/2026_11_28_answers_and_acts.py:upgrade": _A_SCHEMA,
    "microblog/migrations/versions/2026_11_28_hearing.py:upgrade": _A_SCHEMA,
    "microblog/migrations/versions/2026_11_28_people.py:upgrade": _A_SCHEMA,
    "microblog/migrations/versions/2026_11_28_writing.py:upgrade": _A_SCHEMA,
}


def test_every_large_file_and_function_has_a_reason() -> None:
    large = [found for module in read_modules() for found in find_large(module)]
    assert_none(f"{found} is too long" for found in large if not REASONS.get(found, "").strip())


def test_no_reason_is_kept_for_what_became_small() -> None:
    large = {found for module in read_modules() for found in find_large(module)}
    assert_none(f"{entry} needs no reason" for entry in REASONS if entry not in large)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1\n" * FILE_LINES, []),
        ("x = 1\n" * (FILE_LINES + 1), ["f.py"]),
        ("def f():\n" + "    x = 1\n" * (FUNCTION_LINES - 1), []),
        ("def f():\n" + "    x = 1\n" * FUNCTION_LINES, ["f.py:f"]),
        ("class C:\n  def f():\n" + "    x = 1\n" * FUNCTION_LINES, ["f.py:C.f"]),
        ("def f():\n    '''One.\n\n    Two.'''\n" + "    x = 1\n" * (FUNCTION_LINES - 1), []),
    ],
)
def test_lines_are_counted_without_the_docstring(text: str, expected: list[str]) -> None:
    assert find_large(Module("f.py", text)) == expected


def find_large(module: Module) -> list[str]:
    found = [module.path] if len(module.text.splitlines()) > FILE_LINES else []
    for name, function in functions(module.tree):
        if count_lines(function) > FUNCTION_LINES:
            found.append(f"{module.path}:{name}")
    return found


def count_lines(function: FunctionNode) -> int:
    return last_line(function) - function.lineno + 1 - count_docstring_lines(function)


def count_docstring_lines(function: FunctionNode) -> int:
    first = function.body[0]
    return last_line(first) - first.lineno + 1 if is_docstring(first) else 0


def is_docstring(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def last_line(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno
