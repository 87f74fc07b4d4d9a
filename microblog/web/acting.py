"""Boosting, favouriting and bookmarking posts by the buttons of their cards."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from microblog.domain import posts, timelines
from microblog.domain.paths import post_path
from microblog.web import limits
from microblog.web.context import database, require_viewer
from microblog.web.pages import acts_html
from microblog.web.redirects import came_from

blueprint = Blueprint("acting", __name__)

_ACTS = {"boost": posts.boost, "favourite": posts.favourite, "bookmark": posts.bookmark}
_UNDONE = {
    "unboost": posts.unboost,
    "unfavourite": posts.unfavourite,
    "unbookmark": posts.unbookmark,
}


@blueprint.post(f"/posts/<id:post_id>/<any({','.join(_ACTS)}):verb>")
@login_required
def act(post_id: int, verb: str) -> ResponseReturnValue:
    """Do something with a post."""
    by = require_viewer()
    limits.count_acting()
    database().write(lambda session: _ACTS[verb](session, by=by, post_id=post_id))
    return _answer(post_id)


@blueprint.post(f"/posts/<id:post_id>/<any({','.join(_UNDONE)}):verb>")
@login_required
def undo(post_id: int, verb: str) -> ResponseReturnValue:
    """Take back what one did with a post."""
    by = require_viewer()
    database().write(lambda session: _UNDONE[verb](session, by=by, post_id=post_id))
    return _answer(post_id)


def _answer(post_id: int) -> ResponseReturnValue:
    """Answer with the post's buttons as they are now, or lead back to the post."""
    if request.headers.get("HX-Request"):
        return acts_html(timelines.entry_of(database(), require_viewer(), post_id))
    back = came_from()
    if back is None:
        with database().read() as session:
            username = posts.get_view(session, require_viewer(), post_id).author.username
        back = post_path(username, post_id)
    return redirect(f"{back}#post-{post_id}", 303)
