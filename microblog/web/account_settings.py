"""What a person owns their account by: changing address and password, and leaving."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from microblog import passwords
from microblog.domain import accounts, identity, second_factor
from microblog.domain.errors import Invalid
from microblog.domain.viewer import Viewer
from microblog.web import limits
from microblog.web.addresses import origin
from microblog.web.confirmation import confirm_identity
from microblog.web.context import database, require_viewer, services, visit
from microblog.web.forms.account import DeletionForm, EmailForm, PartForm, PasswordForm
from microblog.web.i18n import language, zone
from microblog.web.names import ltr
from microblog.web.pages import render
from microblog.web.sentences import sentence
from microblog.web.times import full_date

blueprint = Blueprint("account_settings", __name__)


@blueprint.get("/settings/account")
@login_required
def show() -> ResponseReturnValue:
    """Show one's own address, and the forms."""
    return _page()


@blueprint.post("/settings/account/email")
@login_required
def change_email() -> ResponseReturnValue:
    """Mail a link to the new address; the old one stays until it is followed."""
    by, form = require_viewer(), EmailForm()
    if not form.validate():
        return _page(form), 422
    try:
        email = accounts.canonical_email(form.email.data)
        if not confirm_identity(form):
            return _page(form), 422
        _limit_mails(by)
        hours, comes_from = services().config.CONFIRM_HOURS, origin()
        database().write(
            lambda session: identity.request_email_change(session, by, email, hours, comes_from)
        )
    except Invalid as error:
        form.refuse(error)
        return _page(form), 422
    flash(
        _("We sent a link to %(email)s. Your address changes once you open it.", email=ltr(email)),
        "success",
    )
    return _go_back()


@blueprint.post("/settings/account/confirmation")
@login_required
def send_confirmation() -> ResponseReturnValue:
    """Mail the link that confirms one's address once more."""
    by, hours = require_viewer(), services().config.CONFIRM_HOURS
    try:
        _limit_mails(by)
    except Invalid as error:
        flash(sentence(error), "warning")
        return _go_back()
    database().write(lambda session: identity.request_confirmation(session, by.id, hours))
    flash(_("The mail is sent once more. Only its link works now, no earlier one."), "success")
    return _go_back()


@blueprint.post("/settings/account/password")
@login_required
def change_password() -> ResponseReturnValue:
    """Change one's password; whoever else is logged in as this person is no more."""
    by, form = require_viewer(), PasswordForm()
    if not form.validate():
        return _page(form), 422
    try:
        # Before the confirmation, which uses up a code: this can be refused.
        hashed = _hash_new_password(form.password.data)
    except Invalid as error:
        form.refuse(error)
        return _page(form), 422
    if not confirm_identity(form):
        return _page(form), 422
    keep_id, comes_from = visit().session_id, origin()
    database().write(
        lambda session: identity.change_password(session, by, hashed, keep_id, comes_from)
    )
    flash(_("Your password is changed, and you are logged out everywhere else."), "success")
    return _go_back()


@blueprint.post("/settings/account/deletion")
@login_required
def begin_deletion() -> ResponseReturnValue:
    """Have one's account deleted, after some days in which one can come back."""
    by, form = require_viewer(), DeletionForm()
    if not form.validate() or not confirm_identity(form):
        return _page(form), 422
    days, comes_from = services().config.DELETE_DAYS, origin()
    try:
        database().write(lambda session: identity.begin_deletion(session, by, days, comes_from))
    except Invalid as error:
        form.refuse(error)
        return _page(form), 422
    return _go_back()


@blueprint.post("/settings/account/deletion/cancel")
@login_required
def cancel_deletion() -> ResponseReturnValue:
    """Keep one's account after all."""
    by, comes_from = require_viewer(), origin()
    database().write(lambda session: identity.cancel_deletion(session, by, comes_from))
    flash(_("Your account stays. Good to have you back!"), "success")
    return _go_back()


def _limit_mails(by: Viewer) -> None:
    """Count a mail; **Raises** Invalid when somebody is sent too many, TooMany for a network."""
    if not limits.check_reset(by.username):
        raise Invalid("email", "too_many_mails")


def _hash_new_password(password: str) -> str:
    by = require_viewer()
    with database().read() as session:
        email = identity.get_login(session, by).email
    checked = accounts.check_password(password, username=by.username, email=email)
    return passwords.hash_password(checked)


def _go_back() -> ResponseReturnValue:
    return redirect(url_for("account_settings.show"), 303)


def _page(sent: PartForm | None = None) -> str:
    """Return the page; the form that was refused stands open."""
    by = require_viewer()
    with database().read() as session:
        login = identity.get_login(session, by)
        asks_code = second_factor.is_on(session, by.id)
    forms = [
        sent if isinstance(sent, kind) else kind(formdata=None)
        for kind in (EmailForm, PasswordForm, DeletionForm)
    ]
    for form in forms:
        form.asks_code = asks_code
    return render(
        "settings/account.html",
        active="settings",
        title=_("Account"),
        section="account",
        login=login,
        forms={form.part: form for form in forms},
        opened=sent.part if sent else "",
        username=by.username,
        mail_works=services().mailer.has_server,
        days=services().config.DELETE_DAYS,
        leaves_on=full_date(login.delete_at, language(), zone()) if login.delete_at else "",
    )
