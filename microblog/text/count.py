"""Count a text as people do."""

from microblog.text.entities import Link, find
from microblog.text.pattern import unicode_pattern

LINK_LENGTH = 23

# One character as people see it may hold any number of code points, and a link up to 2,048 of
# them, so a limit in characters bounds neither memory nor time. Callers refuse longer texts first.
MAX_CODE_POINTS = 10_000

_GRAPHEME = unicode_pattern(r"\X")
# Pairs of these letters are flags. The regex package pairs them in quadratic time.
_FLAG = unicode_pattern(r"\p{Regional_Indicator}{2}")


def length(text: str) -> int:
    """Count the characters a person sees; every link counts `LINK_LENGTH`.

    Callers refuse texts of more than `MAX_CODE_POINTS` code points before they ask.
    **Source** Grapheme clusters of UAX 29.
    """
    total, start = 0, 0
    for link in (entity for entity in find(text) if isinstance(entity, Link)):
        total += _graphemes(text[start : link.start]) + LINK_LENGTH
        start = link.end
    return total + _graphemes(text[start:])


def _graphemes(text: str) -> int:
    if text.isascii():
        return len(text) - text.count("\r\n")
    return len(_GRAPHEME.findall(_FLAG.sub("x", text)))
