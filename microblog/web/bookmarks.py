"""The posts that one keeps for oneself."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import login_required

from microblog.domain import timelines
from microblog.web.context import database, require_viewer
from microblog.web.i18n import phrase
from microblog.web.pages import asked_page, timeline

blueprint = Blueprint("bookmarks", __name__)


@blueprint.get("/bookmarks")
@login_required
def show() -> ResponseReturnValue:
    """Show one's bookmarks, the last made first."""
    asked = asked_page()
    entries = timelines.bookmarks(database(), require_viewer(), asked)
    title = phrase("Bookmarks")
    return timeline("bookmarks/show.html", entries, asked, active="bookmarks", title=title)
