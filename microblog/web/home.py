"""The home timeline, and the small poll that says what is new on it."""

import json
from functools import lru_cache

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from werkzeug.exceptions import Unauthorized

from microblog.domain import timelines
from microblog.ids import parse
from microblog.web import composing
from microblog.web.context import database, viewer
from microblog.web.i18n import language, phrase
from microblog.web.pages import asked_page, timeline

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """Show the home timeline; visitors go to explore."""
    by = viewer()
    if by is None:
        return redirect(url_for("explore.show"))
    asked = asked_page()
    entries = timelines.home(database(), by, asked)
    newest = str(entries.items[0].key) if entries.items else "0"
    return timeline(
        "timelines/home.html",
        entries,
        asked,
        active="home",
        title=phrase("Home"),
        page={"newest": newest if asked.is_first else ""},
        composer=composing.brief(by),
    )


@blueprint.get("/index")
def index() -> ResponseReturnValue:
    """Lead the tutorial's second address of the home page to the first."""
    return redirect(url_for("home.show"), 301)


@blueprint.get("/updates")
def updates() -> ResponseReturnValue:
    """Say how many posts came after a key. Every open page asks this twice a minute."""
    by = viewer()
    if by is None:
        raise Unauthorized
    after = parse(request.args.get("after")) or 0
    count = timelines.count_new(database(), by, after)
    return Response(_answer(count, language()), mimetype="application/json")


@lru_cache(maxsize=1000)
def _answer(count: int, _language: str) -> bytes:
    label = ngettext("%(num)s new post", "%(num)s new posts", count) if count else ""
    return json.dumps({"new_posts": {"count": count, "label": label}}).encode()
