"""Asking once more who somebody is, before what a stolen session must not be able to do."""

from functools import cached_property

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from microblog import capacity, passwords
from microblog.domain import second_factor, sessions
from microblog.domain.viewer import Viewer
from microblog.web import limits
from microblog.web.addresses import origin
from microblog.web.context import database, require_viewer


class ConfirmationFields:
    """The fields for it: mix it into a Form, and show them by `settings/_confirmation.html`."""

    current_password = PasswordField(_l("Current password"), [InputRequired(_l("Fill this in."))])
    code = StringField(_l("Code of your authenticator"))

    @cached_property
    def asks_code(self) -> bool:
        """Tell whether a code is asked for as well: the signed-in person has a second factor."""
        with database().read() as session:
            return second_factor.is_on(session, require_viewer().id)


def confirm_identity(form: ConfirmationFields) -> bool:
    """Tell whether the signed-in person has shown who they are; what is wrong is said at its field.

    Check everything else first: a code that was right is used up. **Raises** TooMany.
    """
    by = require_viewer()
    if form.asks_code and not (form.code.data or "").strip():
        form.code.errors = [_("Fill this in.")]
        return False
    return _check_password(by, form) and (not form.asks_code or _check_code(by, form))


def _check_password(by: Viewer, form: ConfirmationFields) -> bool:
    capacity.refuse_when_taken()
    limits.check_sign_in(by.username)
    with database().read() as session:
        stored = sessions.find_credentials(session, by.username).password_hash
    if passwords.verify_password(stored, form.current_password.data):
        return True
    limits.count_failed_sign_in(by.username)
    form.current_password.errors = [_("This is not your current password.")]
    return False


def _check_code(by: Viewer, form: ConfirmationFields) -> bool:
    limits.check_code(by.id)
    code, comes_from = form.code.data, origin()
    if database().write(lambda session: second_factor.check(session, by.id, code, comes_from)):
        return True
    limits.count_failed_code(by.id)
    form.code.errors = [_("This code does not work, or no more. Type the next one.")]
    return False
