"""Drafts: keeping what is written, by a button or by a script, and the list of them."""

from dataclasses import dataclass

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required
from markupsafe import Markup

from microblog.domain import drafts
from microblog.domain.drafts import DraftView, Unfinished
from microblog.domain.errors import Invalid, NotFound, TooMany
from microblog.web import limits
from microblog.web.composing import Written, again, page
from microblog.web.context import database, require_viewer
from microblog.web.pages import new_key, out_of_band_flashes, pages, render
from microblog.web.sentences import too_often
from microblog.web.skeleton import markup
from microblog.web.uploads import with_uploads

blueprint = Blueprint("drafts", __name__)

# What the list shows of a text; all of it is in the composer.
_EXCERPT = 280


@dataclass(frozen=True)
class ListedDraft:
    """A draft as the list shows it."""

    id: int
    excerpt: str
    warning: str
    visibility: str
    is_reply: bool
    pictures: int
    updated_at: Markup


@blueprint.get("/drafts")
@login_required
def index() -> ResponseReturnValue:
    """Show what one has begun to write."""
    by = require_viewer()
    with database().read() as session:
        found = drafts.list_drafts(session, by=by)
    return render(
        "drafts/index.html", active="home", title=_("Drafts"), drafts=list(map(_listed, found))
    )


@blueprint.post("/drafts")
@login_required
def save() -> ResponseReturnValue:
    """Keep what is in the composer; of one form there is one draft."""
    by, written = require_viewer(), Written.sent()
    in_background = request.accept_mimetypes.best == "application/json"
    try:
        limits.count_drafting()
        written = with_uploads(by, written)
        content = _content(written)
        kept = database().write(lambda session: drafts.save(session, by=by, content=content))
    except (Invalid, TooMany) as error:
        status = 422 if isinstance(error, Invalid) else 429
        if in_background:
            return jsonify(saved=False), status
        if isinstance(error, Invalid):
            return again(written, error), status
        return page(written, errors={"text": too_often(error)}), status
    if in_background:
        return jsonify(saved=kept is not None)
    if kept is not None:
        flash(_("Your draft is saved."), "success")
    return redirect(url_for("drafts.index"), 303)


@blueprint.get("/drafts/<id:draft_id>/delete")
@login_required
def ask_to_delete(draft_id: int) -> ResponseReturnValue:
    """Ask before deleting, where no script can."""
    by = require_viewer()
    with database().read() as session:
        found = drafts.get_draft(session, by=by, draft_id=draft_id)
    return render("drafts/delete.html", title=_("Delete this draft?"), draft=_listed(found))


@blueprint.post("/drafts/<id:draft_id>/delete")
@login_required
def delete(draft_id: int) -> ResponseReturnValue:
    """Delete one's own draft."""
    by = require_viewer()
    database().write(lambda session: drafts.discard(session, by=by, draft_id=draft_id))
    flash(_("The draft is deleted."), "success")
    if request.headers.get("HX-Request"):
        return out_of_band_flashes()
    return redirect(url_for("drafts.index"), 303)


def _content(written: Written) -> Unfinished:
    try:
        reply_to_id = written.reply_to_id
    except NotFound:
        reply_to_id = None
    return Unfinished(
        # A form without a key is kept, too, as one of its own.
        key=written.key or new_key(),
        text=written.text,
        warning=written.warning,
        visibility=written.visibility,
        language=written.language,
        reply_to_id=reply_to_id,
        attachment_ids=written.attachment_ids,
        descriptions=written.descriptions,
    )


def _listed(draft: DraftView) -> ListedDraft:
    content, moment = draft.content, pages().fragments.moment(draft.updated_at)
    text = " ".join(content.text[: 2 * _EXCERPT].split())
    return ListedDraft(
        draft.id,
        text if len(text) <= _EXCERPT else text[: _EXCERPT - 1] + "…",
        content.warning,
        content.visibility,
        content.reply_to_id is not None,
        len(content.attachment_ids),
        markup(moment),
    )
