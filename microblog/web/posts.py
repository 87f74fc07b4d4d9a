"""A post: its own page, deleting it."""

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required
from markupsafe import Markup

from microblog.domain import posts, threads
from microblog.domain.errors import NotFound
from microblog.domain.paths import account_path, post_path
from microblog.ids import parse
from microblog.web import composing
from microblog.web.context import database, require_viewer, viewer
from microblog.web.pages import fill, out_of_band_flashes, render
from microblog.web.redirects import came_from
from microblog.web.threads import ThreadPage

blueprint = Blueprint("posts", __name__)

_FORMS = ("/auth/", "/posts", "/settings/", "/setup")


@blueprint.get("/@<username>/<id:post_id>")
def show(username: str, post_id: int) -> ResponseReturnValue:
    """Show one post with the conversation around it; each post has one address."""
    by = viewer()
    focus = threads.find(database(), by, username, post_id)
    if focus.username != username:
        return redirect(post_path(focus.username, post_id), 301)
    after = parse(request.args.get("after", "0")) or 0
    is_fragment = after > 0 and "HX-Request" in request.headers
    thread = threads.read(database(), by, focus, after, is_whole=not is_fragment)
    page = ThreadPage(focus, thread, is_first=after == 0)
    if is_fragment:
        return page.below()
    found = page.focused()
    if found is None:
        raise NotFound
    filled, card = found
    return fill(
        "posts/show.html",
        active="",
        title=card.title,
        posts=filled,
        page={
            "author": card.author_name,
            "above": page.above(),
            "replies": page.replies(),
            "composer": composing.brief(by, focus) if by else b"",
            "url": post_path(username, post_id),
            "back_url": _way_back(username, post_id),
        },
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


def _way_back(username: str, post_id: int) -> str:
    """Return the page that somebody came from to a post, if it was one to read; else its author's.

    From a form they would come back to the form.
    """
    back = came_from()
    if back is None or str(post_id) in back or back.startswith(_FORMS):
        return account_path(username)
    return back
