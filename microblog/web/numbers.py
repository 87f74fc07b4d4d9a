"""Numbers and lists of names as each language writes them."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_compact_decimal, format_decimal
from flask import Flask
from flask_babel import ngettext
from markupsafe import Markup, escape

from microblog.moments import locale_of
from microblog.text.direction import isolate
from microblog.web import i18n

# English as the whole world writes it, which is how ours reads: "A, B and C".
_LISTS_AS = {"en": "en-001"}
# From here on the digits before the point say enough: 12.3K, but 123K.
_WITHOUT_TENTHS = 100


def init_app(app: Flask) -> None:
    """Let templates show counts: `count|compact`, and `count|plural_of` for the words beside it."""
    app.jinja_env.filters |= {
        "compact": lambda number: count_html(number, i18n.language()),
        "plural_of": lambda number: count(number, i18n.language()).number,
    }


class Count(NamedTuple):
    """A count as it is shown: short, in full, and the number whose plural goes with the words."""

    short: str
    full: str
    number: int


def and_others(names: Sequence[str], others: int, language: str) -> str:
    """Return "Ana", "Ana and Bo", "Ana, Bo and 3 others" as plain text: for titles and labels.

    The reader's language must be that of the request, too.
    """
    direction = locale_of(language).text_direction
    return _joined(names, others, language, lambda name: isolate(name, direction))


def and_others_html(
    names: Sequence[str | Markup], others: int, language: str, *, has_more: bool = False
) -> Markup:
    """Return the same as HTML, in which a name can be a link; "97+ others" when there are more."""
    joined = _joined(
        names, others, language, lambda name: f"<bdi>{escape(name)}</bdi>", "+" if has_more else ""
    )
    return Markup(joined)  # noqa: S704 - every name is escaped, CLDR's words are.


def compact(number: int, language: str) -> str:
    """Return a count in short: 1.2K, 1,2 Mio., 1.2万; all digits where the language shortens none.

    It is never more than there are: 1,999 is 1.9K.
    """
    return count(number, language).short


def at_most(number: int, maximum: int, language: str) -> str:
    """Return a count, or that it is more than a maximum: 99+."""
    if number <= maximum:
        return count(number, language).short
    return f"{count(maximum, language).short}+"


def count_html(number: int, language: str) -> Markup:
    """Return a count in short, with all its digits in the title where they are not shown."""
    short, full, _number = count(number, language)
    if short == full:
        return escape(short)
    return Markup('<span title="{}">{}</span>').format(full, short)


@lru_cache(maxsize=10_000)
def count(number: int, language: str) -> Count:
    """Return all that is needed to show a count."""
    locale = locale_of(language)
    full = format_decimal(number, locale=locale)
    unit = _unit(number, locale)
    if unit == 1:
        return Count(full, full, number)
    # Rounded up, 999,999 would be "1000K", and somebody's hundred thousandth follower early.
    step = unit if number // unit >= _WITHOUT_TENTHS else unit // 10
    shown = number // step * step
    short = format_compact_decimal(shown, locale=locale, fraction_digits=1)
    return Count(short, full, shown)


def _joined(
    names: Sequence[str],
    others: int,
    language: str,
    set_apart: Callable[[str], str],
    more: str = "",
) -> str:
    parts = [set_apart(name) for name in names]
    if others > 0:
        short, _full, number = count(others, language)
        parts.append(ngettext("%(number)s other", "%(number)s others", number, number=short + more))
    return format_list(parts, locale=locale_of(_LISTS_AS.get(language, language)))


def _unit(number: int, locale: Locale) -> int:
    """Return what CLDR counts a number of this size in: 1 where all its digits are shown."""
    patterns = locale.compact_decimal_formats["short"]["other"]
    size = max((int(size) for size in patterns if int(size) <= number), default=1)
    if size == 1:
        return 1
    pattern = patterns[str(size)].pattern
    if pattern.strip("0") == "":
        return 1
    return int(size // 10 ** (pattern.count("0") - 1))
