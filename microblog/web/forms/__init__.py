"""Forms: what a page asks for, checked for shape; the domain checks the meaning."""

from typing import Any

from flask_wtf import FlaskForm

from microblog.domain.errors import Invalid
from microblog.web.sentences import sentence


class Form(FlaskForm):
    """A form that can show what a rule of the domain refused, at the field it is about."""

    def refuse(self, error: Invalid) -> None:
        """Show a refusal at its field; at the first one where the form has no such field."""
        field: Any = self[error.field] if error.field in self else next(iter(self))
        field.errors = [*field.errors, sentence(error)]
