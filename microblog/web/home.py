"""The home timeline."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from microblog.domain import timelines
from microblog.web import composing
from microblog.web.context import database, viewer
from microblog.web.i18n import phrase
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
        others=lambda: timelines.explore(database(), by, asked).items,
    )


@blueprint.get("/index")
def index() -> ResponseReturnValue:
    """Lead the tutorial's second address of the home page to the first."""
    return redirect(url_for("home.show"), 301)
