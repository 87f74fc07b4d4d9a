"""A post: its own page, deleting it."""

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required
from markupsafe import Markup

from microblog.domain import posts, timelines
from microblog.domain.errors import NotFound
from microblog.domain.paths import account_path, post_path
from microblog.web.context import database, require_viewer, viewer
from microblog.web.pages import fill, focused_card, out_of_band_flashes, render
from microblog.web.redirects import came_from

blueprint = Blueprint("posts", __name__)


@blueprint.get("/@<username>/<id:post_id>")
def show(username: str, post_id: int) -> ResponseReturnValue:
    """Show one post; each has one address."""
    found = focused_card(timelines.permalink(database(), viewer(), username, post_id))
    if found is None:
        raise NotFound
    card, title, author, proper_username = found
    if proper_username != username:
        return redirect(post_path(proper_username, post_id), 301)
    return fill(
        "posts/show.html",
        active="",
        title=title,
        posts=card,
        page={"author": author, "author_url": account_path(username)},
    )


@blueprint.get("/posts/<id:post_id>/delete")
@login_required
def ask_to_delete(post_id: int) -> ResponseReturnValue:
    """Ask before deleting, where no script can."""
    by = require_viewer()
    with database().read() as session:
        post = posts.get_own(session, by=by, post_id=post_id)
    return render(
        "posts/delete.html",
        title=_("Delete this post?"),
        post_id=post_id,
        post_html=Markup(post.html),  # noqa: S704 - sanitised when it was published.
        post_url=post_path(by.username, post_id),
    )


@blueprint.post("/posts/<id:post_id>/delete")
@login_required
def delete(post_id: int) -> ResponseReturnValue:
    """Delete one's own post."""
    by = require_viewer()
    database().write(lambda session: posts.delete(session, by=by, post_id=post_id))
    flash(_("The post is deleted."), "success")
    if request.headers.get("HX-Request"):
        return out_of_band_flashes()
    back = came_from()
    # Its own pages are gone with it.
    if back is None or str(post_id) in back:
        back = account_path(by.username)
    return redirect(back, 303)
