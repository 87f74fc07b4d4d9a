"""Texts of the other direction are set apart, and nothing in them ends that or goes beyond it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microblog.text.direction import isolate, isolate_ltr

ALICE, YAEL, LAYLA = "Alice", "יעל", "ليلى"


@pytest.mark.parametrize("text", [ALICE, "", "42", "Ana (Bo)", "山田", "Ωραία", "😀", "a\u200db"])
def test_what_could_not_turn_a_sentence_around_stays_as_it_is(text: str) -> None:
    assert isolate(text, "ltr") == text
    assert isolate_ltr(text, "ltr") == text


@pytest.mark.parametrize(
    "text", [YAEL, LAYLA, f"Alice {YAEL}", "\u200f(", "ﷺ", "߀ߊ", "\U00010840", "\U0001e900"]
)
def test_what_is_written_from_right_to_left_is_set_apart(text: str) -> None:
    assert isolate(text, "ltr") == f"\u2068{text}\u2069"


@pytest.mark.parametrize("text", [ALICE, YAEL, "42", "!"])
def test_in_a_sentence_from_right_to_left_everything_is_set_apart(text: str) -> None:
    assert isolate(text, "rtl") == f"\u2068{text}\u2069"
    assert isolate_ltr(text, "rtl") == f"\u2066{text}\u2069"


@given(st.text(st.sampled_from("a א\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")))
def test_controls_that_were_typed_are_gone(text: str) -> None:
    for direction in ("ltr", "rtl"):
        for set_apart in (isolate, isolate_ltr):
            shown = set_apart(text, direction)
            typed = shown[1:-1] if shown[:1] in ("\u2066", "\u2068") else shown
            assert not set(typed) - set("a א")
