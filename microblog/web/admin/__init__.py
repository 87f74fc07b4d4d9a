"""The pages of administration, for admins; for everybody else there is nothing here.

It decides nothing: every act is the domain's, which asks again whether its admin is one.
"""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from microblog.domain.errors import Conflict, Invalid, NotFound
from microblog.web.admin import accounts, jobs, mail, overview, registrations, settings
from microblog.web.context import viewer
from microblog.web.redirects import came_from, redirect_back
from microblog.web.sentences import sentence

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

for _resource in (accounts, jobs, mail, overview, registrations, settings):
    blueprint.register_blueprint(_resource.blueprint)


@blueprint.before_request
def _admit_admins() -> None:
    by = viewer()
    if by is None or not by.is_admin:
        raise NotFound


@blueprint.errorhandler(Invalid)
@blueprint.errorhandler(Conflict)
def _say_what_is_refused(error: Invalid | Conflict) -> ResponseReturnValue:
    """Lead back to the page whose button was pressed."""
    flash(sentence(error), "warning")
    return redirect_back(came_from(), url_for("admin.overview.show"))
