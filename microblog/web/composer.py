"""Writing: the composer for a post, an answer, and a word to somebody."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from microblog.domain import drafts, posts
from microblog.domain.errors import Invalid, NotFound, TooMany
from microblog.domain.paths import post_path
from microblog.domain.posts import Draft, Published, Reminder
from microblog.domain.viewer import Viewer
from microblog.ids import parse
from microblog.web import limits
from microblog.web.composing import Written, again, page
from microblog.web.context import database, require_viewer
from microblog.web.sentences import too_often
from microblog.web.uploads import with_uploads

blueprint = Blueprint("composer", __name__)


@blueprint.get("/posts/new")
@login_required
def new() -> ResponseReturnValue:
    """Show the composer; a link to it may bring a draft, a text, or what is answered."""
    by = require_viewer()
    text, reply_to = request.args.get("text", ""), request.args.get("reply_to", "")
    if draft := request.args.get("draft"):
        return _go_on(by, parse(draft) or 0)
    if reply_to:
        asked = Written(reply_to=reply_to).reply_to_id
        return _reply(by, asked or 0, text)
    return page(Written(text=text, visibility=by.default_visibility))


@blueprint.get("/posts/<id:post_id>/reply")
@login_required
def reply(post_id: int) -> ResponseReturnValue:
    """Show the composer below the post that is answered."""
    return _reply(require_viewer(), post_id)


@blueprint.post("/posts")
@login_required
def create() -> ResponseReturnValue:
    """Publish what was written; sent again, it is the same post."""
    by, written = require_viewer(), Written.sent()
    try:
        limits.check_posting()
        written = with_uploads(by, written)
        draft, reminders = _compose(by, written)
        if reminders and "anyway" not in request.form:
            return page(written, reminders=reminders), 422
        published = database().write(lambda session: posts.publish(session, by=by, draft=draft))
    except Invalid as error:
        return again(written, error), 422
    except NotFound:
        # What they wrote is not lost with what they answered.
        words = _("What you answer is not there any more. You can post this by itself.")
        return page(written, errors={"text": words}), 404
    except TooMany as error:
        retry_after = {"Retry-After": str(error.retry_after_seconds)}
        return page(written, errors={"text": too_often(error)}), 429, retry_after
    return _lead_on(by, draft, published)


def _go_on(by: Viewer, draft_id: int) -> str:
    with database().read() as session:
        draft = drafts.get_draft(session, by=by, draft_id=draft_id)
    return page(Written.kept(draft.content))


def _reply(by: Viewer, post_id: int, text: str = "") -> str:
    with database().read() as session:
        begun = posts.begin_reply(session, by=by, post_id=post_id)
    return page(
        Written(
            text=text or begun.text,
            warning=begun.warning,
            visibility=begun.visibility,
            reply_to=str(post_id),
        )
    )


def _compose(by: Viewer, written: Written) -> tuple[Draft, list[Reminder]]:
    with database().read() as session:
        draft = posts.compose(
            session,
            written.text,
            written.key or None,
            language=written.language,
            warning=written.warning,
            visibility=written.visibility,
            reply_to_id=written.reply_to_id,
            attachment_ids=written.attachment_ids,
            descriptions=written.descriptions,
        )
        return draft, posts.remind(session, by=by, draft=draft)


def _lead_on(by: Viewer, draft: Draft, published: Published) -> ResponseReturnValue:
    """Lead home after a post, into the conversation after an answer."""
    own_page = post_path(by.username, published.post_id)
    if not published.is_new:
        return redirect(own_page, 303)
    limits.count_posting()
    if draft.reply_to_id is not None:
        flash(_("Your reply is out."), "success")
        return redirect(f"{own_page}#post-{published.post_id}", 303)
    flash(_("Your post is out."), "success")
    return redirect(url_for("home.show"), 303)
