"""Confirming an address by the link that was mailed to it."""

import time

from flask import Blueprint, flash, redirect, url_for
from flask import session as browser_session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from microblog.domain import accounts, identity, tokens
from microblog.domain.errors import Invalid, NotFound
from microblog.domain.tokens import TokenView
from microblog.web import limits, token_pages
from microblog.web.addresses import origin
from microblog.web.context import database, services, viewer
from microblog.web.forms.sign_in import ConfirmationForm
from microblog.web.names import ltr
from microblog.web.pages import render

blueprint = Blueprint("confirmations", __name__)
token_pages.init_blueprint(blueprint)

# Who has shown their password of late, in the signed cookie, and may ask for the mail once more.
_MAY_ASK = "unconfirmed"
_MAY_ASK_SECONDS = 600


@blueprint.get("/auth/confirm")
def new() -> ResponseReturnValue:
    """Say that a mail is on its way, and let it be sent again by whom it belongs to."""
    return render(
        "confirmations/new.html",
        title=_("A mail is on its way"),
        form=ConfirmationForm(),
        may_ask=_find_asking() is not None,
        hours=services().config.CONFIRM_HOURS,
    )


@blueprint.post("/auth/confirm")
def create() -> ResponseReturnValue:
    """Send the mail again."""
    account_id = _find_asking()
    if account_id is None:
        flash(_("Log in, and we send you the mail again."), "info")
        return redirect(url_for("sessions.new"), 303)
    if _may_have_another(account_id):
        hours = services().config.CONFIRM_HOURS
        database().write(lambda session: identity.request_confirmation(session, account_id, hours))
        flash(_("The mail is sent once more. Only its link works now, no earlier one."), "success")
    else:
        flash(_("We have sent you several mails already. Wait an hour, then try again."), "warning")
    return redirect(url_for("confirmations.new"), 303)


@blueprint.get("/auth/confirm/<token>")
def show(token: str) -> ResponseReturnValue:
    """Show the button that confirms; opening the link does nothing, since mail scanners do that."""
    purposes = (tokens.CONFIRM, tokens.CHANGE_EMAIL)
    try:
        with database().read() as session:
            found = tokens.look_up(session, token, purposes, services().folder.secret_key)
    except Invalid:
        return _dead(), 404
    return render(
        "confirmations/show.html",
        title=_("Confirm your address"),
        form=ConfirmationForm(),
        token=token,
        email=found.email,
        is_change=found.purpose == tokens.CHANGE_EMAIL,
    )


@blueprint.post("/auth/confirm/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """Confirm the address."""
    secret_key, comes_from = services().folder.secret_key, origin()
    try:
        found = database().write(
            lambda session: identity.confirm_email(session, token, secret_key, comes_from)
        )
    except Invalid:
        return _dead(), 404
    return _go_on(found)


def let_ask(account_id: int) -> None:
    """Let somebody ask for the mail who has given the right password, for some minutes."""
    browser_session[_MAY_ASK] = [account_id, time.time()]


def _find_asking() -> int | None:
    """Return the account that the mail may be sent to again, on behalf of this browser."""
    by = viewer()
    account_id, shown_at = browser_session.get(_MAY_ASK, (0, 0.0))
    if by is not None:
        account_id = by.id
    elif time.time() - shown_at > _MAY_ASK_SECONDS:
        return None
    try:
        with database().read() as session:
            standing = identity.standing(session, account_id)
    except NotFound:
        return None
    return account_id if standing == "unconfirmed" else None


def _may_have_another(account_id: int) -> bool:
    """Count a mail; tell whether it may be sent. **Raises** TooMany."""
    with database().read() as session:
        username = accounts.get_username(session, account_id)
    return limits.check_reset(username)


def _go_on(found: TokenView) -> ResponseReturnValue:
    browser_session.pop(_MAY_ASK, None)
    with database().read() as session:
        standing = identity.standing(session, found.account_id)
    if standing == "waiting":
        flash(_("Your address is confirmed."), "success")
        return redirect(url_for("registrations.waiting"), 303)
    if found.purpose == tokens.CHANGE_EMAIL:
        flash(
            _("From now on, mail for you goes to %(email)s.", email=ltr(found.email or "")),
            "success",
        )
    elif viewer() is None:
        flash(_("Your address is confirmed. Now log in."), "success")
    else:
        flash(_("Your address is confirmed."), "success")
    return redirect(url_for("sessions.new"), 303)


def _dead() -> str:
    return render("confirmations/dead.html", title=_("This link does not work any more"))
