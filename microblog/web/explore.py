"""Everybody's public posts."""

from functools import lru_cache

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from microblog.domain import timelines
from microblog.web.context import database, viewer
from microblog.web.i18n import language, phrase, post_languages
from microblog.web.numbers import and_others_html
from microblog.web.pages import asked_page, timeline

blueprint = Blueprint("explore", __name__)

# Further languages are only counted.
_NAMED = 3


@blueprint.get("/explore")
def show() -> ResponseReturnValue:
    """Show the newest public posts."""
    asked, by = asked_page(), viewer()
    entries = timelines.explore(database(), by, asked)
    return timeline(
        "timelines/explore.html",
        entries,
        asked,
        active="explore",
        title=phrase("Explore"),
        page={"filtered": _filtered(by.post_languages, language()) if by is not None else b""},
    )


@lru_cache(maxsize=1000)
def _filtered(chosen: str, language_: str) -> bytes:
    """Say which languages the reader sees, where they have chosen."""
    if not chosen:
        return b""
    names = dict(post_languages(language_))
    known = [names[tag] for tag in chosen.split(",") if tag in names]
    shown = and_others_html(known[:_NAMED], len(known) - _NAMED, language_)
    return render_template("timelines/_languages.html", languages=shown).encode()
