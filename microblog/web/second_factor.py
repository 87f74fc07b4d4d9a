"""Setting up a second factor, making new recovery codes, and switching it off."""

from urllib.parse import quote

import segno
from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from microblog.domain import second_factor
from microblog.domain.errors import Conflict, Invalid
from microblog.domain.second_factor import SecondFactor
from microblog.web.addresses import origin
from microblog.web.confirmation import confirm_identity
from microblog.web.context import database, require_viewer, server
from microblog.web.forms.second_factor import ChangeForm, SetUpForm
from microblog.web.i18n import language, zone
from microblog.web.names import handle, isolated
from microblog.web.pages import render
from microblog.web.sentences import sentence
from microblog.web.times import full_date

blueprint = Blueprint("second_factor", __name__)

# With so few recovery codes left, it is time for new ones.
_FEW_CODES = 3


@blueprint.get("/settings/second-factor")
@login_required
def show() -> ResponseReturnValue:
    """Show whether the second factor is on."""
    factor = _describe()
    return render(
        "second_factor/show.html",
        active="settings",
        title=_("Second factor"),
        factor=factor,
        few_codes=_FEW_CODES,
        since=full_date(factor.since, language(), zone()) if factor.since else "",
    )


@blueprint.post("/settings/second-factor/begin")
@login_required
def begin() -> ResponseReturnValue:
    """Make a secret for an authenticator."""
    by = require_viewer()
    try:
        database().write(lambda session: second_factor.begin(session, by))
    except Conflict as error:
        return _go_back(error)
    return redirect(url_for("second_factor.new"), 303)


@blueprint.get("/settings/second-factor/new")
@login_required
def new() -> ResponseReturnValue:
    """Show the secret to an authenticator, and ask for its first code."""
    pending = _describe().pending
    if pending is None:
        return redirect(url_for("second_factor.show"), 303)
    return _set_up_form(SetUpForm(), pending)


@blueprint.post("/settings/second-factor/new")
@login_required
def create() -> ResponseReturnValue:
    """Switch the second factor on, and show the recovery codes this once."""
    by, form, pending = require_viewer(), SetUpForm(), _describe().pending
    if pending is None:
        return redirect(url_for("second_factor.show"), 303)
    if not form.validate() or not confirm_identity(form):
        return _set_up_form(form, pending), 422
    try:
        codes = database().write(
            lambda session: second_factor.switch_on(session, by, form.code.data, origin())
        )
    except Invalid as error:
        form.refuse(error)
        return _set_up_form(form, pending), 422
    except Conflict as error:
        return _go_back(error)
    return _codes(codes, by.username)


@blueprint.get("/settings/second-factor/codes")
@login_required
def ask_for_codes() -> ResponseReturnValue:
    """Ask who somebody is before their recovery codes are made anew."""
    return _change_form("second_factor/ask_for_codes.html", ChangeForm())


@blueprint.post("/settings/second-factor/codes")
@login_required
def create_codes() -> ResponseReturnValue:
    """Make new recovery codes, and show them this once."""
    by, form = require_viewer(), ChangeForm()
    if not form.validate() or not confirm_identity(form):
        return _change_form("second_factor/ask_for_codes.html", form, 422)
    try:
        codes = database().write(lambda session: second_factor.new_recovery_codes(session, by))
    except Conflict as error:
        return _go_back(error)
    return _codes(codes, by.username)


@blueprint.get("/settings/second-factor/delete")
@login_required
def ask_to_delete() -> ResponseReturnValue:
    """Ask who somebody is before their second factor is switched off."""
    return _change_form("second_factor/delete.html", ChangeForm())


@blueprint.post("/settings/second-factor/delete")
@login_required
def delete() -> ResponseReturnValue:
    """Switch the second factor off."""
    by, form = require_viewer(), ChangeForm()
    if not form.validate() or not confirm_identity(form):
        return _change_form("second_factor/delete.html", form, 422)
    database().write(lambda session: second_factor.switch_off(session, by.id, origin=origin()))
    flash(_("The second factor is off."), "success")
    return redirect(url_for("second_factor.show"), 303)


def _describe() -> SecondFactor:
    with database().read() as session:
        return second_factor.describe(session, require_viewer().id)


def _set_up_form(form: SetUpForm, secret: str) -> str:
    uri = second_factor.provisioning_uri(secret, require_viewer().username, server().name)
    return render(
        "second_factor/new.html",
        active="settings",
        title=_("Set up the second factor"),
        form=form,
        uri=uri,
        # In groups of four, as people read and type it.
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        qr_code=segno.make_qr(uri, error="m").svg_data_uri(light="#fff", omitsize=True),
    )


def _change_form(template: str, form: ChangeForm, status: int = 200) -> ResponseReturnValue:
    if not _describe().is_on:
        return redirect(url_for("second_factor.show"), 303)
    return render(template, active="settings", title=_("Second factor"), form=form), status


def _codes(codes: list[str], username: str) -> str:
    """Answer with the codes at once: nothing keeps them for a page that is opened later."""
    heading = _(
        "Recovery codes of %(handle)s at %(server)s",
        handle=handle(username),
        server=isolated(server().name),
    )
    file = "\n".join([heading, "", *codes, ""])
    return render(
        "second_factor/codes.html",
        active="settings",
        title=_("Your recovery codes"),
        heading=heading,
        codes=codes,
        file_url=f"data:text/plain;charset=utf-8,{quote(file)}",
    )


def _go_back(error: Conflict) -> ResponseReturnValue:
    flash(sentence(error), "warning")
    return redirect(url_for("second_factor.show"), 303)
