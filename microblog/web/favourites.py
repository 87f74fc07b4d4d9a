"""The posts that one likes."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import login_required

from microblog.domain import timelines
from microblog.web.context import database, require_viewer
from microblog.web.i18n import phrase
from microblog.web.pages import asked_page, timeline

blueprint = Blueprint("favourites", __name__)


@blueprint.get("/favourites")
@login_required
def show() -> ResponseReturnValue:
    """Show one's favourites, the last made first."""
    asked = asked_page()
    entries = timelines.favourites(database(), require_viewer(), asked)
    title = phrase("Favourites")
    return timeline("favourites/show.html", entries, asked, active="bookmarks", title=title)
