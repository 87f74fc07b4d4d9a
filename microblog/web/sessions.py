"""Logging in and out."""

import logging

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for
from flask import session as browser_session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from microblog import passwords
from microblog.db import Database, DatabaseError
from microblog.domain import accounts, identity, security_log, sessions
from microblog.domain.security_log import Origin
from microblog.domain.sessions import Credentials
from microblog.web import confirmations, limits, second_steps
from microblog.web.addresses import origin
from microblog.web.context import database, login_cookie_name, services, viewer
from microblog.web.forms.sign_in import ConfirmationForm, SignInForm
from microblog.web.headers import AFTER_ANSWER
from microblog.web.login import sign_in
from microblog.web.pages import render
from microblog.web.redirects import local_path, redirect_back

blueprint = Blueprint("sessions", __name__)

logger = logging.getLogger(__name__)


@blueprint.get("/auth/login")
def new() -> ResponseReturnValue:
    """Show the form."""
    if viewer() is not None:
        return redirect_back(request.args.get("next"), url_for("home.show"))
    return _form(SignInForm())


@blueprint.post("/auth/login")
def create() -> ResponseReturnValue:
    """Log a person in."""
    form = SignInForm()
    if not form.validate():
        return _form(form), 422
    identifier, password = form.identifier.data, form.password.data
    limits.check_sign_in(identifier)
    found = _find(identifier)
    if not passwords.verify_password(found.password_hash, password):
        return _refuse(form, found.account_id)
    limits.forget_failed_sign_in(identifier)
    _renew_hash(found, password)
    return _let_in(found.account_id, remember=form.remember_me.data)


@blueprint.post("/auth/logout")
def delete() -> ResponseReturnValue:
    """Log a person out of this browser."""
    token = request.cookies.get(login_cookie_name())
    if token:
        database().write(lambda session: sessions.end(session, token))
    browser_session.clear()
    flash(_("You are logged out."), "success")
    response = redirect(url_for("explore.show"), 303)
    response.delete_cookie(
        login_cookie_name(), secure=services().config.is_https, httponly=True, samesite="Lax"
    )
    return response


def _find(identifier: str) -> Credentials:
    # Nobody's name holds control characters, and PostgreSQL takes no NUL to look up.
    name = identifier if identifier.isprintable() else ""
    with database().read() as session:
        return sessions.find_credentials(session, name)


def _refuse(form: SignInForm, account_id: int) -> Response:
    limits.count_failed_sign_in(form.identifier.data)
    form.password.errors = [_("This name and this password do not belong together.")]
    response = make_response(_form(form), 401)
    # Only when the answer is out: the time it takes must not tell whether there is such a person.
    db, tried = database(), origin()
    request.environ[AFTER_ANSWER] = True
    response.call_on_close(lambda: _record_failure(db, account_id, tried))
    return response


def _record_failure(db: Database, account_id: int, tried: Origin) -> None:
    if not account_id:
        return
    try:
        db.write(
            lambda session: security_log.record(session, "sign_in_failed", account_id, origin=tried)
        )
    except DatabaseError as error:
        logger.warning("A failed sign-in was not recorded: %s", error.orig)


def _renew_hash(found: Credentials, password: str) -> None:
    """Make the hash anew that was made with other parameters than today's."""
    old = found.password_hash
    if old is not None and passwords.needs_rehash(old):
        renewed = passwords.hash_password(password)
        database().write(lambda s: accounts.rehash_password(s, found.account_id, old, renewed))


def _let_in(account_id: int, *, remember: bool) -> ResponseReturnValue:
    """Go on with a person who knows the password; whoever is held back is told why."""
    with database().read() as session:
        standing = identity.standing(session, account_id)
    if standing != "active":
        return _held(account_id, standing), 403
    step = second_steps.begin(account_id, remember)
    if step is not None:
        return step
    response = redirect_back(request.args.get("next"), url_for("home.show"))
    sign_in(response, account_id, remember=remember)
    return response


def _held(account_id: int, standing: str) -> str:
    if standing == "unconfirmed":
        confirmations.let_ask(account_id)
    return render(
        "sessions/held.html",
        title=_("Not yet") if standing != "suspended" else _("Suspended"),
        standing=standing,
        form=ConfirmationForm(),
    )


def _form(form: SignInForm) -> str:
    return render(
        "sessions/new.html",
        title=_("Log in"),
        form=form,
        next=local_path(request.args.get("next")) or "",
    )
