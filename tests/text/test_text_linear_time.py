"""No text, however hostile, takes more than time in proportion to its length."""

import time
from collections.abc import Callable

import pytest

from microblog.text.clean import clean, clean_line, is_blank
from microblog.text.count import length
from microblog.text.entities import find
from microblog.text.languages import detect
from microblog.text.render import render
from tests.pace import pace

# What a text begins with, and two pieces: the first so many times, then the second as often.
HOSTILE = {
    "addresses": ("", "a@", ""),
    "hosts without end": ("", "http://a.", ""),
    "one endless host": ("http://", "a.", ""),
    "one endless host of letters": ("http://", "ü.", ""),
    "tags in tags": ("", "#a_", ""),
    "one endless tag": ("#", "a", ""),
    "digits of tags": ("", "#1", ""),
    "brackets": ("", "(((", ""),
    "elements": ("", "<a ", ""),
    "emphasis": ("", "`*_", ""),
    "nested brackets in a link": ("http://a.b/", "(", ")"),
    "pairs of brackets in links": ("", "http://a.b/" + "()" * 1_000, ""),
    "links cut short": ("", "http://a.b/)", ""),
    "schemes": ("", "http://", ""),
    "names before hosts": ("", "http://a@", ""),
    "at signs": ("", "@", ""),
    "number signs": ("", "#", ""),
    "joiners": ("", "#\u200d", ""),
    "combining marks": ("a", "\u0316\u0301", ""),
    "marks kept apart": ("", "\ufeff\u0316\ufeff\u0301", ""),
    "accents": ("", "a\u0301", ""),
    "flags": ("", "\U0001f1e6", ""),
    "emoji": ("", "\U0001f469\u200d", ""),
    "invisible": ("", "\u200b", "x"),
    "blanks": ("", " ", "x"),
    "blanks after a line": ("a\n", " ", "x"),
    "line ends": ("", "\n", "x"),
    "blank lines": ("", "\n ", "x"),
}


def hostile(kind: str, size: int) -> str:
    beginning, piece, ending = HOSTILE[kind]
    times = size // len(piece + ending)
    return beginning + piece * times + ending * times


def render_post(text: str) -> str:
    return render(text, {"a": "/@a"}, lambda name: f"/tags/{name}")


def cpu_ms(act: Callable[[str], object], text: str) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.thread_time()
        act(text)
        best = min(best, (time.thread_time() - start) * 1_000)
    return best


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("act", [find, length, render_post, clean, clean_line, is_blank, detect])
def test_twice_the_text_takes_twice_the_time(act: Callable[[str], object], kind: str) -> None:
    # A busy machine may be in the way of one measurement, but not of three.
    measured = []
    for _ in range(3):
        once, twice = cpu_ms(act, hostile(kind, 25_000)), cpu_ms(act, hostile(kind, 50_000))
        if twice <= 5 or twice / once <= 3:
            return
        measured.append(f"{once:.1f} ms, then {twice:.1f} ms")
    raise AssertionError(measured)


@pytest.mark.parametrize("kind", HOSTILE)
def test_100_kb_are_searched_in_50_ms(kind: str) -> None:
    assert cpu_ms(find, hostile(kind, 100_000)) < 50 * pace()


@pytest.mark.parametrize("kind", HOSTILE)
def test_100_kb_are_counted_in_100_ms(kind: str) -> None:
    assert cpu_ms(length, hostile(kind, 100_000)) < 100 * pace()
