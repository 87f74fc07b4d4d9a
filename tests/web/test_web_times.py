"""Times are said in every language and zone, also where clocks change and days begin elsewhere."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from babel.localedata import locale_identifiers
from flask import Flask

from microblog.web.pages import pages
from microblog.web.times import SLOTS, full_date, full_time, time_html

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
AGES = [timedelta(minutes=3), timedelta(hours=5), timedelta(days=2)]
LANGUAGES = ("en", "es", "de", "ar", "ja", "el", "fa")

pytestmark = pytest.mark.sqlite_only


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    """Be in a request, whose language is English."""
    with app.test_request_context():
        yield


# How long ago


@pytest.mark.parametrize("age", AGES, ids=["minutes", "hours", "days"])
def test_every_language_has_words_for_how_long_ago(age: timedelta) -> None:
    for identifier in locale_identifiers():
        words, seconds = said(NOW - age, language=identifier.replace("_", "-"))
        assert words, identifier
        assert seconds > 0


@pytest.mark.parametrize(
    ("language", "minute", "minutes", "hours", "days"),
    [
        ("en", "1m ago", "5m ago", "3h ago", "2d ago"),
        ("es", "hace 1 min", "hace 5 min", "hace 3 h", "hace 2 d"),
        ("de", "vor 1 m", "vor 5 m", "vor 3 Std.", "vor 2 Tagen"),
        ("ar", "قبل دقيقة واحدة", "قبل 5 دقائق", "قبل 3 ساعات", "قبل يومين"),
        ("ja", "1分前", "5分前", "3時間前", "2日前"),
        ("el", "1 λ. πριν", "5 λ. πριν", "3 ώ. πριν", "2 ημ. πριν"),
        ("fa", "1 دقیقه پیش", "5 دقیقه پیش", "3 ساعت پیش", "2 روز پیش"),
    ],
)
def test_the_words_are_the_narrowest_of_the_language(
    language: str, minute: str, minutes: str, hours: str, days: str
) -> None:
    expected = {
        timedelta(seconds=60): minute,
        timedelta(minutes=5, seconds=59): minutes,
        timedelta(hours=3, minutes=59): hours,
        timedelta(days=2, hours=23): days,
    }
    for age, words in expected.items():
        assert said(NOW - age, language=language)[0] == words


@pytest.mark.parametrize(
    ("age", "words", "valid_seconds"),
    [
        (timedelta(), "now", 60),
        (timedelta(seconds=59), "now", 1),
        (timedelta(minutes=59, seconds=59), "59m ago", 1),
        (timedelta(hours=1), "1h ago", 3600),
        (timedelta(hours=23, minutes=59), "23h ago", 60),
        (timedelta(days=5, hours=23), "5d ago", 3600),
        # The clock of another machine is ahead.
        (timedelta(seconds=-1), "now", 60),
        (timedelta(days=-400), "now", 60),
    ],
)
def test_words_stay_right_until_the_next_unit_is_full(
    age: timedelta, words: str, valid_seconds: int
) -> None:
    assert said(NOW - age) == (words, valid_seconds)


def test_the_browser_is_told_how_long_ago_the_words_say_it_was() -> None:
    for age, seconds in [
        (timedelta(seconds=59), "0"),
        (timedelta(minutes=5, seconds=59), "300"),
        (timedelta(hours=3, minutes=59), "10800"),
        (timedelta(days=5, hours=23), "432000"),
        # A date is not to be changed.
        (timedelta(days=6), ""),
        (timedelta(days=4000), ""),
    ]:
        assert f'data-ago="{seconds}"' in element(NOW - age)[0]


# Dates


@pytest.mark.parametrize(
    ("zone", "now", "words"),
    [
        # 31 December, half past eleven in the evening, UTC.
        ("UTC", "2026-12-31T23:30", "Dec 20"),
        ("Pacific/Kiritimati", "2026-12-31T23:30", "Dec 21, 2026"),
        ("Asia/Kolkata", "2026-12-31T23:30", "Dec 20, 2026"),
        ("America/New_York", "2026-12-31T23:30", "Dec 20"),
        # The new year has begun in UTC, and not yet everywhere.
        ("UTC", "2027-01-01T00:30", "Dec 20, 2026"),
        ("America/New_York", "2027-01-01T00:30", "Dec 20"),
        ("Pacific/Niue", "2027-01-01T10:59", "Dec 20"),
        ("Pacific/Niue", "2027-01-01T11:00", "Dec 20, 2026"),
    ],
)
def test_the_year_is_left_out_while_it_is_this_year_for_the_reader(
    zone: str, now: str, words: str
) -> None:
    moment = datetime(2026, 12, 20, 12, tzinfo=UTC)
    assert said(moment, now=utc(now), zone=zone)[0] == words


def test_a_date_is_made_anew_when_a_year_can_begin_somewhere() -> None:
    moment = datetime(2026, 12, 20, 12, tzinfo=UTC)
    for now, seconds in [("2027-01-01T10:59", 60), ("2026-12-31T18:20", 600)]:
        assert said(moment, now=utc(now), zone="Pacific/Niue")[1] == seconds


@pytest.mark.parametrize(
    ("zone", "date"),
    [
        ("UTC", "November 22, 2026"),
        ("Pacific/Kiritimati", "November 23, 2026"),
        ("Pacific/Niue", "November 21, 2026"),
    ],
)
def test_a_day_is_that_of_the_reader_on_both_sides_of_the_date_line(zone: str, date: str) -> None:
    assert full_date(datetime(2026, 11, 22, 10, 30, tzinfo=UTC), "en", zone) == date


def test_the_oldest_times_can_be_said() -> None:
    for year in (1900, 1969, 1970):
        moment = datetime(year, 1, 2, 3, 4, tzinfo=UTC)
        for language in LANGUAGES:
            for zone in ("Europe/Berlin", "Asia/Kathmandu", "Pacific/Niue", "Africa/Monrovia"):
                assert str(year) in said(moment, language=language, zone=zone)[0]
                assert str(year) in full_time(moment, language, zone)


# In full


@pytest.mark.parametrize(
    ("zone", "moment", "time"),
    [
        # On 29 March the hour from two to three is missing.
        ("Europe/Berlin", "2026-03-29T00:59", "March 29, 2026, 1:59 AM GMT+1"),
        ("Europe/Berlin", "2026-03-29T01:00", "March 29, 2026, 3:00 AM GMT+2"),
        # On 25 October the hour from two to three is there twice.
        ("Europe/Berlin", "2026-10-25T00:30", "October 25, 2026, 2:30 AM GMT+2"),
        ("Europe/Berlin", "2026-10-25T01:30", "October 25, 2026, 2:30 AM GMT+1"),
        ("Europe/Berlin", "2026-10-25T02:30", "October 25, 2026, 3:30 AM GMT+1"),
        # Their summer time is half an hour.
        ("Australia/Lord_Howe", "2026-04-04T14:59", "April 5, 2026, 1:59 AM GMT+11"),
        ("Australia/Lord_Howe", "2026-04-04T15:00", "April 5, 2026, 1:30 AM GMT+10:30"),
        ("Asia/Kolkata", "2026-11-22T18:29", "November 22, 2026, 11:59 PM GMT+5:30"),
        ("Asia/Kolkata", "2026-11-22T18:30", "November 23, 2026, 12:00 AM GMT+5:30"),
        ("Asia/Kathmandu", "2026-11-22T18:15", "November 23, 2026, 12:00 AM GMT+5:45"),
        ("America/St_Johns", "2026-11-22T12:00", "November 22, 2026, 8:30 AM GMT-3:30"),
        # One and the same moment is on three days.
        ("Pacific/Kiritimati", "2026-11-23T10:30", "November 24, 2026, 12:30 AM GMT+14"),
        ("Pacific/Niue", "2026-11-23T10:30", "November 22, 2026, 11:30 PM GMT-11"),
        ("UTC", "2026-11-23T10:30", "November 23, 2026, 10:30 AM UTC"),
        # A name of before.
        ("Asia/Calcutta", "2026-11-22T18:30", "November 23, 2026, 12:00 AM GMT+5:30"),
    ],
)
def test_the_full_time_is_that_of_the_zone_and_says_how_far_it_is_from_utc(
    zone: str, moment: str, time: str
) -> None:
    # CLDR has a narrow space there.
    assert full_time(utc(moment), "en", zone).replace("\u202f", " ") == time


@pytest.mark.parametrize(
    ("language", "time"),
    [
        ("en", "November 22, 2026, 5:45 PM GMT+5:45"),
        ("es", "22 de noviembre de 2026, 17:45 GMT+5:45"),
        ("de", "22. November 2026, 17:45 GMT+5:45"),
        ("ar", "22 نوفمبر 2026، 5:45 م غرينتش\u200e+5:45"),
        ("ja", "2026年11月22日 17:45 GMT+5:45"),
        ("el", "22 Νοεμβρίου 2026 - 5:45 μ.μ. GMT+5:45"),
        ("fa", "22 نوامبر 2026، ساعت 17:45 \u200e+5:45 گرینویچ"),
    ],
)
def test_the_full_time_is_in_the_readers_language(language: str, time: str) -> None:
    assert full_time(NOW, language, "Asia/Kathmandu").replace("\u202f", " ") == time
    title = re.search('title="([^"]*)"', element(NOW, language=language, zone="Asia/Kathmandu")[0])
    assert title is not None
    assert unescape(title[1]).replace("\u202f", " ") == time


def said(
    moment: datetime, *, now: datetime = NOW, language: str = "en", zone: str = "UTC"
) -> tuple[str, int]:
    """Return the words for a moment, and for how many seconds they stay right."""
    html, seconds = element(moment, now=now, language=language, zone=zone)
    return unescape(re.sub("<[^>]*>", "", html)).strip(), seconds


def element(
    moment: datetime, *, now: datetime = NOW, language: str = "en", zone: str = "UTC"
) -> tuple[str, int]:
    skeleton = pages().skeletons.get("_time.html", SLOTS)
    html, seconds = time_html(moment, now, language, zone, skeleton)
    assert html.startswith(b'<time datetime="')
    return html.decode(), seconds


def utc(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)
