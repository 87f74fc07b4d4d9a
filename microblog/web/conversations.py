"""One's conversations: the list, the requests of strangers, and what one does with one of them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from microblog.domain import messages
from microblog.domain.errors import NotAllowed
from microblog.domain.paths import conversation_path
from microblog.ids import parse
from microblog.web.context import database, require_viewer
from microblog.web.conversing import ConversationRow, conversation_row
from microblog.web.pages import asked_page, pager_html, render
from microblog.web.skeleton import markup

blueprint = Blueprint("conversations", __name__)


@blueprint.get("/messages")
@login_required
def index() -> ResponseReturnValue:
    """Show one's conversations."""
    return _list(_("Messages"), requests=False)


@blueprint.get("/messages/requests")
@login_required
def requests() -> ResponseReturnValue:
    """Show what strangers have written, which waits to be let in."""
    return _list(_("Requests"), requests=True)


@blueprint.post("/messages/<id:conversation_id>/read")
@login_required
def read(conversation_id: int) -> ResponseReturnValue:
    """Record that one has read up to a message."""
    by, message_id = require_viewer(), parse(request.form.get("message")) or 0
    database().write(
        lambda session: messages.mark_read(
            session, by=by, conversation_id=conversation_id, message_id=message_id
        )
    )
    if request.headers.get("HX-Request"):
        return "", 204
    return redirect(conversation_path(conversation_id), 303)


@blueprint.post("/messages/<id:conversation_id>/accept")
@login_required
def accept(conversation_id: int) -> ResponseReturnValue:
    """Let a stranger's conversation in."""
    by = require_viewer()
    database().write(
        lambda session: messages.accept(session, by=by, conversation_id=conversation_id)
    )
    flash(_("The conversation is among your messages now."), "success")
    return redirect(conversation_path(conversation_id), 303)


@blueprint.get("/messages/<id:conversation_id>/delete")
@login_required
def ask_to_delete(conversation_id: int) -> ResponseReturnValue:
    """Ask before deleting, where no script can."""
    conversation = _conversation(conversation_id)
    return render(
        "messages/delete.html",
        active="messages",
        title=_("Delete this conversation?"),
        conversation=conversation,
    )


@blueprint.post("/messages/<id:conversation_id>/delete")
@login_required
def delete(conversation_id: int) -> ResponseReturnValue:
    """Delete a conversation for oneself."""
    by, was_request = require_viewer(), _conversation(conversation_id).is_request
    database().write(
        lambda session: messages.clear(session, by=by, conversation_id=conversation_id)
    )
    flash(_("The conversation is deleted."), "success")
    return redirect(url_for(f"conversations.{'requests' if was_request else 'index'}"), 303)


@blueprint.get("/messages/<id:conversation_id>/leave")
@login_required
def ask_to_leave(conversation_id: int) -> ResponseReturnValue:
    """Ask before leaving, where no script can."""
    conversation = _conversation(conversation_id)
    if not conversation.is_of_several:
        raise NotAllowed
    return render(
        "messages/leave.html",
        active="messages",
        title=_("Leave this conversation?"),
        conversation=conversation,
    )


@blueprint.post("/messages/<id:conversation_id>/leave")
@login_required
def leave(conversation_id: int) -> ResponseReturnValue:
    """Leave a conversation of several."""
    by = require_viewer()
    database().write(
        lambda session: messages.leave(session, by=by, conversation_id=conversation_id)
    )
    flash(_("You have left the conversation."), "success")
    return redirect(url_for("conversations.index"), 303)


def _conversation(conversation_id: int) -> ConversationRow:
    with database().read() as session:
        view = messages.get_conversation(session, require_viewer(), conversation_id)
    return conversation_row(view)


def _list(title: str, *, requests: bool) -> ResponseReturnValue:
    by, asked = require_viewer(), asked_page()
    with database().read() as session:
        found = messages.list_conversations(session, by, asked, requests=requests)
        waiting = messages.count_requests(session, by)
    rows = [conversation_row(view) for view in found.items]
    page = {"rows": rows, "pager": markup(pager_html(found, asked))}
    if request.headers.get("HX-Request") and not asked.is_first:
        return render_template("messages/_conversations.html", **page)
    return render(
        "messages/index.html",
        active="messages",
        title=title,
        section="requests" if requests else "messages",
        waiting=waiting,
        is_first=asked.is_first,
        **page,
    )
