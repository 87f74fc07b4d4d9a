"""Times in words, in the reader's language and zone, at next to no cost.

A relative time changes once a minute at most: its words are kept by language and age, the full time
by language, zone and moment, and whoever shows one is told for how long it stays right. In the
browser static/js/times.js goes on from the words that stand here.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, cast
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from babel.localedata import LocaleDataDict, load
from flask_babel import gettext

from microblog.moments import clock_time, full_date, full_time, locale_of
from microblog.web.skeleton import Skeleton, html

__all__ = ["SLOTS", "clock_time", "full_date", "full_time", "time_html"]

# Of _time.html.
SLOTS = ("iso", "full", "words", "ago")
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
# From here on a date says more than a number of days.
_RELATIVE_DAYS = 6
# The narrowest first; many languages lack it for some units.
_WIDTHS = ("-narrow", "-short", "")


def time_html(
    moment: datetime, now: datetime, language: str, zone: str, skeleton: Skeleton
) -> tuple[bytes, int]:
    """Return the <time> element for a moment, and for how many seconds its words stay right.

    What is still to come, by a clock that is wrong, is "now".
    """
    seconds = max(0, int((now - moment).total_seconds()))
    if seconds < _RELATIVE_DAYS * _DAY:
        unit, size_seconds = _unit(seconds)
        count = seconds // size_seconds
        words = _words(count, unit, language) if count else gettext("now")
        ago = str(count * size_seconds)
        valid_seconds = size_seconds - seconds % size_seconds
    else:
        words, ago = _date(moment, _year(now, zone), language, zone), ""
        # Every zone is a multiple of a quarter of an hour away, and so is its new year.
        valid_seconds = 900 - int(now.timestamp()) % 900
    return _element(moment, words, ago, language, zone, skeleton), valid_seconds


def _unit(seconds: int) -> tuple[str, int]:
    if seconds < _HOUR:
        return "minute", _MINUTE
    if seconds < _DAY:
        return "hour", _HOUR
    return "day", _DAY


@lru_cache(maxsize=1000)
def _words(count: int, unit: str, language: str) -> str:
    """Return how long ago in the narrowest words there are, which are those of browsers, too.

    Babel's format_timedelta does not look at the short ones where there are no narrow ones.
    """
    locale = locale_of(language)
    data = cast(dict[str | int | None, Any], load(str(locale)))
    fields = LocaleDataDict(data)["date_fields"]
    plural = locale.plural_form(count)
    for width in _WIDTHS:
        patterns = cast(Mapping[str, Mapping[str, str]], fields.get(unit + width, {}))
        forms = patterns.get("past", {})
        pattern = forms.get(plural) or forms.get("other")
        if pattern:
            return pattern.replace("{0}", str(count))
    raise AssertionError("unreachable: every language has the long words")


def _year(now: datetime, zone: str) -> int:
    return now.astimezone(ZoneInfo(zone)).year


@lru_cache(maxsize=5_000)
def _date(moment: datetime, this_year: int, language: str, zone: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    if local.year == this_year:
        return format_skeleton("MMMd", local, locale=locale_of(language))
    return format_date(local, "medium", locale=locale_of(language))


@lru_cache(maxsize=5_000)
def _element(
    moment: datetime, words: str, ago: str, language: str, zone: str, skeleton: Skeleton
) -> bytes:
    return skeleton.fill(
        {
            "iso": moment.astimezone(UTC).isoformat(timespec="seconds").encode(),
            "full": html(full_time(moment, language, zone)),
            "words": html(words),
            "ago": ago.encode(),
        }
    )
