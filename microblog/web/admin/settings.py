"""The settings of the server."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from microblog.domain import administration
from microblog.domain.errors import Invalid
from microblog.domain.server import DESCRIPTION_LIMIT, NAME_LIMIT, RULES_LIMIT
from microblog.web.admin.acts import perform
from microblog.web.admin.lists import log_line
from microblog.web.admin.words import registration_mode_choices
from microblog.web.context import database, require_viewer, server
from microblog.web.forms.administration import ServerForm
from microblog.web.pages import render

blueprint = Blueprint("settings", __name__, url_prefix="/settings")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """Show what the server says of itself, for editing."""
    now = server()
    return _form(
        ServerForm(
            name=now.name,
            description=now.description,
            rules=now.rules,
            registration_mode=now.registration_mode,
        )
    )


@blueprint.post("")
def edit() -> ResponseReturnValue:
    """Change it."""
    form = ServerForm()
    try:
        perform(
            administration.edit_server,
            name=form.name.data or "",
            description=form.description.data or "",
            rules=form.rules.data or "",
            registration_mode=form.registration_mode.data or "",
        )
    except Invalid as error:
        form.refuse(error)
        return _form(form), 422
    flash(_("Saved."), "success")
    return redirect(url_for("admin.settings.show"), 303)


def _form(form: ServerForm) -> str:
    form.registration_mode.choices = registration_mode_choices()
    with database().read() as session:
        log = administration.list_log(session, by=require_viewer(), account_id=None)
    return render(
        "admin/settings.html",
        active="admin",
        section="settings",
        title=_("Server"),
        form=form,
        name_limit=NAME_LIMIT,
        description_limit=DESCRIPTION_LIMIT,
        rules_limit=RULES_LIMIT,
        log=[log_line(line) for line in log],
    )
