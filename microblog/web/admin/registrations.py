"""Registrations that wait for an admin."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from microblog.domain import administration
from microblog.web.admin.acts import perform
from microblog.web.admin.lists import beside, moment
from microblog.web.context import database, require_viewer
from microblog.web.names import handle
from microblog.web.pages import asked_page, render

blueprint = Blueprint("registrations", __name__, url_prefix="/registrations")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Show who would like to be let in, and why."""
    asked = asked_page()
    with database().read() as session:
        found = administration.list_waiting(session, by=require_viewer(), page=asked)
    return render(
        "admin/registrations.html",
        active="admin",
        section="registrations",
        title=_("Registrations"),
        waiting=found.items,
        is_first=asked.is_first,
        moment=moment,
        **beside(found),
    )


@blueprint.post("/<id:account_id>/accept")
def accept(account_id: int) -> ResponseReturnValue:
    """Let somebody in."""
    username = perform(administration.accept, account_id=account_id)
    flash(_("%(handle)s can log in now, and is told by mail.", handle=handle(username)), "success")
    return redirect(url_for("admin.registrations.index"), 303)


@blueprint.post("/<id:account_id>/refuse")
def refuse(account_id: int) -> ResponseReturnValue:
    """Do not let somebody in."""
    username = perform(administration.refuse, account_id=account_id)
    flash(_("%(handle)s is refused, and is told by mail.", handle=handle(username)), "success")
    return redirect(url_for("admin.registrations.index"), 303)
