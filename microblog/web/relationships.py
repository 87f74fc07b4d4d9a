"""Following, muting and blocking people, and letting in who asks to follow."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response

from microblog.domain import relationships
from microblog.domain.errors import Invalid
from microblog.domain.paths import account_path
from microblog.domain.relationships import Person
from microblog.web import limits
from microblog.web.context import database, require_viewer, viewer
from microblog.web.faces import face
from microblog.web.names import isolated
from microblog.web.pages import out_of_band_flashes, render
from microblog.web.profile_header import profile_header
from microblog.web.redirects import came_from, redirect_back
from microblog.web.sentences import sentence

blueprint = Blueprint("relationships", __name__)

_VERBS: dict[str, Callable[..., bool]] = {
    "follow": relationships.follow,
    "unfollow": relationships.unfollow,
    "hide-boosts": relationships.hide_boosts,
    "show-boosts": relationships.show_boosts,
    "mute": relationships.mute,
    "unmute": relationships.unmute,
    "block": relationships.block,
    "unblock": relationships.unblock,
    "accept": relationships.accept,
    "refuse": relationships.refuse,
}
# What comes back in place of the button that was pressed: the same control, as it is now.
_CONTROLS = {
    "follow": "_follow_button.html",
    "unfollow": "_follow_button.html",
    "mute": "_turn_button.html",
    "unmute": "_turn_button.html",
    "block": "_turn_button.html",
    "unblock": "_turn_button.html",
    "accept": "_request.html",
    "refuse": "_request.html",
}
_OPPOSITE = {"mute": "unmute", "unmute": "mute", "block": "unblock", "unblock": "block"}
_RULE = ",".join(f'"{verb}"' for verb in _VERBS)


@blueprint.post(f"/@<username>/<any({_RULE}):verb>")
@login_required
def change(username: str, verb: str) -> ResponseReturnValue:
    """Change how the viewer stands to a person."""
    by = require_viewer()
    before = _person(username)
    _count(verb)
    try:
        database().write(lambda s: _VERBS[verb](s, by=by, account_id=before.account.id))
    except Invalid as error:
        flash(sentence(error), "warning")
        return _back(before)
    now = _person(username)
    flash(_said(verb, before, now), "success")
    if not request.headers.get("HX-Request"):
        return _back(now)
    if now.relationship.is_blocked != before.relationship.is_blocked and _is_on_profile():
        # It is another page now.
        return Response(headers={"HX-Redirect": account_path(now.account.username)})
    return _part(verb, now) + out_of_band_flashes()


@blueprint.get("/@<username>/menu")
@login_required
def menu(username: str) -> ResponseReturnValue:
    """Show what can be done about a person: a page, or for a script the menu alone."""
    person = _person(username)
    account = person.account
    if person.relationship.is_self or person.relationship.is_blocked:
        return redirect(account_path(account.username))
    shown: dict[str, Any] = {"account": face(account), "relationship": person.relationship}
    if request.headers.get("HX-Request"):
        return render_template("people/_menu.html", in_place=True, **shown)
    return render("people/menu.html", title=isolated(account.name), **shown)


@blueprint.get("/@<username>/card")
def card(username: str) -> ResponseReturnValue:
    """Answer a script with who somebody is, in short; everybody else with the whole page."""
    with database().read() as session:
        person = relationships.get_person(session, viewer(), username)
    if not request.headers.get("HX-Request"):
        return redirect(account_path(person.account.username))
    if person.relationship.is_blocked:
        return Response(status=204)
    return render_template(
        "people/_card.html",
        account=face(person.account),
        relationship=person.relationship,
        counts=person.account,
        signed_in=viewer() is not None,
    )


@blueprint.get("/@<username>/block")
@login_required
def ask_to_block(username: str) -> ResponseReturnValue:
    """Say what a block does, before it is done."""
    person = _person(username)
    account = person.account
    if person.relationship.is_self or person.relationship.blocking:
        return redirect(account_path(account.username))
    title = _("Block %(name)s?", name=isolated(account.name))
    return render("people/block.html", title=title, account=face(account))


def _count(verb: str) -> None:
    if verb == "follow":
        limits.count_following()
    else:
        limits.count_acting()


def _person(username: str) -> Person:
    with database().read() as session:
        return relationships.get_person(session, require_viewer(), username)


def _is_on_profile() -> bool:
    return request.headers.get("HX-Target") == "profile"


def _part(verb: str, person: Person) -> str:
    """Return what was asked from: the top of a profile, or the control as it is now."""
    if _is_on_profile():
        return profile_header(person).decode()
    if verb not in _CONTROLS:
        return ""
    return render_template(
        _CONTROLS[verb],
        account=face(person.account),
        relationship=person.relationship,
        verb=_OPPOSITE.get(verb),
    )


def _back(person: Person) -> Response:
    profile = account_path(person.account.username)
    back = came_from()
    # The pages that only ask what to do have done their part.
    if back in (f"{profile}/block", f"{profile}/menu"):
        back = None
    return redirect_back(back, profile)


def _said(verb: str, before: Person, now: Person) -> str:
    """Say what has come of it."""
    name = isolated(now.account.name)
    match verb:
        case "follow" if now.relationship.requested:
            return _("You have asked to follow %(name)s.", name=name)
        case "follow":
            return _("You follow %(name)s now.", name=name)
        case "unfollow" if before.relationship.requested:
            return _("You do not ask to follow %(name)s any more.", name=name)
        case "unfollow":
            return _("You do not follow %(name)s any more.", name=name)
        case "accept" if not now.relationship.follows_you:
            return _("%(name)s does not ask to follow you any more.", name=name)
        case "accept":
            return _("%(name)s follows you now.", name=name)
        case "refuse":
            return _("%(name)s is not let in.", name=name)
    return {
        "hide-boosts": _("You do not see what %(name)s boosts any more.", name=name),
        "show-boosts": _("You see what %(name)s boosts again.", name=name),
        "mute": _("%(name)s is muted: what they write stays out of your pages.", name=name),
        "unmute": _("%(name)s is not muted any more.", name=name),
        "block": _("%(name)s is blocked: you do not see each other any more.", name=name),
        "unblock": _("%(name)s is not blocked any more.", name=name),
    }[verb]
