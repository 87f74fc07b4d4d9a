"""Turn what was typed into what is stored."""

import re
import unicodedata

from microblog.text.pattern import unicode_pattern

# A long run of combining marks makes Unicode's reordering quadratic (10,000 of them: 67 ms) and
# paints over its neighbours. No language stacks as many as this.
MAX_MARKS = 10

UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

LINE_END = re.compile(r"\r\n|[\r\u2028\u2029]")

# Bidirectional controls can show a text in an order in which it was not written; the others here
# are deprecated, or are no characters at all and break XML feeds.
_REMOVED = unicode_pattern(r"[\u202a-\u202e\u2066-\u206f\ufff9-\ufffb\p{Noncharacter_Code_Point}]+")

_EXCESS_MARKS = unicode_pattern(rf"(\p{{M}}{{{MAX_MARKS}}}) \p{{M}}+")

# At the edges of a line these show nothing and mean nothing. Joiners and direction marks are not
# among them: they change how their neighbour looks.
_EDGES = (
    "\n \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u202f\u205f\u3000"
    "\xad\u180e\u200b\u2060\u2061\u2062\u2063\u2064\u2800\u3164\ufeff\uffa0"
)

_BLANK = unicode_pattern(
    r"[\s \p{Z} \p{Cc} \p{Cs} \p{Default_Ignorable_Code_Point} \u2800 \ufff9-\ufffb]*+"
)

# Group 1 is what stays: joiners inside words of the scripts that need them, and the parts of
# emoji, of keycaps, and of Han and Mongolian letters that choose a shape.
_INVISIBLE = unicode_pattern(
    r"""
    (
      (?<=[\p{L}\p{M}--\p{Latin}--\p{Greek}--\p{Cyrillic}--\p{Default_Ignorable_Code_Point}])
      [\u200c\u200d]
      (?=[\p{L}--\p{Latin}--\p{Greek}--\p{Cyrillic}--\p{Default_Ignorable_Code_Point}])
    | (?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}]\ufe0f?)
      \u200d
      (?=\p{Extended_Pictographic})
    | (?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}]) [\ufe0e\ufe0f]
    | (?<=[0-9\#*]) \ufe0f (?=\u20e3)
    | (?<=\p{Han}) [\ufe00-\ufe02\U000e0100-\U000e01ef]
    | (?<=[\p{Mongolian}--\p{Default_Ignorable_Code_Point}]) [\u180b-\u180d\u180f]
    | \U0001f3f4 [\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6} \U000e007f
    )
    | \p{Default_Ignorable_Code_Point}
    """
)

_SPACES = re.compile(r"[\s\u2800]+")


class UnreadableText(ValueError):
    """The text holds control characters or halves of characters."""


def clean(text: str) -> str:
    """Normalise a text of several lines; cleaning twice changes nothing more.

    **Shape** LF line ends, NFC, no white space at the end of a line, at most two blank lines in a
    row, and "" when there is nothing to see.
    **Raises** UnreadableText.
    """
    text = _compose(_REMOVED.sub("", _readable(text)))
    lines = [line.rstrip(_EDGES) for line in text.split("\n")]
    text = re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines)).strip(_EDGES)
    return "" if is_blank(text) else text


def clean_line(text: str) -> str:
    """Normalise a name of one line, without invisible characters that make a twin of another's.

    **Raises** UnreadableText.
    """
    text = _REMOVED.sub("", _readable(text))
    if not text.isascii():
        text = _compose(_INVISIBLE.sub(r"\1", text))
    return _SPACES.sub(" ", text).strip()


def is_blank(text: str) -> bool:
    """Whether nothing of the text can be seen."""
    return _BLANK.fullmatch(text) is not None


def _readable(text: str) -> str:
    if UNREADABLE.search(text):
        raise UnreadableText("control character or lone surrogate")
    return LINE_END.sub("\n", text).replace("\t", " ")


def _compose(text: str) -> str:
    if text.isascii():
        return text
    bounded = _EXCESS_MARKS.sub(r"\1", text)
    # Some letters come apart into a letter and marks, so the run is measured again.
    return _EXCESS_MARKS.sub(r"\1", unicodedata.normalize("NFC", bounded))
