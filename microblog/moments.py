"""A moment in full, in a reader's language and zone: what pages show on hover, and what mails say.

It knows neither pages nor mails. Digits are 0 to 9 in every language, as in the numbers, names and
addresses beside them; the calendar is the Gregorian one.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_datetime_format

# Keeps a sign before its number in what is written from right to left.
_LEFT_TO_RIGHT_MARK = "\u200e"


def full_time(moment: datetime, language: str, zone: str) -> str:
    """Return the long date, the time to the minute, and how far the reader's zone is from UTC."""
    local, locale = moment.astimezone(ZoneInfo(zone)), locale_of(language)
    date = format_date(local, "long", locale=locale)
    time = format_time(local, "short", locale=locale)
    # As CLDR joins the two; its own long form would show seconds.
    pattern = str(get_datetime_format("long", locale=locale)).replace("'", "")
    return pattern.replace("{1}", date).replace("{0}", f"{time} {offset(local, language)}")


def full_date(moment: datetime, language: str, zone: str) -> str:
    """Return the date of a moment in full."""
    return format_date(moment.astimezone(ZoneInfo(zone)), "long", locale=locale_of(language))


def clock_time(moment: datetime, language: str, zone: str) -> str:
    """Return the time of day, to the minute."""
    return format_time(moment.astimezone(ZoneInfo(zone)), "short", locale=locale_of(language))


def offset(local: datetime, language: str) -> str:
    """Return how far a local time is from UTC: GMT+5:45. It tells an hour from its repetition."""
    minutes = int((local.utcoffset() or timedelta()).total_seconds() / 60)
    if not minutes:
        return "UTC"
    locale = locale_of(language)
    hours, rest = divmod(abs(minutes), 60)
    mark = _LEFT_TO_RIGHT_MARK if locale.text_direction == "rtl" else ""
    number = f"{mark}{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02}" if rest else "")
    return str(locale.zone_formats["gmt"]).replace("%s", number)


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """Return what CLDR knows of a language."""
    return Locale.parse(language, sep="-")
