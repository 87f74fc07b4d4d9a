"""The page of a person."""

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue

from microblog.domain import timelines
from microblog.domain.paths import account_path
from microblog.domain.relationships import Person
from microblog.web.context import database, viewer
from microblog.web.faces import face
from microblog.web.names import handle, isolated
from microblog.web.pages import asked_page, render, timeline
from microblog.web.profile_header import profile_header

blueprint = Blueprint("profiles", __name__)


@blueprint.get("/@<username>")
def show(username: str) -> ResponseReturnValue:
    """Show a person and their posts; each person has one address."""
    asked = asked_page()
    profile = timelines.profile(database(), viewer(), username, asked)
    if profile.account.username != username:
        return redirect(account_path(profile.account.username), 301)
    person = Person(profile.account, profile.relationship)
    if person.relationship.is_blocked:
        return _blocked(person)
    is_own = profile.relationship.is_self
    return timeline(
        "profiles/show.html",
        profile.posts,
        asked,
        active="profile" if is_own else "",
        title=f"{isolated(profile.account.name)} ({handle(profile.account.username)})",
        page={"header": profile_header(person), "username": profile.account.username},
    )


@blueprint.get("/user/<username>")
def show_by_old_address(username: str) -> ResponseReturnValue:
    """Lead the tutorial's address of a profile to ours."""
    profile = timelines.profile(database(), viewer(), username, asked_page())
    return redirect(account_path(profile.account.username), 301)


def _blocked(person: Person) -> str:
    """Say that one of the two has blocked the other, and nothing else."""
    return render(
        "profiles/blocked.html",
        title=isolated(person.account.name),
        account=face(person.account),
        is_blocking=person.relationship.blocking,
    )
