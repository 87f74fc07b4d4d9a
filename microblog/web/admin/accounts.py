"""The people of this server, and what can be done about one."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from microblog.domain import administration
from microblog.domain.viewer import ADMIN
from microblog.web.admin.acts import perform
from microblog.web.admin.lists import beside, log_line, moment
from microblog.web.admin.words import state_choices
from microblog.web.context import database, require_viewer, services, viewer
from microblog.web.faces import avatar_url
from microblog.web.names import handle
from microblog.web.pages import asked_page, render

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")

# What the list can be asked for; whatever else an address holds is a mistake.
_ASKED = {"q", "state", "before", "after"}


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Show people, the newest first, and the form that looks for some of them."""
    search, state = request.args.get("q", "").strip(), request.args.get("state", "")
    if not set(request.args) <= _ASKED or state not in ("", *administration.STATES):
        raise BadRequest
    asked = asked_page()
    with database().read() as session:
        found = administration.list_accounts(
            session, by=require_viewer(), page=asked, search=search, state=state
        )
    return render(
        "admin/accounts.html",
        active="admin",
        section="accounts",
        title=_("Accounts"),
        accounts=found.items,
        search=search,
        state=state,
        states=state_choices(),
        is_first=asked.is_first,
        avatar_url=avatar_url,
        moment=moment,
        **beside(found, {"q": search, "state": state}),
    )


@blueprint.get("/<id:account_id>")
def show(account_id: int) -> ResponseReturnValue:
    """Show one person with what happened to the account."""
    by = require_viewer()
    with database().read() as session:
        account = administration.get_account(session, by=by, account_id=account_id)
        log = administration.list_log(session, by=by, account_id=account_id)
    return render(
        "admin/account.html",
        active="admin",
        section="accounts",
        title=handle(account.username),
        account=account,
        is_self=account.id == by.id,
        is_account_admin=account.role == ADMIN,
        avatar=avatar_url(account.id, account.avatar),
        log=[log_line(line) for line in log],
        moment=moment,
    )


@blueprint.post("/<id:account_id>/suspend")
def suspend(account_id: int) -> ResponseReturnValue:
    """Hide a person and their pictures."""
    for file in perform(administration.suspend, account_id=account_id):
        services().storage.hide(file)
    flash(_("The account is suspended."), "success")
    return _back(account_id)


@blueprint.post("/<id:account_id>/restore")
def restore(account_id: int) -> ResponseReturnValue:
    """Bring a person and their pictures back."""
    for file in perform(administration.restore, account_id=account_id):
        services().storage.reveal(file)
    flash(_("The account is back."), "success")
    return _back(account_id)


@blueprint.post("/<id:account_id>/promote")
def promote(account_id: int) -> ResponseReturnValue:
    """Make a person an admin."""
    perform(administration.promote, account_id=account_id)
    flash(_("This person is an admin now."), "success")
    return _back(account_id)


@blueprint.post("/<id:account_id>/demote")
def demote(account_id: int) -> ResponseReturnValue:
    """Make an admin a member."""
    perform(administration.demote, account_id=account_id)
    by = viewer()
    if by is not None and by.id == account_id:
        flash(_("You are no admin any more."), "success")
        return redirect(url_for("home.show"), 303)
    flash(_("This person is no admin any more."), "success")
    return _back(account_id)


@blueprint.post("/<id:account_id>/reset-second-factor")
def reset_second_factor(account_id: int) -> ResponseReturnValue:
    """Let a person log in without a code."""
    perform(administration.reset_second_factor, account_id=account_id)
    flash(_("No code is asked for at this account any more."), "success")
    return _back(account_id)


def _back(account_id: int) -> ResponseReturnValue:
    return redirect(url_for("admin.accounts.show", account_id=account_id), 303)
