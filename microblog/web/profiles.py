"""The page of a person."""

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue

from microblog.domain import timelines
from microblog.domain.paths import account_path
from microblog.domain.relationships import Person
from microblog.domain.timelines import Shown
from microblog.web.context import database, viewer
from microblog.web.faces import face
from microblog.web.names import handle, isolated
from microblog.web.pages import asked_page, render, timeline
from microblog.web.profile_header import profile_header

blueprint = Blueprint("profiles", __name__)

_PATHS = {Shown.POSTS: "", Shown.REPLIES: "/replies", Shown.MEDIA: "/media"}
_TEMPLATES = {
    Shown.POSTS: "profiles/show.html",
    Shown.REPLIES: "profiles/replies.html",
    Shown.MEDIA: "profiles/media.html",
}


@blueprint.get("/@<username>")
def show(username: str) -> ResponseReturnValue:
    """Show a person and their posts; each person has one address."""
    return _show(username, Shown.POSTS)


@blueprint.get("/@<username>/replies")
def replies(username: str) -> ResponseReturnValue:
    """Show what a person writes, what they answer to others included."""
    return _show(username, Shown.REPLIES)


@blueprint.get("/@<username>/media")
def media(username: str) -> ResponseReturnValue:
    """Show what a person writes with pictures."""
    return _show(username, Shown.MEDIA)


@blueprint.get("/user/<username>")
def show_by_old_address(username: str) -> ResponseReturnValue:
    """Lead the tutorial's address of a profile to ours."""
    profile = timelines.profile(database(), viewer(), username, asked_page())
    return redirect(account_path(profile.account.username), 301)


def _show(username: str, shown: Shown) -> ResponseReturnValue:
    asked = asked_page()
    profile = timelines.profile(database(), viewer(), username, asked, shown)
    person = Person(profile.account, profile.relationship)
    path = account_path(person.account.username)
    if person.account.username != username:
        return redirect(path + _PATHS[shown], 301)
    if person.relationship.is_blocked:
        return redirect(path) if _PATHS[shown] else _blocked(person)
    return timeline(
        _TEMPLATES[shown],
        profile.posts,
        asked,
        pinned=profile.pinned,
        active="profile" if person.relationship.is_self else "",
        title=f"{isolated(person.account.name)} ({handle(person.account.username)})",
        page={"header": profile_header(person), "username": person.account.username},
    )


def _blocked(person: Person) -> str:
    """Say that one of the two has blocked the other, and nothing else."""
    return render(
        "profiles/blocked.html",
        title=isolated(person.account.name),
        account=face(person.account),
        is_blocking=person.relationship.blocking,
    )
