"""The posts under a tag."""

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue

from microblog.domain import timelines
from microblog.domain.paths import tag_path
from microblog.text.entities import canonical_tag
from microblog.web.context import database, viewer
from microblog.web.pages import asked_page, timeline

blueprint = Blueprint("tags", __name__)


@blueprint.get("/tags/<name>")
def show(name: str) -> ResponseReturnValue:
    """Show a tag's posts; each tag has one address."""
    canonical = canonical_tag(name)
    if canonical != name:
        return redirect(tag_path(canonical), 301)
    asked = asked_page()
    entries = timelines.tagged(database(), viewer(), canonical, asked)
    return timeline(
        "tags/show.html",
        entries,
        asked,
        active="explore",
        title=f"#{canonical}",
        page={"tag": canonical},
    )
