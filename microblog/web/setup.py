"""The first minute of a server: naming it and making its first admin."""

import hashlib
import hmac
import ipaddress
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from microblog.domain import server
from microblog.domain.errors import Conflict, Invalid
from microblog.domain.viewer import ADMIN
from microblog.web.context import database, services, visit
from microblog.web.forms.sign_in import SetupForm
from microblog.web.i18n import language, text_direction
from microblog.web.login import sign_in
from microblog.web.registrations import registration_of
from microblog.web.sentences import sentence

blueprint = Blueprint("setup", __name__)

_CODE_LENGTH = 10
_FORWARDING_HEADERS = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")


def setup_code(secret_key: str) -> str:
    """Return what a visitor from elsewhere must know to set up this server."""
    digest = hmac.new(secret_key.encode(), b"setup code", hashlib.sha256).hexdigest()
    return digest[:_CODE_LENGTH]


@blueprint.get("/setup")
def new() -> ResponseReturnValue:
    """Show the form to the first visitor."""
    if visit().server_version is not None:
        return redirect(url_for("home.show"))
    return _form(SetupForm())


@blueprint.post("/setup")
def create() -> ResponseReturnValue:
    """Set up the server and log its admin in."""
    if visit().server_version is not None:
        flash(sentence(Conflict("already_set_up")), "warning")
        return redirect(url_for("sessions.new"), 303)
    form = SetupForm()
    if not form.validate():
        return _form(form), 422
    try:
        _check_code(form.code.data or "")
        admin = registration_of(form, ADMIN)
        account_id = database().write(
            lambda session: server.set_up(
                session,
                name=form.name.data,
                description=form.description.data or "",
                admin=admin,
                registration_mode=_first_mode(),
            )
        )
    except Invalid as error:
        form.refuse(error)
        return _form(form), 422
    response = redirect(url_for("home.show"), 303)
    sign_in(response, account_id, remember=False)
    flash(_("Your server is ready. Write the first post!"), "success")
    return response


def _check_code(code: str) -> None:
    expected = setup_code(services().folder.secret_key)
    if _asks_for_code() and not hmac.compare_digest(code.strip().encode(), expected.encode()):
        raise Invalid("code", "code_wrong")


def _asks_for_code() -> bool:
    """Tell whether the visitor may be anybody: not at this very machine, or behind a proxy."""
    try:
        is_loopback = ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        is_loopback = False
    return not is_loopback or any(name in request.headers for name in _FORWARDING_HEADERS)


def _first_mode() -> str:
    """Return who may make accounts until an admin says otherwise: on one's own machine, anybody."""
    host = urlsplit(services().config.public_url).hostname or ""
    try:
        is_loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = host == "localhost" or host.endswith(".localhost")
    return "open" if is_loopback else "approval"


def _form(form: SetupForm) -> str:
    tongue = language()
    return render_template(
        "setup/new.html",
        title=_("Set up your server"),
        form=form,
        asks_for_code=_asks_for_code(),
        locale=tongue,
        text_direction=text_direction(tongue),
    )
