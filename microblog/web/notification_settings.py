"""What somebody wants to be told, on the page and by mail."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from microblog.domain import notifications
from microblog.domain.errors import Invalid
from microblog.domain.notifications import (
    BOOST,
    FAVOURITE,
    FOLLOW,
    FOLLOW_REQUEST,
    MENTION,
    MESSAGE,
    REPLY,
)
from microblog.web.context import database, require_viewer
from microblog.web.forms.settings import NotificationsForm
from microblog.web.pages import render

blueprint = Blueprint("notification_settings", __name__)


@blueprint.get("/settings/notifications")
@login_required
def show() -> ResponseReturnValue:
    """Show what one is told."""
    by = require_viewer()
    with database().read() as session:
        choice = notifications.get_choice(session, by)
    return _show(NotificationsForm(on_page=choice.on_page, by_mail=choice.by_mail))


@blueprint.post("/settings/notifications")
@login_required
def choose() -> ResponseReturnValue:
    """Change what one is told."""
    by, form = require_viewer(), NotificationsForm()
    _offer_choices(form)
    if not form.validate():
        return _show(form), 422
    on_page, by_mail = form.on_page.data or (), form.by_mail.data or ()
    try:
        database().write(lambda s: notifications.choose(s, by=by, on_page=on_page, by_mail=by_mail))
    except Invalid as error:
        form.refuse(error)
        return _show(form), 422
    flash(_("Saved."), "success")
    return redirect(url_for("notification_settings.show"), 303)


def _show(form: NotificationsForm) -> str:
    _offer_choices(form)
    with database().read() as session:
        has_address = notifications.get_choice(session, require_viewer()).has_address
    return render(
        "settings/notifications.html",
        active="settings",
        title=_("Notifications"),
        form=form,
        section="notifications",
        kinds=[*_kinds(), *_mailed_kinds()],
        on_page_kinds=[kind for kind, _label in _kinds()],
        has_address=has_address,
    )


def _offer_choices(form: NotificationsForm) -> None:
    form.on_page.choices = _kinds()
    form.by_mail.choices = [*_kinds(), *_mailed_kinds()]


def _kinds() -> list[tuple[str, str]]:
    """Return the kinds, with what each tells of."""
    return [
        (MENTION, _("Somebody mentions you")),
        (REPLY, _("Somebody replies to you")),
        (FAVOURITE, _("Somebody favourites a post of yours")),
        (BOOST, _("Somebody boosts a post of yours")),
        (FOLLOW, _("Somebody follows you")),
        (FOLLOW_REQUEST, _("Somebody asks to follow you")),
    ]


def _mailed_kinds() -> list[tuple[str, str]]:
    """Return what is told by mail and has a page of its own."""
    return [(MESSAGE, _("Somebody writes to you in private"))]
