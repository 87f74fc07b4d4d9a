"""Counts and lists of names are written as each language writes them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.localedata import locale_identifiers
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask
from markupsafe import Markup
from sqlalchemy import update

from microblog.db import Database
from microblog.models import Account
from microblog.web.i18n import speak
from microblog.web.numbers import and_others, and_others_html, compact, count, count_html
from tests.beside import application_beside
from tests.cast import Cast
from tests.visitor import Visitor

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """Be in a request, whose language is English."""
    with app.test_request_context():
        yield


# Counts


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1K"),
        (1234, "1.2K"),
        (12_345, "12.3K"),
        (123_456, "123K"),
        (1_234_567, "1.2M"),
        (2**63 - 1, "9223372T"),
    ],
)
def test_a_count_is_short_in_english(number: int, words: str) -> None:
    assert compact(number, "en") == words


def test_nobody_has_more_than_they_have() -> None:
    assert [compact(number, "en") for number in (1999, 9999, 99_999, 999_999)] == [
        *("1.9K", "9.9K", "99.9K", "999K")
    ]


@pytest.mark.parametrize(
    ("language", "thousand", "more", "million"),
    [
        ("en", "1.2K", "12.3K", "1.2M"),
        ("es", "1,2\xa0mil", "12,3\xa0mil", "1,2\xa0M"),
        # Nobody shortens thousands in German; a comma and a point are the other way round.
        ("de", "1.234", "12.345", "1,2\xa0Mio."),
        ("ar", "1.2\xa0ألف", "12.3\xa0ألف", "1.2\xa0مليون"),
        # Counted in ten thousands.
        ("ja", "1,234", "1.2万", "123万"),
        ("hi", "1.2\xa0हज़ार", "12.3\xa0हज़ार", "12.3\xa0लाख"),
        ("pt-BR", "1,2\xa0mil", "12,3\xa0mil", "1,2\xa0mi"),
    ],
)
def test_each_language_shortens_in_its_own_way(
    language: str, thousand: str, more: str, million: str
) -> None:
    shown = [compact(number, language) for number in (1234, 12_345, 1_234_567)]
    assert shown == [thousand, more, million]


def test_every_language_can_say_every_count() -> None:
    for identifier in locale_identifiers():
        language = identifier.replace("_", "-")
        for number in (0, 9, 999, 1000, 9999, 10_000, 999_999, 10**9, 10**15, 2**63 - 1):
            shown = count(number, language)
            assert shown.short, identifier
            assert number * 0.9 <= shown.number <= number, identifier


def test_all_digits_are_in_the_title_of_a_count_that_is_shortened() -> None:
    assert count_html(12_345, "en") == '<span title="12,345">12.3K</span>'
    assert count_html(12_345, "de") == "12.345"
    assert count_html(7, "en") == "7"


def test_a_profile_shows_counts_in_the_readers_language(
    app: Flask, cast: Cast, db: Database, tmp_path: Path
) -> None:
    change = update(Account).where(Account.id == cast.alice.id)
    db.write(lambda session: session.execute(change.values(followers_count=1_234_567)))
    with application_beside(app, tmp_path, LANGUAGES=("en", "de", "ja")) as beside:
        for language, full, short in [
            ("en", "1,234,567", "1.2M"),
            ("de", "1.234.567", "1,2 Mio."),
            ("ja", "1,234,567", "123万"),
        ]:
            for path in ("/@alice", "/@alice/followers"):
                page = Visitor(beside).page(path, headers={"Accept-Language": language})
                assert page.one("span", title=full).text == short


# Names


@pytest.mark.parametrize(
    ("names", "others", "words"),
    [
        ([], 0, ""),
        (["Ana"], 0, "Ana"),
        (["Ana"], 1, "Ana and 1 other"),
        (["Ana", "Bo"], 0, "Ana and Bo"),
        (["Ana", "Bo"], 1, "Ana, Bo and 1 other"),
        (["Ana", "Bo"], 3, "Ana, Bo and 3 others"),
        (["Ana", "Bo", "Cy"], 12_345, "Ana, Bo, Cy and 12.3K others"),
        (["{0}", "%(num)s"], 2, "{0}, %(num)s and 2 others"),
    ],
)
def test_names_and_how_many_more_are_a_list_in_english(
    context: None, names: list[str], others: int, words: str
) -> None:
    assert and_others(names, others, "en") == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", "Ana, Bo y Cy"),
        ("de", "Ana, Bo und Cy"),
        ("ja", "Ana、Bo、Cy"),
        ("ar", "\u2068Ana\u2069 و\u2068Bo\u2069 و\u2068Cy\u2069"),
    ],
)
def test_a_list_is_written_as_in_the_language(context: None, language: str, words: str) -> None:
    assert and_others(["Ana", "Bo", "Cy"], 0, language) == words


@pytest.mark.parametrize(
    ("others", "words"),
    [
        (1, "واحد آخر"),
        (2, "اثنان آخران"),
        (3, "3 آخرين"),
        (11, "11 آخرا"),
        (100, "100 آخر"),
        # Short, it is no more 1,203 that the word goes with.
        (1203, "1.2\xa0ألف آخر"),
    ],
)
def test_how_many_more_has_the_plural_of_the_language(
    app: Flask, tmp_path: Path, others: int, words: str
) -> None:
    with application_beside(app, tmp_path, LANGUAGES=("ar",)) as beside:
        add_others(beside, tmp_path)
        with beside.test_request_context():
            speak("ar")
            assert and_others(["Ana"], others, "ar") == f"\u2068Ana\u2069 و{words}"


def test_a_name_turns_no_list_around(context: None) -> None:
    assert and_others(["\u202eAna", "יעל"], 1, "en") == "Ana, \u2068יעל\u2069 and 1 other"
    html = and_others_html(["יעל", "<b>&"], 1, "en")
    assert html == "<bdi>יעל</bdi>, <bdi>&lt;b&gt;&amp;</bdi> and 1 other"


def test_a_name_in_a_list_can_be_a_link(context: None) -> None:
    link = Markup('<a href="/@ana">{}</a>').format("<Ana>")
    assert and_others_html([link], 0, "en") == '<bdi><a href="/@ana">&lt;Ana&gt;</a></bdi>'


def add_others(app: Flask, folder: Path) -> None:
    """Let an application say in Arabic how many others there are."""
    catalogue = Catalog(locale="ar", fuzzy=False)
    # In the order of Babel's rule, which has 100 before 11.
    forms = [
        "لا أحد",
        "واحد آخر",
        "اثنان آخران",
        "%(number)s آخرين",
        "%(number)s آخر",
        "%(number)s آخرا",
    ]
    catalogue.add(("%(number)s other", "%(number)s others"), forms)
    place = folder / "words" / "ar" / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    app.extensions["babel"].translation_directories.append(str(folder / "words"))
