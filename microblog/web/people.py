"""Lists of people, and following them."""

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from microblog.domain import accounts, relationships
from microblog.domain.accounts import AccountView
from microblog.domain.errors import Invalid
from microblog.domain.pages import Page, Slice
from microblog.domain.paths import account_path
from microblog.domain.relationships import Person
from microblog.web import limits
from microblog.web.context import database, require_viewer, viewer
from microblog.web.faces import face, listed
from microblog.web.names import isolated
from microblog.web.pages import asked_page, out_of_band_flashes, pager_html, render
from microblog.web.redirects import came_from, redirect_back
from microblog.web.sentences import sentence
from microblog.web.skeleton import markup

blueprint = Blueprint("people", __name__)


@blueprint.get("/@<username>/followers")
def followers(username: str) -> ResponseReturnValue:
    """Show who follows a person."""
    asked = asked_page()
    with database().read() as session:
        account = accounts.get_by_username(session, username)
        found = relationships.list_followers(session, viewer(), account.id, asked)
    return _show(account, found, asked, "followers")


@blueprint.get("/@<username>/following")
def following(username: str) -> ResponseReturnValue:
    """Show whom a person follows."""
    asked = asked_page()
    with database().read() as session:
        account = accounts.get_by_username(session, username)
        found = relationships.list_following(session, viewer(), account.id, asked)
    return _show(account, found, asked, "following")


@blueprint.post("/@<username>/follow")
@login_required
def follow(username: str) -> ResponseReturnValue:
    """Follow a person."""
    account = _account(username)
    by = require_viewer()
    limits.count_following()
    try:
        database().write(lambda s: relationships.follow(s, by=by, account_id=account.id))
    except Invalid as error:
        flash(sentence(error), "warning")
        return redirect_back(came_from(), account_path(account.username))
    return _answer(account, _("You follow %(name)s now.", name=isolated(account.name)))


@blueprint.post("/@<username>/unfollow")
@login_required
def unfollow(username: str) -> ResponseReturnValue:
    """Stop following a person."""
    account = _account(username)
    by = require_viewer()
    database().write(lambda s: relationships.unfollow(s, by=by, account_id=account.id))
    return _answer(account, _("You do not follow %(name)s any more.", name=isolated(account.name)))


def _account(username: str) -> AccountView:
    with database().read() as session:
        return accounts.get_by_username(session, username)


def _show(
    account: AccountView, found: Slice[Person], asked: Page, active_list: str
) -> ResponseReturnValue:
    titles = {
        "followers": _("Followers of %(name)s", name=isolated(account.name)),
        "following": _("People %(name)s follows", name=isolated(account.name)),
    }
    people = listed(found.items)
    pager = markup(pager_html(found, asked))
    if request.headers.get("HX-Request") and not asked.is_first:
        signed_in = viewer() is not None
        cards = render_template("profiles/_people.html", people=people, signed_in=signed_in)
        return f"{cards}{pager}"
    return render(
        "profiles/people.html",
        title=titles[active_list],
        account=face(account),
        counts=account,
        people=people,
        pager=pager,
        active_list=active_list,
        is_first=asked.is_first,
    )


def _answer(account: AccountView, message: str) -> ResponseReturnValue:
    flash(message, "success")
    if not request.headers.get("HX-Request"):
        return redirect_back(came_from(), account_path(account.username))
    with database().read() as session:
        relationship = relationships.relate(session, viewer(), [account.id])[account.id]
    button = render_template(
        "_follow_button.html",
        account=face(account),
        following=relationship.following,
        follows_you=relationship.follows_you,
    )
    return button + out_of_band_flashes()
