"""Dependencies point one way; import-linter holds the layers, this holds the rest."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.codebase import ROOT, Module, assert_none, functions, read_modules

# What is above the leaves; every other module directly under the package is a leaf.
ABOVE_THE_LEAVES = {
    *("__init__", "__main__", "config", "datafolder", "error_mail", "services"),
    *("db", "models", "domain"),
    *("web", "api", "activitypub", "worker", "cli", "migrations"),
}

# Commands import what they need when they run, so that `microblog --help` answers at once.
MAY_IMPORT_LATE = ("microblog/cli/", "microblog/cli.py", "microblog/migrations/")

MAY_IMPORT_FLASK = (
    "microblog/__init__.py",
    # Flask-Mail's messages ask for the settings of an application.
    "microblog/mail/message.py",
    "microblog/mail/smtp.py",
    *(f"microblog/{part}/" for part in ("web", "api", "activitypub", "worker", "cli")),
    *(f"microblog/{part}.py" for part in ("worker", "cli")),
    "microblog/migrations/env.py",
)

INTERFACES = tuple(f"microblog/{part}/" for part in ("web", "api", "activitypub"))


def test_no_function_imports() -> None:
    assert_none(found for module in read_modules() for found in find_late_imports(module))


def test_flask_stays_in_the_interfaces_and_at_the_edge() -> None:
    assert_none(found for module in read_modules() for found in find_misplaced_flask(module))


def test_interfaces_do_not_query() -> None:
    assert_none(found for module in read_modules() for found in find_queries(module))


def test_leaves_models_and_migrations_import_only_what_is_below_them() -> None:
    assert_none(found for module in read_modules() for found in find_upward_imports(module))


@pytest.mark.parametrize(
    ("path", "text", "is_allowed"),
    [
        ("microblog/web/home.py", "def f():\n    import json", False),
        ("microblog/web/home.py", "class C:\n    def f(self):\n        from a import b", False),
        ("microblog/web/home.py", "if TYPE_CHECKING:\n    import json", True),
        ("microblog/cli/serve.py", "def f():\n    import json", True),
        ("microblog/migrations/env.py", "def f():\n    import json", True),
    ],
)
def test_an_import_in_a_function_is_seen(path: str, text: str, is_allowed: bool) -> None:
    assert (find_late_imports(Module(path, text)) == []) is is_allowed


@pytest.mark.parametrize(
    ("path", "text", "is_allowed"),
    [
        ("microblog/domain/posts.py", "import flask", False),
        ("microblog/domain/posts.py", "from flask_babel import gettext", False),
        ("microblog/domain/posts.py", "from flask.globals import g", False),
        ("microblog/migrations/versions/a.py", "import flask", False),
        ("microblog/domain/posts.py", "import flaskless", True),
        ("microblog/migrations/env.py", "import flask", True),
        ("microblog/web/home.py", "import flask", True),
        ("microblog/__init__.py", "import flask", True),
    ],
)
def test_flask_elsewhere_is_seen(path: str, text: str, is_allowed: bool) -> None:
    assert (find_misplaced_flask(Module(path, text)) == []) is is_allowed


@pytest.mark.parametrize(
    ("path", "text", "is_allowed"),
    [
        ("microblog/web/home.py", "from sqlalchemy import select", False),
        ("microblog/api/home.py", "import sqlalchemy.orm as orm", False),
        ("microblog/domain/posts.py", "from sqlalchemy import select", True),
    ],
)
def test_a_query_in_an_interface_is_seen(path: str, text: str, is_allowed: bool) -> None:
    assert (find_queries(Module(path, text)) == []) is is_allowed


@pytest.mark.parametrize(
    ("path", "text", "is_allowed"),
    [
        ("microblog/models/post.py", "from microblog.db import Base", True),
        ("microblog/models/post.py", "from microblog.models.account import Account", True),
        ("microblog/models/post.py", "from .account import Account", True),
        ("microblog/models/post.py", "from microblog import clock, ids", True),
        ("microblog/models/post.py", "from microblog.domain import posts", False),
        ("microblog/models/post.py", "from microblog import domain", False),
        ("microblog/models/post.py", "from ..domain import posts", False),
        ("microblog/db/types.py", "from microblog.models import Post", False),
        ("microblog/db/types.py", "import microblog.clock", True),
        ("microblog/db/types.py", "from microblog import create_app", False),
        ("microblog/text/render.py", "import sqlalchemy", False),
        ("microblog/text/render.py", "from microblog.db import Base", False),
        ("microblog/clock.py", "from microblog.config import Config", False),
        ("microblog/clock.py", "from microblog.text import render", True),
        ("microblog/migrations/versions/a.py", "from microblog.models import Post", False),
        ("microblog/migrations/versions/a.py", "import microblog.domain", False),
        ("microblog/migrations/versions/a.py", "from microblog.db import Id", True),
        ("microblog/migrations/env.py", "from microblog.models import Base", True),
        ("microblog/web/home.py", "from microblog.domain import posts", True),
    ],
)
def test_an_upward_import_is_seen(path: str, text: str, is_allowed: bool) -> None:
    assert (find_upward_imports(Module(path, text)) == []) is is_allowed


def find_late_imports(module: Module) -> list[str]:
    if module.path.startswith(MAY_IMPORT_LATE):
        return []
    lines = {
        node.lineno
        for _, function in functions(module.tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    return [module.at(line, "import at the top of the file") for line in sorted(lines)]


def find_misplaced_flask(module: Module) -> list[str]:
    if module.path.startswith(MAY_IMPORT_FLASK):
        return []
    return [
        module.at(line, f"{imported} is not for this module")
        for line, imported in imports(module)
        if is_flask(imported)
    ]


def is_flask(imported: str) -> bool:
    top = imported.partition(".")[0]
    return top == "flask" or top.startswith("flask_")


def find_queries(module: Module) -> list[str]:
    if not module.path.startswith(INTERFACES):
        return []
    return [
        module.at(line, "an interface asks the domain and does not query")
        for line, imported in imports(module)
        if imported.partition(".")[0] == "sqlalchemy"
    ]


def find_upward_imports(module: Module) -> list[str]:
    allowed = list_allowed_parts(module)
    if allowed is None:
        return []
    is_leaf = "sqlalchemy" not in allowed
    return [
        module.at(line, f"{imported} is above this module")
        for line, imported in imports(module)
        if (is_leaf and imported.partition(".")[0] == "sqlalchemy")
        or microblog_part(imported) in ABOVE_THE_LEAVES - allowed
    ]


def list_allowed_parts(module: Module) -> set[str] | None:
    """Return what a module may import beside leaves; None where this test has no say."""
    if module.path.startswith("microblog/migrations/versions/"):
        return {"db", "sqlalchemy"}
    part = module.path.removesuffix(".py").split("/")[1]
    if part == "db":
        return {"db", "sqlalchemy"}
    if part == "models":
        return {"db", "models", "sqlalchemy"}
    return None if part in ABOVE_THE_LEAVES else set()


def microblog_part(imported: str) -> str | None:
    """Return the part of the package that an import reaches; its own names are `__init__`."""
    top, _, rest = imported.partition(".")
    if top != "microblog":
        return None
    return rest.partition(".")[0] or "__init__"


def imports(module: Module) -> Iterator[tuple[int, str]]:
    """Yield each imported module by its full name, and its line."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, full) for full in names_imported_from(node, module))


def names_imported_from(node: ast.ImportFrom, module: Module) -> list[str]:
    origin = node.module or ""
    if node.level:
        folders = module.path.removesuffix(".py").split("/")[: -node.level]
        origin = ".".join([*folders, origin]).rstrip(".")
    if origin != "microblog":
        return [origin]
    return [f"microblog.{alias.name}" if is_part(alias.name) else origin for alias in node.names]


def is_part(name: str) -> bool:
    part = ROOT / "microblog" / name
    return part.is_dir() or part.with_suffix(".py").is_file()
