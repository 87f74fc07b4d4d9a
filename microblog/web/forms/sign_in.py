"""Logging in, registering, getting back in, and setting up a new server."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    PasswordField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import EqualTo, InputRequired

from microblog.web.forms import Form


class SignInForm(Form):
    """Logging in, by username or e-mail address."""

    identifier = StringField(_l("Username or e-mail"), [InputRequired(_l("Fill this in."))])
    password = PasswordField(_l("Password"), [InputRequired(_l("Fill this in."))])
    remember_me = BooleanField(_l("Stay logged in on this device"))
    submit = SubmitField(_l("Log in"))


class RegistrationForm(Form):
    """Making an account."""

    username = StringField(_l("Username"), [InputRequired(_l("Fill this in."))])
    email = EmailField(_l("E-mail"), [InputRequired(_l("Fill this in."))])
    password = PasswordField(_l("Password"), [InputRequired(_l("Fill this in."))])
    password_again = PasswordField(
        _l("Password, once more"),
        [
            InputRequired(_l("Fill this in.")),
            EqualTo("password", _l("The two passwords are not the same.")),
        ],
    )
    submit = SubmitField(_l("Create account"))


class RequestForm(RegistrationForm):
    """Asking for an account, where the admins let people in."""

    reason = TextAreaField(_l("Why would you like to join?"), [InputRequired(_l("Fill this in."))])


class SetupForm(RegistrationForm):
    """Naming the server and making its first admin."""

    name = StringField(_l("Name of the server"), [InputRequired(_l("Fill this in."))])
    description = StringField(_l("What it is for, in a sentence"))
    code = StringField(_l("Setup code"))
    submit = SubmitField(_l("Start the server"))


class ForgottenForm(Form):
    """Asking for a mail with which to set a new password."""

    identifier = StringField(_l("Username or e-mail"), [InputRequired(_l("Fill this in."))])
    submit = SubmitField(_l("Send me a mail"))


class ResetForm(Form):
    """Setting a new password in place of a forgotten one."""

    password = PasswordField(_l("New password"), [InputRequired(_l("Fill this in."))])
    password_again = PasswordField(
        _l("New password, once more"),
        [
            InputRequired(_l("Fill this in.")),
            EqualTo("password", _l("The two passwords are not the same.")),
        ],
    )
    submit = SubmitField(_l("Set the password"))


class ConfirmationForm(Form):
    """A button, and nothing to type."""

    submit = SubmitField(_l("Confirm"))
