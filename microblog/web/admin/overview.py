"""What waits for an admin, at a glance."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from microblog.domain import administration
from microblog.domain.pages import Page, Slice
from microblog.web.admin.lists import moment
from microblog.web.context import database, require_viewer
from microblog.web.faces import avatar_url
from microblog.web.pages import render

blueprint = Blueprint("overview", __name__)

# Nobody needs to know how many these are exactly, and counting them all would take long.
_COUNTED = 20
_NEWCOMERS = 5


@blueprint.get("")
def show() -> ResponseReturnValue:
    """Show how much waits, and who came last."""
    by, some = require_viewer(), Page(_COUNTED)
    with database().read() as session:
        registrations = administration.list_waiting(session, by=by, page=some)
        parked = administration.list_parked(session, by=by, page=some)
        mails = administration.list_waiting_mails(session, by=by, page=some)
        newcomers = administration.list_accounts(session, by=by, page=Page(_NEWCOMERS))
    return render(
        "admin/overview.html",
        active="admin",
        section="overview",
        title=_("Administration"),
        counts={
            "registrations": _about(registrations),
            "jobs": _about(parked),
            "mails": _about(mails),
        },
        accounts=newcomers.items,
        avatar_url=avatar_url,
        moment=moment,
    )


def _about(found: Slice[Any]) -> str:
    """Return how many there are; "20+" where there are more than that."""
    number = len(found.items)
    return f"{number}+" if found.older else str(number)
