"""A post: writing it, its own page, deleting it."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required
from markupsafe import Markup

from microblog.domain import posts, timelines
from microblog.domain.errors import Invalid, NotFound, TooMany
from microblog.domain.paths import account_path, post_path
from microblog.text.count import MAX_CODE_POINTS
from microblog.web import limits
from microblog.web.context import database, require_viewer, viewer
from microblog.web.pages import (
    fill,
    focused_card,
    new_key,
    out_of_band_flashes,
    render,
)
from microblog.web.redirects import came_from
from microblog.web.sentences import sentence, status_words, when_again

blueprint = Blueprint("posts", __name__)


@blueprint.post("/posts")
@login_required
def create() -> ResponseReturnValue:
    """Publish what was written; sent again, it is the same post."""
    by = require_viewer()
    text = request.form.get("text", "")
    key = request.form.get("key") or None
    language = request.form.get("language") or None
    try:
        limits.check_posting()
        with database().read() as session:
            draft = posts.compose(session, text, key, language=language)
        published = database().write(lambda session: posts.publish(session, by=by, draft=draft))
    except Invalid as error:
        # A damaged key would be refused for ever; any other is still that of the same post.
        kept = None if error.code == "form_broken" else key
        return _write_again(text, language, kept, sentence(error)), 422
    except TooMany as error:
        # What they wrote is not lost for it.
        words = f"{status_words(429)[0]}. {when_again(error)}"
        retry_after = {"Retry-After": str(error.retry_after_seconds)}
        return _write_again(text, language, key, words), 429, retry_after
    if not published.is_new:
        return redirect(post_path(by.username, published.post_id), 303)
    limits.count_posting()
    flash(_("Your post is out."), "success")
    return redirect(url_for("home.show"), 303)


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


def _write_again(text: str, language: str | None, key: str | None, error: str) -> str:
    return render(
        "posts/new.html",
        active="home",
        title=_("Write a post"),
        text_value=text[:MAX_CODE_POINTS],
        language_value=language,
        submit_key=key or new_key(),
        error=error,
    )
