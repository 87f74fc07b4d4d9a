"""Editing a post, and deleting it to write it anew."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required
from markupsafe import Markup

from microblog.domain import drafts, posts
from microblog.domain.errors import Invalid, TooMany
from microblog.domain.paths import post_path
from microblog.domain.posts import Draft, PostView, Reminder
from microblog.domain.viewer import Viewer
from microblog.text.languages import detect
from microblog.web import limits
from microblog.web.composing import Written, edit_page
from microblog.web.context import database, require_viewer
from microblog.web.pages import render
from microblog.web.sentences import sentence, too_often
from microblog.web.uploads import with_uploads

blueprint = Blueprint("editing", __name__)


@blueprint.get("/posts/<id:post_id>/edit")
@login_required
def edit(post_id: int) -> ResponseReturnValue:
    """Show the composer with a post of one's own in it."""
    return edit_page(post_id, _written(_own(require_viewer(), post_id)))


@blueprint.post("/posts/<id:post_id>/edit")
@login_required
def update(post_id: int) -> ResponseReturnValue:
    """Change one's own post; sent again, it is as it is."""
    by, written = require_viewer(), Written.sent()
    _own(by, post_id)
    try:
        limits.check_posting()
        written = with_uploads(by, written)
        draft, reminders = _compose(by, written)
        if reminders and "anyway" not in request.form:
            return edit_page(post_id, written, reminders=reminders), 422
        changed = database().write(
            lambda session: posts.edit(session, by=by, post_id=post_id, draft=draft)
        )
    except Invalid as error:
        return edit_page(post_id, written, errors={error.field: sentence(error)}), 422
    except TooMany as error:
        retry_after = {"Retry-After": str(error.retry_after_seconds)}
        return edit_page(post_id, written, errors={"text": too_often(error)}), 429, retry_after
    if changed:
        limits.count_posting()
        flash(_("Your changes are saved."), "success")
    return redirect(f"{post_path(by.username, post_id)}#post-{post_id}", 303)


@blueprint.get("/posts/<id:post_id>/redraft")
@login_required
def ask_to_redraft(post_id: int) -> ResponseReturnValue:
    """Ask before deleting a post to write it anew."""
    post = _own(require_viewer(), post_id)
    return render(
        "posts/redraft.html",
        title=_("Delete and redraft this post?"),
        post_id=post_id,
        post_html=Markup(post.html),  # noqa: S704 - sanitised when it was published.
        post_url=post_path(post.author.username, post_id),
    )


@blueprint.post("/posts/<id:post_id>/redraft")
@login_required
def redraft(post_id: int) -> ResponseReturnValue:
    """Delete one's own post, and go on with what it says in the composer."""
    by = require_viewer()
    try:
        draft_id = database().write(lambda session: drafts.redraft(session, by=by, post_id=post_id))
    except Invalid as error:
        flash(sentence(error), "warning")
        return redirect(url_for("drafts.index"), 303)
    flash(_("The post is deleted. Here is what it said."), "success")
    return redirect(url_for("composer.new", draft=draft_id), 303)


def _own(by: Viewer, post_id: int) -> PostView:
    with database().read() as session:
        return posts.get_own(session, by=by, post_id=post_id)


def _written(post: PostView) -> Written:
    # What the text told is told by it anew.
    language = None if post.language == detect(post.text) else post.language
    return Written(
        post.text,
        post.warning,
        post.visibility,
        language,
        attachment_ids=tuple(picture.id for picture in post.pictures),
    )


def _compose(by: Viewer, written: Written) -> tuple[Draft, list[Reminder]]:
    with database().read() as session:
        draft = posts.compose(
            session,
            written.text,
            language=written.language,
            warning=written.warning,
            visibility=written.visibility,
            attachment_ids=written.attachment_ids,
            descriptions=written.descriptions,
        )
        return draft, posts.remind(session, by=by, draft=draft)
