"""What a person owns their account by: address, password, and the account itself."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, SubmitField
from wtforms.validators import EqualTo, InputRequired

from microblog.web.confirmation import ConfirmationFields
from microblog.web.forms import Form


class PartForm(Form):
    """One of several forms on a page: the ids of its fields are its own."""

    part = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            field.id = f"{self.part}-{field.id}"


class EmailForm(ConfirmationFields, PartForm):
    """Changing the address."""

    part = "email"
    email = EmailField(_l("New address"), [InputRequired(_l("Fill this in."))])
    submit = SubmitField(_l("Change address"))


class PasswordForm(ConfirmationFields, PartForm):
    """Changing the password."""

    part = "password"
    password = PasswordField(_l("New password"), [InputRequired(_l("Fill this in."))])
    password_again = PasswordField(
        _l("New password, once more"),
        [
            InputRequired(_l("Fill this in.")),
            EqualTo("password", _l("The two passwords are not the same.")),
        ],
    )
    submit = SubmitField(_l("Change password"))


class DeletionForm(ConfirmationFields, PartForm):
    """Leaving."""

    part = "deletion"
    submit = SubmitField(_l("Delete my account"))
