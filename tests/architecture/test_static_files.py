"""Our style sheets fit both writing directions, and our scripts make no code of text."""

import re

import pytest

from tests.architecture.codebase import assert_none, list_files, name

STATIC = "microblog/web/static"

CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
PHYSICAL = re.compile(
    r"(?<![\w-])(?:"
    r"[a-z-]*(?:margin|padding|border)-(?:left|right)\b"
    r"|border-(?:top|bottom)-(?:left|right)-radius\b"
    r"|(?:left|right)(?=\s*:)"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)\b"
    r")"
)
IMPORTANT = re.compile(r"!\s*important\b")
ELSEWHERE = re.compile(r"(?:url\(|@import)\s*[\"']?\s*(?:https?:)?//", re.IGNORECASE)

CODE_FROM_TEXT = re.compile(
    r"\beval\s*\(|\bnew\s+Function\b|\b(?:inner|outer)HTML\b|\binsertAdjacentHTML\b"
    r"|\bdocument\.write(?:ln)?\b|\bset(?:Timeout|Interval)\s*\(\s*[\"'`]"
)
JS_COMMENT = re.compile(r"(?<!:)//.*\w{2,}|/\*.*\w{2,}|^\s*\*")


def test_every_style_sheet_keeps_the_rules() -> None:
    for path in list_files(STATIC, "*.css"):
        assert_none(find_in_css(name(path), path.read_text(encoding="utf-8")))


def test_every_script_keeps_the_rules() -> None:
    for path in list_files(STATIC, "*.js"):
        assert_none(find_in_js(name(path), path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("line", "is_refused"),
    [
        ("margin-left: 4px;", True),
        ("scroll-padding-right: 4px;", True),
        ("border-left: 1px solid;", True),
        ("border-top-right-radius: 4px;", True),
        ("left: 0;", True),
        ("p{right:0}", True),
        ("text-align: left;", True),
        ("float: right;", True),
        ("color: red !important;", True),
        ("background: url(https://elsewhere.example/a.png);", True),
        ("@import '//elsewhere.example/a.css';", True),
        ("left: 0; /* The pointer is physical. */", False),
        ("color: red !important; /* Bootstrap's is important too. */", False),
        ("/* margin-left would break right-to-left. */", False),
        ("margin-inline-start: 4px; text-align: start;", False),
        ("background-position: left top;", False),
        (".pull-left { inset-inline-start: 0; }", False),
        ("background: url('../icons.svg');", False),
    ],
)
def test_a_physical_or_important_style_is_seen(line: str, is_refused: bool) -> None:
    assert bool(find_in_css("f.css", line)) is is_refused


@pytest.mark.parametrize(
    ("line", "is_refused"),
    [
        ("eval(text);", True),
        ("const act = new Function(text);", True),
        ("list.innerHTML = text;", True),
        ("list.insertAdjacentHTML('beforeend', text);", True),
        ("const link = 'https://a.example'; list.innerHTML = text;", True),
        ("setTimeout('act()', 10);", True),
        ("list.innerHTML = text; // The server sanitised it.", False),
        ("setTimeout(act, 10);", False),
        ("list.textContent = text;", False),
        ("retrieval(text);", False),
    ],
)
def test_code_made_of_text_is_seen(line: str, is_refused: bool) -> None:
    assert bool(find_in_js("f.js", line)) is is_refused


def test_a_problem_is_found_on_its_line() -> None:
    assert find_in_css("f.css", "/* a\nb */\nleft: 0;")[0].startswith("f.css:3: ")


def find_in_css(path: str, text: str) -> list[str]:
    has_comment = {
        number for number, line in enumerate(text.splitlines(), 1) if CSS_COMMENT.search(line)
    }
    problems = []
    for number, line in enumerate(without_comments(text).splitlines(), 1):
        if PHYSICAL.search(line) and number not in has_comment:
            problems.append(f"{path}:{number}: use start and end, or say why left and right")
        if IMPORTANT.search(line) and number not in has_comment:
            problems.append(f"{path}:{number}: say why this is important")
        if ELSEWHERE.search(line):
            problems.append(f"{path}:{number}: this asks another host")
    return problems


def without_comments(css: str) -> str:
    return CSS_COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), css)


def find_in_js(path: str, text: str) -> list[str]:
    return [
        f"{path}:{number}: say why text may become code here"
        for number, line in enumerate(text.splitlines(), 1)
        if CODE_FROM_TEXT.search(line) and not JS_COMMENT.search(line)
    ]
