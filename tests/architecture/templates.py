"""Read a Jinja template as the HTML it is around its expressions."""

import html
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import NamedTuple

from jinja2 import Environment, nodes

# Stands in the HTML for the value of an expression.
PLACEHOLDER = "\N{OBJECT REPLACEMENT CHARACTER}"

# What stands in these is the same in every language.
_UNTRANSLATED_ELEMENTS = {"code", "kbd", "script", "style"}
_VOID_ELEMENTS = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input"),
    *("link", "meta", "source", "track", "wbr"),
}

_jinja = Environment(
    autoescape=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"]
)


class Tag(NamedTuple):
    """A start tag: where it is, and its attributes; an expression's value is a placeholder."""

    line: int
    name: str
    attributes: dict[str, str]


class Text(NamedTuple):
    """What stands between tags, in which element, and whether a person reads it."""

    line: int
    element: str
    text: str
    is_shown: bool


class _Piece(NamedTuple):
    line: int
    kind: str
    text: str


def read_template(source: str) -> list[Tag | Text]:
    """List the tags and texts of a template, without what gettext says."""
    reader = _Reader()
    reader.feed(without_expressions(source))
    reader.close()
    return reader.found


def list_parts(source: str) -> list[str]:
    """List the templates that this one includes or imports from, by their literal names."""
    return [
        node.template.value
        for node in _jinja.parse(source).find_all(nodes.Stmt)
        if isinstance(node, nodes.Include | nodes.Import | nodes.FromImport)
        if isinstance(node.template, nodes.Const)
    ]


def without_expressions(source: str) -> str:
    """Put a placeholder for each expression and nothing for each statement; keep the lines.

    Words that an expression shows as they are stay, because nothing translates them.
    """
    written = ""
    is_translated = False
    for piece in _pieces(source):
        written += "\n" * (piece.line - 1 - written.count("\n"))
        if piece.kind == "block":
            word = piece.text.split()[0]
            is_translated = word == "trans" or (is_translated and word != "endtrans")
        elif piece.kind == "variable":
            written += html.escape(_shown_words(piece.text))
        elif not is_translated:
            written += piece.text
    return written


def _pieces(source: str) -> Iterator[_Piece]:
    inside: list[str] | None = None
    first_line = 0
    for line, token, value in _jinja.lex(source):
        kind, _, edge = token.partition("_")
        if edge == "begin":
            inside, first_line = [], line
        elif edge == "end" and kind in {"variable", "block"}:
            yield _Piece(first_line, kind, "".join(inside or []))
            inside = None
        elif edge == "end":
            inside = None
        elif inside is not None:
            inside.append(value)
        elif token == "data":
            yield _Piece(line, token, value)


def _shown_words(expression: str) -> str:
    output = _jinja.parse("{{" + expression + "}}").body[0]
    words = [word for part in output.iter_child_nodes() for word in _constants(part)]
    return " ".join(words) or PLACEHOLDER


def _constants(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    for part in _parts_shown(node):
        yield from _constants(part)


def _parts_shown(node: nodes.Node) -> list[nodes.Node]:
    match node:
        case nodes.CondExpr():
            return [part for part in (node.expr1, node.expr2) if part]
        case nodes.Or() | nodes.And() | nodes.Add():
            return [node.left, node.right]
        case nodes.Mod():
            return [node.left]
        case nodes.Concat():
            return list(node.nodes)
        case nodes.Filter():
            fallback = node.args if node.name in {"default", "d"} else []
            return [*([node.node] if node.node else []), *fallback]
        case _:
            return []


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Tag | Text] = []
        self._open: list[Tag] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = Tag(self.getpos()[0], tag, {name: value or "" for name, value in attrs})
        self.found.append(found)
        if tag not in _VOID_ELEMENTS:
            self._open.append(found)

    def handle_endtag(self, tag: str) -> None:
        # Branches of the template may open a tag twice and close it once.
        if any(element.name == tag for element in self._open):
            while self._open.pop().name != tag:
                pass

    def handle_data(self, data: str) -> None:
        element = self._open[-1].name if self._open else ""
        is_shown = not any(map(_is_untranslated, self._open))
        self.found.append(Text(self.getpos()[0], element, data, is_shown))


def _is_untranslated(tag: Tag) -> bool:
    return tag.name in _UNTRANSLATED_ELEMENTS or tag.attributes.get("translate") == "no"
