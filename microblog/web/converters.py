"""What the parts of an address may be."""

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError

from microblog import ids


class IdConverter(BaseConverter):
    """An id, written in one way only; what cannot be one is an address that does not exist."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        """Return the id as a number."""
        id_ = ids.parse(value)
        if id_ is None or str(id_) != value:
            raise ValidationError
        return id_


def init_app(app: Flask) -> None:
    """Let an application's addresses hold `<id:...>`, and mean what they say."""
    # Two slashes in a row are no address of ours, and no reason to send anybody elsewhere.
    app.url_map.merge_slashes = False
    app.url_map.converters["id"] = IdConverter
