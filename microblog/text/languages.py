"""Tell in which language a text is written; where that is not sure, nobody claims to know.

Source: docs/adr/0021-language-detection.md, with the measurements behind the numbers below.
"""

import re
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

# What may be answered. A language as close to another as Malay is to Indonesian is not told apart
# in a few words, and so is not in here.
DETECTABLE = frozenset(
    {
        *("ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr"),
        *("gl", "he", "hi", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "nl", "no", "pl", "pt"),
        *("ro", "ru", "sk", "sl", "sr", "sv", "ta", "th", "tr", "uk", "vi", "zh"),
    }
)
# The share of the text, in percent, that has to be in the language: short texts never reach it.
_SURE_PERCENT = 95
# Names of people and tags, and addresses, are in no language.
_NAMES = re.compile(r"https?://\S+|[@#]\w+")
_NO_LETTERS = re.compile(r"[^\w\s'’]|[\d_]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
# The codes of CLD2 that are not those of today.
_TODAY = {"iw": "he", "zh-Hant": "zh", "nb": "no", "nn": "no"}


def detect(text: str) -> str | None:
    """Return the tag of a text's language, one of DETECTABLE; None when it is not sure."""
    words = " ".join(_NO_LETTERS.sub(" ", _NAMES.sub(" ", text)).split())
    if _KANA.search(words):
        return "ja"
    if _HANGUL.search(words):
        return "ko"
    if not words or (detector := _detector()) is None:
        return None
    try:
        is_reliable, _, guesses = detector.detect(words, bestEffort=True)
    except detector.error:
        # A character that it does not take.
        return None
    _, code, percent, _ = guesses[0]
    language = _TODAY.get(code, code)
    # Chinese characters without kana are no Japanese that anybody can be sure of.
    is_sure = is_reliable and percent >= _SURE_PERCENT and language != "ja"
    return language if is_sure and language in DETECTABLE else None


@cache
def _detector() -> Any:
    """Return CLD2, at first use: a process that publishes nothing does without its tables."""
    # Where there is no wheel of it for a machine, languages are told by their script alone.
    return import_module("pycld2") if find_spec("pycld2") else None
