"""The page of a person."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from microblog.domain import timelines
from microblog.domain.paths import account_path
from microblog.domain.timelines import Profile
from microblog.web.context import database, viewer
from microblog.web.faces import face
from microblog.web.i18n import language, zone
from microblog.web.names import handle, isolated
from microblog.web.pages import asked_page, pages, timeline
from microblog.web.skeleton import markup
from microblog.web.times import full_date

blueprint = Blueprint("profiles", __name__)


@blueprint.get("/@<username>")
def show(username: str) -> ResponseReturnValue:
    """Show a person and their posts; each person has one address."""
    asked = asked_page()
    profile = timelines.profile(database(), viewer(), username, asked)
    if profile.account.username != username:
        return redirect(account_path(profile.account.username), 301)
    is_own = profile.relationship.is_self
    return timeline(
        "profiles/show.html",
        profile.posts,
        asked,
        active="profile" if is_own else "",
        title=f"{isolated(profile.account.name)} ({handle(profile.account.username)})",
        page={"header": _header(profile), "username": profile.account.username},
    )


@blueprint.get("/user/<username>")
def show_by_old_address(username: str) -> ResponseReturnValue:
    """Lead the tutorial's address of a profile to ours."""
    profile = timelines.profile(database(), viewer(), username, asked_page())
    return redirect(account_path(profile.account.username), 301)


def _header(profile: Profile) -> bytes:
    """Return the top of the page; kept for as long as nothing on it changes."""
    account = profile.account
    where = (language(), zone())
    seen = account.last_seen_at
    fragments = pages().fragments
    last_seen = markup(fragments.moment(seen)) if seen else ""
    key = (account, profile.relationship, last_seen, viewer() is not None, *where)
    return fragments.get(
        key,
        lambda: render_template(
            "profiles/_header.html",
            account=face(account),
            about_html=Markup(account.about_html),  # noqa: S704 - sanitised when it was saved.
            counts=account,
            joined=full_date(account.created_at, *where),
            last_seen=last_seen,
            relationship=profile.relationship,
            is_own=profile.relationship.is_self,
            signed_in=viewer() is not None,
        ),
    )
