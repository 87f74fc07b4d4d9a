"""What has changed between two texts."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microblog.text.differences import ADDED, REMOVED, SAME, Part, differences
from tests.pace import pace

words = st.lists(
    st.sampled_from(["a", "b", " ", "\n", "ä", "!", "👩‍👩‍👧", "שלום"]), max_size=40
).map("".join)


def test_a_changed_word_is_removed_and_added() -> None:
    assert differences("I like green tea.", "I like black tea.") == [
        Part(SAME, "I like"),
        Part(REMOVED, " green"),
        Part(ADDED, " black"),
        Part(SAME, " tea."),
    ]


@pytest.mark.parametrize(
    ("older", "newer", "parts"),
    [
        ("", "", []),
        ("same", "same", [Part(SAME, "same")]),
        ("", "new", [Part(ADDED, "new")]),
        ("old", "", [Part(REMOVED, "old")]),
        ("one two", "one two three", [Part(SAME, "one two"), Part(ADDED, " three")]),
        ("tea", "tea!", [Part(SAME, "tea"), Part(ADDED, "!")]),
        ("a\nb", "a b", [Part(SAME, "a"), Part(REMOVED, "\nb"), Part(ADDED, " b")]),
    ],
)
def test_the_parts_are_in_order(older: str, newer: str, parts: list[Part]) -> None:
    assert differences(older, newer) == parts


@given(words, words)
def test_without_what_was_removed_it_is_the_newer_text_and_without_what_was_added_the_older(
    older: str, newer: str
) -> None:
    parts = differences(older, newer)
    assert "".join(part.text for part in parts if part.kind != REMOVED) == newer
    assert "".join(part.text for part in parts if part.kind != ADDED) == older
    assert all(part.text for part in parts)
    kinds = [part.kind for part in parts]
    assert all(one != other for one, other in pairwise(kinds))


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("a " * 5000, "a b " * 2500),
        ("a!" * 250, "!a" * 250),
        ("x" * 10_000, "y" * 10_000),
        (" " * 10_000, "\n" * 10_000),
        ("a " * 199, "b " * 199),
    ],
)
def test_no_text_takes_long(older: str, newer: str) -> None:
    began = time.thread_time()
    differences(older, newer)
    assert time.thread_time() - began < 0.1 * pace()
