"""A text is as long as a person would say."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from microblog.text.count import LINK_LENGTH, length


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("", 0),
        ("hello\nyou", 9),
        ("a\r\nb", 3),
        ("café", 4),
        ("cafe\u0301", 4),
        ("👩🏽\u200d🚀", 1),
        ("🇩🇪🇫🇷🇯", 3),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 1),
        ("한국어", 3),
        ("x" + "\u0301" * 1_000, 1),
    ],
)
def test_a_character_is_what_a_person_sees_as_one(text: str, characters: int) -> None:
    assert length(text) == characters


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("http://a.b/", LINK_LENGTH),
        ("https://example.com/" + "x" * 1_000, LINK_LENGTH),
        ("é http://a.b/, http://c.d/", 2 + LINK_LENGTH + 2 + LINK_LENGTH),
        ("@ada #tag", 9),
    ],
)
def test_a_link_counts_the_same_however_long(text: str, characters: int) -> None:
    assert length(text) == characters


@given(st.text(st.characters()))
def test_any_text_has_a_length_of_at_most_its_code_points(text: str) -> None:
    assert 0 <= length(text) <= max(len(text), LINK_LENGTH * text.count("http"))


@given(st.text(st.sampled_from("🇩🇪a\u200d")))
def test_flags_are_paired_as_unicode_pairs_them(text: str) -> None:
    assert length(text) == len(regex.findall(r"\X", text))
