"""Lists of people: who follows somebody, and whom they follow."""

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from microblog.domain import relationships
from microblog.domain.paths import account_path
from microblog.web.context import database, viewer
from microblog.web.faces import face
from microblog.web.listing import list_page
from microblog.web.names import isolated
from microblog.web.pages import asked_page

blueprint = Blueprint("people", __name__)

_LISTS = {"followers": relationships.list_followers, "following": relationships.list_following}


@blueprint.get("/@<username>/followers")
def followers(username: str) -> ResponseReturnValue:
    """Show who follows a person."""
    return _show(username, "followers")


@blueprint.get("/@<username>/following")
def following(username: str) -> ResponseReturnValue:
    """Show whom a person follows."""
    return _show(username, "following")


def _show(username: str, active_list: str) -> ResponseReturnValue:
    asked = asked_page()
    with database().read() as session:
        person = relationships.get_person(session, viewer(), username)
        found = _LISTS[active_list](session, viewer(), person.account.id, asked)
    account = person.account
    if person.relationship.is_blocked:
        # Their page says so, and has no lists.
        return redirect(account_path(account.username))
    titles = {
        "followers": _("Followers of %(name)s", name=isolated(account.name)),
        "following": _("People %(name)s follows", name=isolated(account.name)),
    }
    return list_page(
        "profiles/people.html",
        found,
        asked,
        title=titles[active_list],
        account=face(account),
        counts=account,
        active_list=active_list,
    )
