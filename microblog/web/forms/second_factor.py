"""The second factor: setting it up and changing it, and the code at login."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField, SubmitField
from wtforms.validators import InputRequired

from microblog.web.confirmation import ConfirmationFields
from microblog.web.forms import Form


class SecondStepForm(Form):
    """The second step of logging in."""

    code = StringField(_l("Code"), [InputRequired(_l("Fill this in."))])
    submit = SubmitField(_l("Log in"))


class SetUpForm(ConfirmationFields, Form):
    """The first code of an authenticator, and the password."""

    code = StringField(_l("First code"), [InputRequired(_l("Fill this in."))])
    submit = SubmitField(_l("Switch on"))


class ChangeForm(ConfirmationFields, Form):
    """The password and a code, for whatever is to be changed."""

    submit = SubmitField(_l("Go on"))
