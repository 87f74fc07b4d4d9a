"""The reader's language and time zone."""

import unicodedata
import zoneinfo
from functools import lru_cache

from babel import Locale
from flask import Flask, request
from flask_babel import Babel, gettext, refresh
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from microblog.text.languages import DETECTABLE
from microblog.web.context import here, services, visit

ZONE_COOKIE = "zone"
LANGUAGE_COOKIE = "language"
# Whoever sends more than this has no preference we need to read.
_MAX_ACCEPT_LANGUAGE = 300


def init_app(app: Flask) -> None:
    """Give an application translations, by the language of each request."""
    config = app.extensions["microblog"].config
    app.config["BABEL_DEFAULT_LOCALE"] = config.LANGUAGES[0]
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=language, timezone_selector=zone)
    app.jinja_env.globals |= {
        "language_name": language_name,
        "languages_offered": len(config.LANGUAGES) > 1,
        "post_languages": post_languages,
    }


def language() -> str:
    """Return the language for this request: what the person chose, else what the browser wishes.

    A member's choice counts everywhere, a visitor's in the browser where they made it.
    """
    known = here()
    if known.language is None:
        viewer = visit().viewer
        known.language = _language(viewer.locale if viewer else None)
    return known.language


def speak(locale: str | None) -> None:
    """Say the rest of this request in another language: the one that a person has just chosen."""
    here().language = _language(locale)
    refresh()


def language_to_keep() -> str | None:
    """Return the language that a newcomer is written to in; None is the server's own.

    Whoever reads in the server's own keeps the choice open, and is shown what their browser wishes.
    """
    return None if language() == services().config.LANGUAGES[0] else language()


def zone() -> str:
    """Return the time zone for this request: the person's choice, else the browser's, else UTC."""
    known = here()
    if known.zone is None:
        viewer = visit().viewer
        if viewer is not None and viewer.time_zone:
            known.zone = viewer.time_zone
        else:
            named = request.cookies.get(ZONE_COOKIE, "")
            known.zone = named if named in zone_names() else "UTC"
    return known.zone


def phrase(message: str) -> str:
    """Return a fixed text in the reader's language, from memory: for what every page says."""
    return _phrase(message, language())


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Return the names of all time zones."""
    return frozenset(zoneinfo.available_timezones())


@lru_cache(maxsize=64)
def language_name(language_: str) -> str:
    """Return what a language calls itself."""
    return _capitalized(Locale.parse(language_, sep="-").get_display_name() or language_)


def language_in(tag: str, language_: str) -> str:
    """Return what a language is called in another one, within a sentence."""
    return str(Locale.parse(language_, sep="-").languages.get(tag, tag))


@lru_cache(maxsize=64)
def post_languages(language_: str) -> tuple[tuple[str, str], ...]:
    """Return the languages a post can be in: tag, and name in a language of the interface."""
    locale = Locale.parse(language_, sep="-")
    names = ((tag, _capitalized(locale.languages.get(tag, tag))) for tag in DETECTABLE)
    return tuple(sorted(names, key=lambda pair: unmarked(pair[1])))


@lru_cache(maxsize=64)
def text_direction(language_: str) -> str:
    """Return the direction in which a language is written: ltr or rtl."""
    return Locale.parse(language_, sep="-").text_direction


@lru_cache(maxsize=1024)
def _phrase(message: str, _language: str) -> str:
    return gettext(message)


def _capitalized(name: str) -> str:
    return name[:1].upper() + name[1:]


def unmarked(words: str) -> str:
    """Return the letters without their marks, so that Öland is not sorted behind Zürich."""
    return unicodedata.normalize("NFKD", words).casefold()


def _language(chosen: str | None) -> str:
    languages = services().config.LANGUAGES
    if chosen is None:
        chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in languages:
        return chosen
    wished = request.environ.get("HTTP_ACCEPT_LANGUAGE", "")[:_MAX_ACCEPT_LANGUAGE]
    return _best_match(wished, languages)


@lru_cache(maxsize=1024)
def _best_match(wished: str, languages: tuple[str, ...]) -> str:
    accepted = parse_accept_header(wished, LanguageAccept)
    return accepted.best_match(languages) or languages[0]
