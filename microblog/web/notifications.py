"""What others did that the signed-in person is told, and that they have seen it."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from microblog.domain import notifications
from microblog.domain.notifications import NotificationView
from microblog.domain.pages import Page, Slice
from microblog.ids import parse
from microblog.web.browser_session import form_token
from microblog.web.context import database, require_viewer, visit
from microblog.web.i18n import language, phrase
from microblog.web.pages import asked_page, empty, fill, pager_html, pages
from microblog.web.telling import notes_html

blueprint = Blueprint("notifications", __name__)

_READ_SLOTS = ("csrf_token", "key")


@blueprint.get("/notifications")
@login_required
def show() -> ResponseReturnValue:
    """Show everything that one is told."""
    return _show(only_talk=False)


@blueprint.get("/notifications/mentions")
@login_required
def mentions() -> ResponseReturnValue:
    """Show what others wrote to one, alone."""
    return _show(only_talk=True)


@blueprint.post("/notifications/read")
@login_required
def read() -> ResponseReturnValue:
    """Record that one has seen everything up to a key."""
    by = require_viewer()
    key = parse(request.form.get("key")) or 0
    database().write(lambda session: notifications.mark_read(session, by=by, key=key))
    if request.accept_mimetypes.best == "application/json":
        # A script, which asks by itself how much is left.
        return "", 204
    flash(_("Marked as read."), "success")
    return redirect(url_for("notifications.show"), 303)


def _show(*, only_talk: bool) -> ResponseReturnValue:
    asked = asked_page()
    by = require_viewer()
    found = notifications.list_notifications(database(), by, asked, only_talk=only_talk)
    notes = notes_html(found.items, by) or empty("notifications/show.html", asked)
    pager = pager_html(found, asked, end=phrase("You're all caught up."))
    if request.headers.get("HX-Request") and not asked.is_first:
        return notes + pager
    return fill(
        "notifications/show.html",
        active="notifications",
        title=phrase("Notifications"),
        posts=notes,
        pager=pager,
        page={"tabs": _tabs(only_talk), "read": _read_form(found, asked, only_talk=only_talk)},
    )


def _tabs(only_talk: bool) -> bytes:
    skeleton = pages().skeletons.get(
        "notifications/_tabs.html", (), locale=language(), only_talk=only_talk
    )
    return skeleton.fill({})


def _read_form(found: Slice[NotificationView], asked: Page, *, only_talk: bool) -> bytes:
    """Return the form that says one has seen all this; a script sends it where all of it is."""
    if not asked.is_first or not found.items or not visit().unread_notifications:
        return b""
    skeleton = pages().skeletons.get(
        "notifications/_read.html", _READ_SLOTS, locale=language(), by_itself=not only_talk
    )
    newest = b"%d" % found.items[0].key
    return skeleton.fill({"csrf_token": form_token().encode(), "key": newest})
