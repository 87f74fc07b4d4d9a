"""Where one is logged in, what happened to one's account, and the second factor."""

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from microblog.domain import second_factor, security_log, sessions
from microblog.domain.security_log import LogEntry
from microblog.domain.sessions import SessionView
from microblog.text.agents import recognise
from microblog.web import networks
from microblog.web.activity import entry_words
from microblog.web.addresses import origin
from microblog.web.context import database, idle_life, require_viewer, visit
from microblog.web.pages import pages, render
from microblog.web.skeleton import markup

blueprint = Blueprint("security_settings", __name__)


@blueprint.get("/settings/security")
@login_required
def show() -> ResponseReturnValue:
    """Show where one is logged in and what happened of late."""
    by, current_id = require_viewer(), visit().session_id
    with database().read() as session:
        has_second_factor = second_factor.is_on(session, by.id)
        places = sessions.list_sessions(session, by.id, current_id, idle_life=idle_life())
        entries = security_log.list_for(session, by.id)
    return render(
        "settings/security.html",
        active="settings",
        title=_("Security"),
        section="security",
        has_second_factor=has_second_factor,
        places=[_place(view) for view in places],
        entries=[_entry(entry) for entry in entries],
    )


@blueprint.post("/settings/security/sessions/<id:id_>/end")
@login_required
def end(id_: int) -> ResponseReturnValue:
    """Log out another browser of one's own."""
    by, comes_from = require_viewer(), origin()
    ended = database().write(lambda session: sessions.end_one(session, by, id_, comes_from))
    flash(_("Logged out there.") if ended else _("That one was logged out already."), "success")
    return redirect(url_for("security_settings.show"), 303)


@blueprint.post("/settings/security/sessions/end-others")
@login_required
def end_others() -> ResponseReturnValue:
    """Log out everywhere but here."""
    by, keep_id, comes_from = require_viewer(), visit().session_id, origin()
    database().write(lambda session: sessions.end_others(session, by, keep_id, comes_from))
    flash(_("You are logged out everywhere but here."), "success")
    return redirect(url_for("security_settings.show"), 303)


def _place(view: SessionView) -> dict[str, Any]:
    return {
        "id": view.id,
        "device": view.device,
        "network": networks.describe(view.address_prefix),
        "began": markup(pages().fragments.moment(view.created_at)),
        "last_used": markup(pages().fragments.moment(view.last_used_at)),
        "is_current": view.is_current,
    }


def _entry(entry: LogEntry) -> dict[str, Any]:
    return {
        "words": entry_words(entry),
        # What an admin did says nothing of where they were.
        "is_own": entry.actor_id is None,
        "device": recognise(entry.agent),
        "network": networks.describe(entry.address_prefix),
        "at": markup(pages().fragments.moment(entry.created_at)),
    }
