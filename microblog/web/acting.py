"""Boosting, favouriting and bookmarking posts by the buttons of their cards, and their menus."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required
from markupsafe import Markup

from microblog.domain import posts, timelines
from microblog.domain.errors import Invalid
from microblog.domain.paths import post_path
from microblog.web import limits
from microblog.web.context import database, require_viewer
from microblog.web.names import isolated
from microblog.web.pages import acts_html, out_of_band_flashes, render
from microblog.web.redirects import came_from
from microblog.web.sentences import sentence

blueprint = Blueprint("acting", __name__)

_BUTTONS: dict[str, Callable[..., bool]] = {
    "boost": posts.boost,
    "favourite": posts.favourite,
    "bookmark": posts.bookmark,
}
_BUTTONS_BACK: dict[str, Callable[..., bool]] = {
    "unboost": posts.unboost,
    "unfavourite": posts.unfavourite,
    "unbookmark": posts.unbookmark,
}
# With what is said when it is done: nothing on the card tells.
_ITEMS: dict[str, tuple[Callable[..., bool], Any]] = {
    "pin": (posts.pin, _l("The post stands on top of your profile now.")),
    "unpin": (posts.unpin, _l("The post does not stand on top of your profile any more.")),
    "mute": (posts.mute_thread, _l("You will hear no more of this conversation.")),
    "unmute": (posts.unmute_thread, _l("You will hear of this conversation again.")),
}


@blueprint.post(f"/posts/<id:post_id>/<any({','.join(_BUTTONS)}):verb>")
@login_required
def act(post_id: int, verb: str) -> ResponseReturnValue:
    """Do something with a post."""
    by = require_viewer()
    limits.count_acting()
    database().write(lambda session: _BUTTONS[verb](session, by=by, post_id=post_id))
    return _button(post_id, verb)


@blueprint.post(f"/posts/<id:post_id>/<any({','.join(_BUTTONS_BACK)}):verb>")
@login_required
def undo(post_id: int, verb: str) -> ResponseReturnValue:
    """Take back what one did with a post."""
    by = require_viewer()
    database().write(lambda session: _BUTTONS_BACK[verb](session, by=by, post_id=post_id))
    return _button(post_id, verb.removeprefix("un"))


@blueprint.get("/posts/<id:post_id>/menu")
@login_required
def menu(post_id: int) -> ResponseReturnValue:
    """Show what else can be done with a post: a page, or for a script the menu alone."""
    by = require_viewer()
    with database().read() as session:
        choices = posts.get_choices(session, by=by, post_id=post_id)
    post = choices.post
    shown: dict[str, Any] = {
        "choices": choices,
        "post_url": post_path(post.author.username, post_id),
    }
    if request.headers.get("HX-Request"):
        return render_template("posts/_menu.html", in_place=True, **shown)
    return render(
        "posts/menu.html",
        title=_("Post by %(name)s", name=isolated(post.author.name)),
        post_html=Markup(post.html),  # noqa: S704 - sanitised when it was published.
        **shown,
    )


@blueprint.post(f"/posts/<id:post_id>/<any({','.join(_ITEMS)}):verb>")
@login_required
def choose(post_id: int, verb: str) -> ResponseReturnValue:
    """Do what an item of the menu says."""
    by = require_viewer()
    limits.count_acting()
    choice, message = _ITEMS[verb]
    try:
        database().write(lambda session: choice(session, by=by, post_id=post_id))
        flash(str(message), "success")
    except Invalid as error:
        flash(sentence(error), "warning")
    if request.headers.get("HX-Request"):
        return out_of_band_flashes()
    return _back_to(post_id)


def _button(post_id: int, name: str) -> ResponseReturnValue:
    """Answer with one of the post's buttons as it is now, or lead back to the post."""
    if request.headers.get("HX-Request"):
        html = acts_html(timelines.entry_of(database(), require_viewer(), post_id))
        # Of the row that one button alone: the others may have been pressed meanwhile.
        return html, {"HX-Reselect": f"#{name}-{post_id}"}
    return _back_to(post_id)


def _back_to(post_id: int) -> ResponseReturnValue:
    """Lead back to a post, where one came from or on its own page."""
    back = came_from()
    if back is None or back.startswith(f"/posts/{post_id}/"):
        with database().read() as session:
            username = posts.get_view(session, require_viewer(), post_id).author.username
        back = post_path(username, post_id)
    return redirect(f"{back}#post-{post_id}", 303)
