"""Who favourited a post, and who boosted it."""

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from microblog.domain import posts, relationships
from microblog.domain.errors import NotFound
from microblog.domain.paths import post_path
from microblog.web.context import database, viewer
from microblog.web.listing import list_page
from microblog.web.pages import asked_page

blueprint = Blueprint("reactions", __name__)

_LISTS = {"favourites": relationships.list_favouriters, "boosts": relationships.list_boosters}


@blueprint.get("/@<username>/<id:post_id>/favourites")
def favourites(username: str, post_id: int) -> ResponseReturnValue:
    """Show who favourited a post."""
    return _show(username, post_id, "favourites")


@blueprint.get("/@<username>/<id:post_id>/boosts")
def boosts(username: str, post_id: int) -> ResponseReturnValue:
    """Show who boosted a post."""
    return _show(username, post_id, "boosts")


def _show(username: str, post_id: int, active_list: str) -> ResponseReturnValue:
    asked, by = asked_page(), viewer()
    with database().read() as session:
        author = posts.get_view(session, by, post_id).author
        found = _LISTS[active_list](session, by, post_id, asked)
    if author.username.lower() != username.lower():
        raise NotFound
    url = post_path(author.username, post_id)
    if author.username != username:
        return redirect(f"{url}/{active_list}", 301)
    titles = {"favourites": _("Favourited by"), "boosts": _("Boosted by")}
    return list_page(
        "posts/people.html",
        found,
        asked,
        title=titles[active_list],
        post_url=url,
        active_list=active_list,
    )
