"""Keep links, mentions and line breaks as they are, while the words around them are translated.

Each line goes out by itself, so the breaks between lines are never anybody's but ours. In a line, a
link is only a numbered mark; in what comes back, the marks become the links again. Source: ADR 22.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

from microblog.text.clean import UNREADABLE
from microblog.text.render import GATE
from microblog.translators.door import Translator, TranslatorError

# What stands between lines, in the HTML that microblog.text.render writes.
_BREAK = re.compile(r"(</?p>|<br>)")
_LINK = re.compile(r"<a [^>]*>.*?</a>")
_LETTER = re.compile(r"[^\W\d_]")
_MARK = re.compile(r"link-(\d{1,4})")
# No language needs so much more room; what does is no translation.
_TIMES_LONGER = 8
_LONGER_BY = 200


@dataclass(frozen=True)
class _Line:
    """A line to translate: where it stands among the parts, its links, and what is sent out."""

    place: int
    links: Sequence[str]
    sent: str


def translate_html(translator: Translator, html: str, source: str, target: str) -> tuple[str, str]:
    """Return a rendered post in another language, sanitised, and the language it was in.

    **Raises** TranslatorError.
    """
    parts = _BREAK.split(html)
    lines = [line for place, part in enumerate(parts) if (line := _line(place, part)) is not None]
    if not lines:
        return html, source
    answer = translator.translate([line.sent for line in lines], source, target)
    if len(answer.lines) != len(lines):
        raise TranslatorError("nonsense")
    for line, translated in zip(lines, answer.lines, strict=True):
        parts[line.place] = _restored(line, translated)
    return GATE.clean("".join(parts)), answer.source


def _line(place: int, part: str) -> _Line | None:
    if _BREAK.fullmatch(part) or not _LETTER.search(_LINK.sub("", part)):
        return None
    links = _LINK.findall(part)
    numbers = iter(range(len(links)))
    return _Line(place, links, _LINK.sub(lambda _: _mark(next(numbers)), part))


def _mark(number: int) -> str:
    # Azure leaves alone what has the class, others what has the attribute; the text inside is lost
    # on purpose where neither does.
    return f'<span class="notranslate" translate="no" id="link-{number}">[{number}]</span>'


def _restored(line: _Line, translated: object) -> str:
    if not isinstance(translated, str) or not translated.strip():
        raise TranslatorError("nonsense")
    if len(translated) > len(line.sent) * _TIMES_LONGER + _LONGER_BY:
        raise TranslatorError("nonsense")
    reader = _Reader(line.links)
    reader.feed(UNREADABLE.sub("\ufffd", translated))
    reader.close()
    return reader.result()


class _Reader(HTMLParser):
    """Reads a translated line: words stay, marks become links, everything else is left out."""

    def __init__(self, links: Sequence[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._links = links
        self._found: list[int] = []
        self._pieces: list[str] = []
        # The element whose inside is left out, and how many like it are open in it.
        self._skipped: str | None = None
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipped is not None:
            self._depth += tag == self._skipped
            return
        mark = _MARK.fullmatch(dict(attrs).get("id") or "")
        if mark is not None and int(mark[1]) < len(self._links):
            self._found.append(int(mark[1]))
            self._pieces.append(self._links[int(mark[1])])
            self._skipped = tag
        elif tag in ("script", "style"):
            self._skipped = tag

    def handle_endtag(self, tag: str) -> None:
        if tag != self._skipped:
            return
        if self._depth:
            self._depth -= 1
        else:
            self._skipped = None

    def handle_data(self, data: str) -> None:
        if self._skipped is None:
            self._pieces.append(escape(data, quote=False))

    def result(self) -> str:
        """Return the line. **Raises** TranslatorError unless each link is there, once."""
        if sorted(self._found) != list(range(len(self._links))):
            raise TranslatorError("nonsense")
        line = " ".join("".join(self._pieces).split())
        if not line:
            raise TranslatorError("nonsense")
        return line
