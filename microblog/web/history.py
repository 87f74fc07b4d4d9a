"""How a post was before."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from microblog.domain import posts
from microblog.domain.errors import NotFound
from microblog.domain.paths import post_path
from microblog.domain.posts import Version
from microblog.text.differences import Part
from microblog.web.context import database, viewer
from microblog.web.names import isolated
from microblog.web.pages import pages, render
from microblog.web.skeleton import markup

blueprint = Blueprint("history", __name__)


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A version of a post as the template shows it."""

    moment: Markup
    text: Sequence[Part]
    warning: Sequence[Part]
    descriptions: Sequence[Sequence[Part]]


@blueprint.get("/@<username>/<id:post_id>/history")
def show(username: str, post_id: int) -> ResponseReturnValue:
    """Show every version of a post, the newest first, with what changed."""
    with database().read() as session:
        found = posts.get_history(session, viewer(), post_id)
    author = found.post.author
    if author.username.lower() != username.lower():
        raise NotFound
    url = post_path(author.username, post_id)
    if author.username != username:
        return redirect(f"{url}/history", 301)
    return render(
        "posts/history.html",
        title=_("History of a post by %(name)s", name=isolated(author.name)),
        post_url=url,
        versions=list(map(_shown, found.versions)),
    )


def _shown(version: Version) -> ShownVersion:
    moment = markup(pages().fragments.moment(version.written_at))
    return ShownVersion(moment, version.text, version.warning, version.descriptions)
