"""The language of short texts: right where it can be told, and nothing where it cannot."""

from collections import defaultdict
from pathlib import Path

import pytest

from microblog.text.languages import DETECTABLE, detect

# A language and a text on each line; a dash where nobody can tell.
SAMPLES = [
    line.split("\t")
    for line in (Path(__file__).parent / "language_samples.tsv").read_text("utf-8").splitlines()
]
TELLING = [(language, text) for language, text in SAMPLES if language != "-"]
NOT_TELLING = [text for language, text in SAMPLES if language == "-"]


def test_the_samples_are_of_many_languages() -> None:
    assert len({language for language, _ in TELLING}) >= 16
    assert len(NOT_TELLING) >= 40


def test_nearly_all_short_posts_are_told_right_and_hardly_one_wrong() -> None:
    answers = [(language, detect(text)) for language, text in TELLING]
    right = sum(answer == language for language, answer in answers)
    wrong = sum(answer not in (language, None) for language, answer in answers)
    assert right / len(answers) >= 0.92
    assert wrong / len(answers) <= 0.01


def test_no_language_is_left_out() -> None:
    right: dict[str, list[bool]] = defaultdict(list)
    for language, text in TELLING:
        right[language].append(detect(text) == language)
    # Indonesian is as good as Malay in a few words: it is told only in longer ones.
    poor = {language for language, hits in right.items() if sum(hits) / len(hits) < 0.7}
    assert poor <= {"id"}


@pytest.mark.parametrize("text", NOT_TELLING)
def test_where_nobody_can_tell_nothing_is_claimed(text: str) -> None:
    assert detect(text) is None


@pytest.mark.parametrize("text", ["hello", "dog", "lol ok"])
def test_one_word_is_never_taken_for_another_language(text: str) -> None:
    assert detect(text) in ("en", None)


@pytest.mark.parametrize("text", ["", " ", "\u202e\u200b", "\ufffd" * 50, "a\u0301" * 500, "\x7f"])
def test_odd_texts_have_no_language(text: str) -> None:
    assert detect(text) is None


def test_every_answer_is_a_tag_that_is_known() -> None:
    assert {detect(text) for _, text in SAMPLES} <= DETECTABLE | {None}
