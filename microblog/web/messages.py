"""Private messages: writing to people, and what was said in a conversation."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from microblog.domain import messages
from microblog.domain.errors import Invalid, TooMany
from microblog.domain.messages import ConversationView, MessageView, Sent
from microblog.domain.pages import Page, Slice
from microblog.domain.paths import conversation_path
from microblog.ids import parse
from microblog.text.count import MAX_CODE_POINTS
from microblog.web import limits
from microblog.web.browser_session import form_token
from microblog.web.context import database, require_viewer
from microblog.web.conversing import conversation_row, message_rows
from microblog.web.pages import asked_page, new_key, render
from microblog.web.sentences import sentence, status_words, when_again

blueprint = Blueprint("messages", __name__)

# What is given back of names; ten are far shorter.
_MAX_NAMES = 500


@dataclass(frozen=True)
class Letter:
    """What somebody has written so far, as they typed it, and what was wrong with it."""

    text: str = ""
    to: str = ""
    key: str = ""
    error: str = ""
    error_at: str = ""

    @classmethod
    def sent(cls) -> "Letter":
        """Return what a form holds."""
        form = request.form
        return cls(form.get("text", ""), form.get("to", ""), form.get("key", ""))

    def refused(self, error: Invalid | TooMany) -> "Letter":
        """Return it with what is to be said at its field."""
        if isinstance(error, TooMany):
            words, at = f"{status_words(429)[0]}. {when_again(error)}", "text"
        else:
            words, at = sentence(error), error.field
        # A damaged key would be refused for ever; any other is still that of the same message.
        is_broken = isinstance(error, Invalid) and error.code == "form_broken"
        key = "" if is_broken else self.key
        return Letter(self.text[:MAX_CODE_POINTS], self.to[:_MAX_NAMES], key, words, at)


@blueprint.get("/messages/new")
@login_required
def new() -> ResponseReturnValue:
    """Show the form for a message to people; whom one talks with already leads to that."""
    letter = Letter(to=request.args.get("to", ""))
    if not letter.to.strip():
        return _write(letter)
    by = require_viewer()
    try:
        with database().read() as session:
            recipients = messages.find_recipients(session, by, letter.to)
            found = messages.find_with(session, by, [face.id for face in recipients])
    except Invalid as error:
        return _write(letter.refused(error))
    if found is not None:
        return redirect(f"{conversation_path(found)}#newest")
    return _write(letter)


@blueprint.get("/send_message/<username>")
def send_by_old_address(username: str) -> ResponseReturnValue:
    """Lead the tutorial's address of the form to ours."""
    return redirect(url_for("messages.new", to=username), 301)


@blueprint.post("/messages")
@login_required
def begin() -> ResponseReturnValue:
    """Write to people by name."""
    by, letter = require_viewer(), Letter.sent()
    try:
        limits.check_messaging(begins=True)
        with database().read() as session:
            recipients = messages.find_recipients(session, by, letter.to)
            draft = messages.compose(session, letter.text, letter.key or None)
        to = [face.id for face in recipients]
        sent = database().write(lambda s: messages.begin(s, by=by, to=to, draft=draft))
    except Invalid as error:
        return _write(letter.refused(error)), 422
    except TooMany as error:
        retry_after = {"Retry-After": str(error.retry_after_seconds)}
        return _write(letter.refused(error)), 429, retry_after
    return _go_on(sent, begins=True)


@blueprint.get("/messages/<id:conversation_id>")
@login_required
def show(conversation_id: int) -> ResponseReturnValue:
    """Show a conversation; to scripts, what is before or after what they have."""
    by, asked = require_viewer(), asked_page()
    with database().read() as session:
        conversation = messages.get_conversation(session, by, conversation_id)
        said = messages.list_messages(session, by, conversation, asked)
    if not request.headers.get("HX-Request") or asked.is_first:
        return _page(conversation, said, asked, Letter())
    return _fragment(conversation, said, asked) if said.items else ("", 204)


@blueprint.post("/messages/<id:conversation_id>")
@login_required
def send(conversation_id: int) -> ResponseReturnValue:
    """Go on in a conversation."""
    by, letter = require_viewer(), Letter.sent()
    limits.check_messaging(begins=False)
    try:
        with database().read() as session:
            draft = messages.compose(session, letter.text, letter.key or None)
        sent = database().write(
            lambda s: messages.send(s, by=by, conversation_id=conversation_id, draft=draft)
        )
    except Invalid as error:
        return _refused(conversation_id, letter.refused(error))
    return _go_on(sent, begins=False)


def _go_on(sent: Sent, *, begins: bool) -> ResponseReturnValue:
    """Count what was sent, and show it where it is."""
    if sent.is_new:
        limits.count_messaging(begins=begins)
    after = parse(request.form.get("after"))
    if not request.headers.get("HX-Request") or after is None:
        if begins:
            flash(_("Your message is sent."), "success")
        return redirect(f"{conversation_path(sent.conversation_id)}#newest", 303)
    by, asked = require_viewer(), Page(asked_page().limit, after=after)
    with database().read() as session:
        conversation = messages.get_conversation(session, by, sent.conversation_id)
        said = messages.list_messages(session, by, conversation, asked)
    return _fragment(conversation, said, asked, submit_key=new_key())


def _refused(conversation_id: int, letter: Letter) -> ResponseReturnValue:
    by, asked = require_viewer(), asked_page()
    with database().read() as session:
        conversation = messages.get_conversation(session, by, conversation_id)
        said = messages.list_messages(session, by, conversation, asked)
    if not request.headers.get("HX-Request"):
        return _page(conversation, said, asked, letter), 422
    form = render_template(
        "messages/_form.html", csrf_token=form_token(), **_form(conversation, said, letter)
    )
    where = {"HX-Retarget": "#message-form", "HX-Reswap": "outerHTML"}
    return form, 422, where


def _write(letter: Letter) -> str:
    return render(
        "messages/new.html",
        active="messages",
        title=_("Write a message"),
        letter=letter,
        submit_key=letter.key or new_key(),
    )


def _page(
    conversation: ConversationView, said: Slice[MessageView], asked: Page, letter: Letter
) -> str:
    row = conversation_row(conversation)
    return render(
        "messages/show.html",
        active="messages",
        title=row.title,
        is_live=asked.is_first,
        **_messages(conversation, said),
        **_form(conversation, said, letter),
    )


def _fragment(
    conversation: ConversationView, said: Slice[MessageView], asked: Page, submit_key: str = ""
) -> ResponseReturnValue:
    """Return what is older, with the link to what is older still; or what is newer."""
    is_newer = asked.after is not None
    return render_template(
        "messages/_more.html",
        is_newer=is_newer,
        **_messages(conversation, said),
        **{**_form(conversation, said, Letter()), "submit_key": submit_key},
    )


def _messages(conversation: ConversationView, said: Slice[MessageView]) -> dict[str, object]:
    return {
        "rows": message_rows(said.items[::-1]),
        "older_url": _beside(conversation, "before", said.older),
        "newer_url": _beside(conversation, "after", said.newer),
    }


def _form(
    conversation: ConversationView, said: Slice[MessageView], letter: Letter
) -> dict[str, object]:
    return {
        "conversation": conversation_row(conversation),
        "letter": letter,
        "newest": said.items[0].id if said.items else 0,
        "submit_key": letter.key or new_key(),
    }


def _beside(conversation: ConversationView, name: str, key: int | None) -> str:
    return f"{conversation_path(conversation.id)}?{name}={key}" if key is not None else ""
