"""Texts of the other direction inside a sentence: set apart, so that they cannot turn it around.

**Source**: UAX #9, sections 2.4 (isolates) and 3.3.2.
"""

import re

# What an isolate is and ends with: by its first strong letter, and from left to right.
_BY_ITS_LETTERS, _LEFT_TO_RIGHT, _END = "\u2068", "\u2066", "\u2069"
# Whatever could end ours before it should, or turn around what follows.
_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Every block with letters that are written from right to left, and what makes others look so.
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def isolate(text: str, direction: str) -> str:
    """Return somebody's text as it may stand in a plain sentence of a direction, ltr or rtl.

    What could not turn such a sentence around stays as it is.
    """
    bare = _CONTROLS.sub("", text)
    if direction == "ltr" and not _RIGHT_TO_LEFT.search(bare):
        return bare
    return f"{_BY_ITS_LETTERS}{bare}{_END}"


def isolate_ltr(text: str, direction: str) -> str:
    """Return what is read from left to right everywhere: @handle, address, number of a network."""
    bare = _CONTROLS.sub("", text)
    return bare if direction == "ltr" else f"{_LEFT_TO_RIGHT}{bare}{_END}"
