"""Names say what a thing is, and packages and the domain say what they are for."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from tests.architecture.codebase import OUR_FOLDERS, Module, assert_none, read_modules

# Names under which anything could be filed.
VAGUE_NAMES = {
    *("util", "utils", "helper", "helpers", "common", "misc"),
    *("manager", "managers", "base"),
}


def test_no_module_has_a_vague_name() -> None:
    for module in read_modules(*OUR_FOLDERS):
        path = PurePosixPath(module.path)
        assert not VAGUE_NAMES.intersection({path.stem, *path.parent.parts}), module.path


def test_every_package_says_what_it_is_for() -> None:
    packages = [module for module in read_modules() if module.is_package]
    assert packages
    assert_none(
        package.at(1, "this package has no docstring")
        for package in packages
        if not ast.get_docstring(package.tree)
    )


def test_everything_public_in_the_domain_has_a_docstring() -> None:
    assert_none(found for module in read_modules() for found in find_undocumented(module))


@pytest.mark.parametrize(
    ("text", "undocumented"),
    [
        ("'''Module.'''\ndef f():\n    '''Do.'''\n", []),
        ("def f():\n    '''Do.'''\n", ["module"]),
        ("'''Module.'''\ndef f():\n    pass\n", ["f"]),
        ("'''Module.'''\ndef _f():\n    pass\n", []),
        ("'''Module.'''\nclass C:\n    def f(self):\n        '''Do.'''\n", ["C"]),
        ("'''Module.'''\nclass C:\n    '''A C.'''\n    def f(self):\n        pass\n", ["C.f"]),
        ("'''Module.'''\nclass _C:\n    def f(self):\n        pass\n", []),
        (
            "'''Module.'''\ndef f():\n    '''Do.'''\n    def inner():\n        pass\n",
            [],
        ),
    ],
)
def test_a_missing_docstring_is_seen(text: str, undocumented: list[str]) -> None:
    found = find_undocumented(Module("microblog/domain/f.py", text))
    assert [line.split()[1] for line in found] == undocumented


def find_undocumented(module: Module) -> list[str]:
    if not module.path.startswith("microblog/domain/"):
        return []
    tree = module.tree
    documented = [("module", tree), *public_definitions(tree)]
    return [
        module.at(getattr(node, "lineno", 1), f"{label} has no docstring")
        for label, node in documented
        if not ast.get_docstring(node)
    ]


def public_definitions(
    tree: ast.Module | ast.ClassDef, prefix: str = ""
) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]]:
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if node.name.startswith("_"):
            continue
        yield prefix + node.name, node
        if isinstance(node, ast.ClassDef):
            yield from public_definitions(node, f"{prefix}{node.name}.")
