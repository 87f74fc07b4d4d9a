"""What a person reads goes through gettext: in views and forms, for codes, and in scripts.

Templates and mails have tests of their own (`test_templates.py`, `tests/mail`).
"""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.codebase import Module, list_files, read_modules

TRANSLATED = {"_", "_l", "gettext", "lazy_gettext", "ngettext", "phrase"}
# Two words, or one that ends a sentence, beginning with a capital.
PROSE = re.compile(r"[A-Z][a-z']+(,? [\w'%(){}]+)+[.?!]?|[A-Z][a-z]+[.?!]")
WORD = re.compile(r"[A-Za-z]{2}")
# Headers are no prose.
NO_PROSE = re.compile(r"(Mozilla|Content|Cookie)\b.*")
# What operators and developers read: errors of programming, and the log.
FOR_OPERATORS = ("critical", "debug", "error", "exception", "info", "warning")
# Arguments that a page shows.
SHOWN_BY_NAME = ("label", "description", "title")
SENTENCES = "microblog/web/sentences.py"
JS_TEXT = re.compile(r"""(["'`])((?:(?!\1)[^\\\n]|\\.)*)\1""")


def test_views_and_forms_say_nothing_outside_gettext() -> None:
    found = [
        module.at(line, repr(text))
        for module in read_modules("microblog/web")
        for line, text in prose(module)
    ]
    assert found == []


def test_every_code_has_words() -> None:
    (sentences,) = (module for module in read_modules("microblog/web") if module.path == SENTENCES)
    worded = {node.value for node in ast.walk(sentences.tree) if isinstance(node, ast.Constant)}
    raised = {
        code
        for module in read_modules("microblog/domain")
        # The demo is for operators, who are told in English.
        if not module.path.startswith("microblog/domain/demo/")
        for code in codes(module)
    }
    assert raised - worded == set()
    assert len(raised) > 30


def test_scripts_take_what_they_say_from_the_page() -> None:
    found = [
        f"{path.name}: {text}"
        for path in list_files("microblog/web/static/js", "*.js")
        for _, text in JS_TEXT.findall(without_comments(path.read_text(encoding="utf-8")))
        if PROSE.fullmatch(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("text", "is_seen"),
    [
        ('flash("Your post is out.")', True),
        ('flash("Saved")', True),
        ('name = StringField("Username")', True),
        ('name = StringField(_l("Username"), description="e-mail")', True),
        ('render("a.html", title="Home")', True),
        ('render("a.html", title=_("Home"))', False),
        ('name = "Welcome back"', True),
        ('label = f"Write to {name}"', True),
        ('flash(_("Your post is out."))', False),
        ('flash(ngettext("A post.", "%(num)s posts.", 2))', False),
        ('"""Say something."""', False),
        ('raise RuntimeError("This never happens.")', False),
        ('log.warning("Nobody answers.")', False),
        ('header = "Content-Type"', False),
    ],
)
def test_a_text_outside_gettext_is_seen(text: str, is_seen: bool) -> None:
    assert bool(list(prose(Module("example.py", text)))) is is_seen


def test_a_code_and_a_text_of_a_script_are_seen() -> None:
    module = Module("example.py", 'raise Invalid("name", "odd")\nraise Conflict("gone")')
    assert set(codes(module)) == {"odd", "gone"}
    assert [text for _, text in JS_TEXT.findall('say("Write it", `a`)')] == ["Write it", "a"]


def prose(module: Module) -> Iterator[tuple[int, str]]:
    """Return lines and texts that a person could read and gettext does not see."""
    passed = {id(each) for node in ast.walk(module.tree) for each in _not_for_readers(node)}
    shown = {id(each) for node in ast.walk(module.tree) for each in _for_readers(node)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.JoinedStr):
            pieces = [each.value for each in node.values if isinstance(each, ast.Constant)]
            text = "x".join(map(str, pieces))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        is_prose = PROSE.match(text) and not NO_PROSE.match(text)
        is_shown = id(node) in shown and WORD.search(text)
        if id(node) not in passed and (is_prose or is_shown):
            yield node.lineno, text


def _for_readers(node: ast.AST) -> Iterator[ast.AST]:
    """Return what is shown whatever it looks like: labels, messages and titles."""
    if isinstance(node, ast.Call):
        called = _called(node)
        if called == "flash" or called.endswith("Field"):
            yield from node.args[:1]
        yield from (each.value for each in node.keywords if each.arg in SHOWN_BY_NAME)


def _not_for_readers(node: ast.AST) -> Iterator[ast.AST]:
    """Return what is inside of gettext, docstrings, exceptions and lines of the log."""
    is_passed = (
        (isinstance(node, ast.Call) and _called(node) in (*TRANSLATED, *FOR_OPERATORS))
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        or isinstance(node, ast.Raise | ast.Assert)
    )
    if is_passed:
        yield from ast.walk(node)


def _called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def codes(module: Module) -> Iterator[str]:
    """Return the codes that a module raises."""
    places = {"Invalid": 1, "Conflict": 0}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and (place := places.get(_called(node))) is not None:
            code = node.args[place] if len(node.args) > place else None
            if isinstance(code, ast.Constant):
                yield str(code.value)


def without_comments(script: str) -> str:
    return re.sub(r"(^|\s)//[^\n]*|/\*.*?\*/", " ", script, flags=re.DOTALL)
