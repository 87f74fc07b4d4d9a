"""Making an account, or asking for one."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from microblog import capacity, passwords
from microblog.domain import accounts, identity
from microblog.domain.accounts import Registration
from microblog.domain.errors import Invalid
from microblog.domain.identity import Enrolment
from microblog.web import limits
from microblog.web.addresses import origin
from microblog.web.context import database, server, services, viewer
from microblog.web.forms.sign_in import RegistrationForm, RequestForm
from microblog.web.i18n import language_to_keep
from microblog.web.login import sign_in
from microblog.web.names import ltr
from microblog.web.pages import render

blueprint = Blueprint("registrations", __name__)


@blueprint.get("/auth/register")
def new() -> ResponseReturnValue:
    """Show the form, where there is one."""
    if viewer() is not None:
        return redirect(url_for("home.show"))
    mode = server().registration_mode
    return _closed() if mode == "closed" else _form(_make_form(mode))


@blueprint.post("/auth/register")
def create() -> ResponseReturnValue:
    """Make an account, and log its owner in when nothing is in the way."""
    capacity.refuse_when_taken()
    mode = server().registration_mode
    if mode == "closed":
        return _closed(), 403
    form = _make_form(mode)
    if not form.validate():
        return _form(form), 422
    limits.check_registration()
    try:
        enrolment = _enrol(form, mode)
    except Invalid as error:
        form.refuse(error)
        return _form(form), 422
    return _go_on(enrolment, form.username.data)


@blueprint.get("/auth/register/waiting")
def waiting() -> ResponseReturnValue:
    """Say what becomes of somebody who asked to be let in."""
    return render("registrations/waiting.html", title=_("Your request is on its way"))


def registration_of(form: RegistrationForm, role: str = "member") -> Registration:
    """Check what was typed and hash the password, outside any transaction. **Raises** Invalid."""
    username = accounts.check_username(form.username.data)
    email = accounts.canonical_email(form.email.data)
    password = accounts.check_password(form.password.data, username=username, email=email)
    return Registration(
        username, email, passwords.hash_password(password), role, locale=language_to_keep()
    )


def _make_form(mode: str) -> RegistrationForm:
    return RequestForm() if mode == "approval" else RegistrationForm()


def _enrol(form: RegistrationForm, mode: str) -> Enrolment:
    """Make what was asked for. **Raises** Invalid."""
    registration, comes_from, known = registration_of(form), origin(), services()
    limits.count_registration()
    return database().write(
        lambda session: identity.enrol(
            session,
            registration,
            mode=mode,
            reason=form.reason.data if isinstance(form, RequestForm) else "",
            mail_works=known.mailer.has_server,
            hours=known.config.CONFIRM_HOURS,
            origin=comes_from,
        )
    )


def _go_on(enrolment: Enrolment, username: str) -> ResponseReturnValue:
    if enrolment.outcome == "confirm":
        # Word for word the same for an address that somebody here has.
        return redirect(url_for("confirmations.new"), 303)
    if enrolment.outcome == "waiting" or enrolment.account_id is None:
        return redirect(url_for("registrations.waiting"), 303)
    response = redirect(url_for("home.show"), 303)
    sign_in(response, enrolment.account_id, remember=False)
    flash(_("Welcome, %(name)s!", name=ltr(username)), "success")
    return response


def _closed() -> str:
    return render("registrations/closed.html", title=_("No new accounts at the moment"))


def _form(form: RegistrationForm) -> str:
    return render(
        "registrations/new.html",
        title=_("Create an account"),
        form=form,
        reason_limit=identity.REASON_LIMIT,
    )
