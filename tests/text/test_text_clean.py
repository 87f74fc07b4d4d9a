"""What is typed becomes what is stored: readable, normalised, and the same when cleaned again."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microblog.text.clean import MAX_MARKS, UnreadableText, clean, clean_line, is_blank

ODD = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(" \n\r\t\u200b\u200c\u200d\ufe0f\u0301\u0316\u202e\u3164\U0001f469क्a9é"),
    )
)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("a\tb", "a b"),
        ("cafe\u0301", "café"),
        (" \n\u200b\ufeff word \u2060\n", "word"),
        ("trailing   \nspace", "trailing\nspace"),
        ("a\n\n\nb", "a\n\n\nb"),
        ("a\n\n\n\n\nb", "a\n\n\nb"),
        ("a\n \n\u200b\n\t\n\nb", "a\n\n\nb"),
        ("\u202eevil\u202c \u2066x\u2069", "evil x"),
        ("price\ufffe", "price"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("\u200fABC", "\u200fABC"),
        ("\u200d \u2060", ""),
    ],
)
def test_a_text_is_normalised(typed: str, stored: str) -> None:
    assert clean(typed) == stored


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Ada \n\t Lovelace\u3000", "Ada Lovelace"),
        ("al\u200bi\u2060c\ufeffe\xad", "alice"),
        ("ali\u200dce", "alice"),
        ("alice\ufe0f", "alice"),
        ("a\u200b\u0301", "á"),
        ("Ada\u3164", "Ada"),
        ("Ada\u2800 L", "Ada L"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("葛\U000e0100城", "葛\U000e0100城"),
        (
            "👩🏽\u200d🚀 ❤\ufe0f\u200d🔥 1\ufe0f\u20e3",
            "👩🏽\u200d🚀 ❤\ufe0f\u200d🔥 1\ufe0f\u20e3",
        ),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",) * 2,
        ("Ada\U000e0067\U000e007f", "Ada"),
        ("\u202eevil\u202c \u200b", "evil"),
        ("\u200d", ""),
    ],
)
def test_a_name_is_one_line_without_invisible_twins(typed: str, stored: str) -> None:
    assert clean_line(typed) == stored


@pytest.mark.parametrize("bad", ["\x00", "\x07", "\x0b", "\x1b", "\x7f", "\x85", "\ud800"])
def test_control_characters_and_lone_surrogates_are_refused(bad: str) -> None:
    with pytest.raises(UnreadableText):
        clean(f"a{bad}b")
    with pytest.raises(UnreadableText):
        clean_line(f"a{bad}b")


def test_marks_are_stacked_no_higher_than_any_language_does() -> None:
    tower = clean("x" + "\u0316\u0301" * 50)
    assert len(tower) == 1 + MAX_MARKS
    assert clean("\u0958" + "\u0316" * MAX_MARKS) == "क\u093c" + "\u0316" * (MAX_MARKS - 1)
    assert clean("שָּׁ") == unicodedata.normalize("NFC", "שָּׁ")


@pytest.mark.parametrize(
    "text", ["", " \n", "\u200b\u2060 \n", "\u3164\u115f\uffa0", "\u2800", "\ufe0f"]
)
def test_a_text_without_anything_to_see_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", " . ", "\u200bé", "\u0301", "🇩🇪", "\u0600", "\U0010fffd"])
def test_a_text_with_anything_to_see_is_not_blank(text: str) -> None:
    assert not is_blank(text)


@given(ODD)
def test_cleaning_again_changes_nothing(text: str) -> None:
    for tidy in (clean, clean_line):
        try:
            once = tidy(text)
        except UnreadableText:
            continue
        assert tidy(once) == once
        assert unicodedata.is_normalized("NFC", once)
        assert is_blank(once) == (once == "")
        assert once.encode().decode() == once


@given(ODD)
def test_a_name_never_holds_a_line_break_or_two_spaces(text: str) -> None:
    try:
        name = clean_line(text)
    except UnreadableText:
        return
    assert "\n" not in name
    assert "  " not in name
