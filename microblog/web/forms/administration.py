"""What admins say of the server."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField

from microblog.web.forms import Form


class ServerForm(Form):
    """The settings of the server. The rules of the domain say what is refused."""

    name = StringField(_l("Name of the server"))
    description = StringField(_l("What it is for, in a sentence"))
    rules = TextAreaField(_l("Rules"))
    registration_mode = SelectField(_l("Who may make an account"), validate_choice=False)
