"""What single keys do: a page of its own, and a sheet over any other."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from microblog.web.context import viewer
from microblog.web.pages import has_shortcuts, render

blueprint = Blueprint("keys", __name__)


@blueprint.get("/keys")
def show() -> ResponseReturnValue:
    """Show which keys do what."""
    if request.headers.get("HX-Request"):
        by = viewer()
        return render_template(
            "keys/_sheet.html", signed_in=by is not None, has_shortcuts=has_shortcuts(by)
        )
    return render("keys/show.html", title=_("Keyboard shortcuts"))
