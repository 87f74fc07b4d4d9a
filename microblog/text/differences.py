"""What has changed between two texts, word by word, in bounded time."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

SAME, ADDED, REMOVED = "same", "added", "removed"

# A word with the white space before it, or a run of other signs.
_PIECE = re.compile(r"\s*(?:\w+|[^\w\s]+)|\s+")
# Of the table that is filled to find what two texts have in common. The standard library's difflib
# fills none, but takes ten seconds for some texts that fit into a post.
_MOST_CELLS = 40_000


class Part(NamedTuple):
    """A piece of text that is the same in both, or only in the newer or in the older one."""

    kind: str
    text: str


def differences(older: str, newer: str) -> list[Part]:
    """Return the parts of both texts, in order; without those removed they are the newer one.

    What has little in common is not compared further: the one is removed, the other added.
    """
    before, after = _PIECE.findall(older), _PIECE.findall(newer)
    begin = _common(before, after)
    end = _common(before[begin:][::-1], after[begin:][::-1])
    ends = before[len(before) - end :]
    removed, added = before[begin : len(before) - end], after[begin : len(after) - end]
    found = [(SAME, piece) for piece in before[:begin]]
    found += _compare(removed, added)
    found += [(SAME, piece) for piece in ends]
    return [
        Part(kind, "".join(piece for _, piece in group))
        for kind, group in groupby(found, lambda each: each[0])
    ]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return with how many same pieces two begin."""
    return next(
        (place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
        min(len(one), len(other)),
    )


def _compare(before: list[str], after: list[str]) -> Iterator[tuple[str, str]]:
    if len(before) * len(after) > _MOST_CELLS:
        before, after = ["".join(before)], ["".join(after)]
    longest = _longest(before, after)
    i = j = 0
    while i < len(before) or j < len(after):
        if i < len(before) and j < len(after) and before[i] == after[j]:
            yield SAME, before[i]
            i, j = i + 1, j + 1
        elif i < len(before) and longest[i + 1][j] >= longest[i][min(j + 1, len(after))]:
            yield REMOVED, before[i]
            i += 1
        else:
            yield ADDED, after[j]
            j += 1


def _longest(before: list[str], after: list[str]) -> list[list[int]]:
    """Return how many pieces the rests of both have in common, from each pair of places on."""
    table = [[0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for i in reversed(range(len(before))):
        row, below = table[i], table[i + 1]
        for j in reversed(range(len(after))):
            same = before[i] == after[j]
            row[j] = below[j + 1] + 1 if same else max(below[j], row[j + 1])
    return table
