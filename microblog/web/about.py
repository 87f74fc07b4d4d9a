"""What the server says of itself, to everybody."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from microblog.web.context import server
from microblog.web.pages import render

blueprint = Blueprint("about", __name__)


@blueprint.get("/about")
def show() -> ResponseReturnValue:
    """Show the description, the rules, and who may make an account."""
    return render("about/show.html", title=_("About"), rules=server().rules.splitlines())
