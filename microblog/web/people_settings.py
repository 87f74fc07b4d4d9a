"""The people somebody has muted or blocked, and those who ask to follow them."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from microblog.domain import relationships
from microblog.web.context import database, require_viewer
from microblog.web.listing import list_page
from microblog.web.pages import asked_page

blueprint = Blueprint("people_settings", __name__)

_LISTS = {
    "muted": relationships.list_muted,
    "blocked": relationships.list_blocked,
    "requests": relationships.list_requests,
}


@blueprint.get("/settings/people")
@login_required
def muted() -> ResponseReturnValue:
    """Show whom one has muted."""
    return _show("muted", _("Muted people"))


@blueprint.get("/settings/people/blocked")
@login_required
def blocked() -> ResponseReturnValue:
    """Show whom one has blocked."""
    return _show("blocked", _("Blocked people"))


@blueprint.get("/follow-requests")
@login_required
def requests() -> ResponseReturnValue:
    """Show who asks to follow."""
    return _show("requests", _("Follow requests"))


def _show(list_: str, title: str) -> ResponseReturnValue:
    asked = asked_page()
    with database().read() as session:
        found = _LISTS[list_](session, require_viewer(), asked)
    return list_page(
        "people/list.html",
        found,
        asked,
        list_=list_,
        active="settings",
        section="people",
        title=title,
    )
