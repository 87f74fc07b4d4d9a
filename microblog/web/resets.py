"""Setting a new password when the old one is forgotten, by a link in a mail."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from microblog import capacity, passwords
from microblog.domain import accounts, identity, tokens
from microblog.domain.errors import Invalid
from microblog.web import limits, token_pages
from microblog.web.addresses import origin
from microblog.web.context import database, services
from microblog.web.forms.sign_in import ForgottenForm, ResetForm
from microblog.web.pages import render

blueprint = Blueprint("resets", __name__)
token_pages.init_blueprint(blueprint)


@dataclass(frozen=True)
class Owner:
    """Whose password it is, and what it must not be made of."""

    id: int
    username: str
    email: str


@blueprint.get("/auth/reset")
def new() -> ResponseReturnValue:
    """Ask whose password it is."""
    return _request_form(ForgottenForm())


@blueprint.post("/auth/reset")
def create() -> ResponseReturnValue:
    """Have a mail sent; the answer and its time are the same whether or not there is anybody."""
    form = ForgottenForm()
    if not form.validate():
        return _request_form(form), 422
    # Who had too many mails gets no further one, for which as much is done: nobody's is asked for.
    identifier = form.identifier.data if limits.check_reset(form.identifier.data) else ""
    database().write(lambda session: identity.request_reset(session, identifier))
    return redirect(url_for("resets.sent"), 303)


@blueprint.get("/auth/reset/sent")
def sent() -> ResponseReturnValue:
    """Say what happens next, to everybody alike."""
    return render(
        "resets/sent.html",
        title=_("Look into your mail"),
        minutes=services().config.RESET_MINUTES,
        mail_works=services().mailer.has_server,
    )


@blueprint.get("/auth/reset/<token>")
def edit(token: str) -> ResponseReturnValue:
    """Show the form; opening the link does nothing, since mail scanners do that too."""
    try:
        owner = _find_owner(token)
    except Invalid:
        return _dead(), 404
    return _form(ResetForm(), token, owner)


@blueprint.post("/auth/reset/<token>")
def update(token: str) -> ResponseReturnValue:
    """Set the new password."""
    capacity.refuse_when_taken()
    form = ResetForm()
    try:
        owner = _find_owner(token)
    except Invalid:
        return _dead(), 404
    if not form.validate():
        return _form(form, token, owner), 422
    try:
        _reset(token, owner, form.password.data)
    except Invalid as error:
        if error.code == "link_dead":
            return _dead(), 404
        form.refuse(error)
        return _form(form, token, owner), 422
    flash(_("Your new password is set. Log in with it."), "success")
    return redirect(url_for("sessions.new"), 303)


def _find_owner(token: str) -> Owner:
    """Return whose password may be set. **Raises** Invalid."""
    secret_key = services().folder.secret_key
    with database().read() as session:
        found = tokens.look_up(session, token, (tokens.RESET,), secret_key)
        username = accounts.get_username(session, found.account_id)
    return Owner(found.account_id, username, found.email or "")


def _reset(token: str, owner: Owner, password: str) -> None:
    accounts.check_password(password, username=owner.username, email=owner.email)
    password_hash = passwords.hash_password(password)
    secret_key, comes_from = services().folder.secret_key, origin()
    database().write(
        lambda session: identity.reset_password(
            session, token, password_hash, secret_key, comes_from
        )
    )
    limits.let_in_again(owner.id)


def _request_form(form: ForgottenForm) -> str:
    return render("resets/new.html", title=_("Forgotten your password?"), form=form)


def _form(form: ResetForm, token: str, owner: Owner) -> str:
    return render(
        "resets/edit.html",
        title=_("Set a new password"),
        form=form,
        token=token,
        username=owner.username,
    )


def _dead() -> str:
    return render("resets/dead.html", title=_("This link does not work any more"))
