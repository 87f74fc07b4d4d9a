"""The small poll: what has come since a page was opened. Every open page asks it twice a minute."""

import json
from functools import lru_cache

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from werkzeug.exceptions import Unauthorized

from microblog.domain import timelines
from microblog.ids import parse
from microblog.web.badges import Badges, badges
from microblog.web.context import database, viewer, visit
from microblog.web.i18n import language

blueprint = Blueprint("updates", __name__)


@blueprint.get("/updates")
def show() -> ResponseReturnValue:
    """Say what waits for the viewer and, to the home page, how many posts came after a key."""
    by = viewer()
    if by is None:
        raise Unauthorized
    after = request.args.get("after")
    count = 0 if after is None else timelines.count_new(database(), by, parse(after) or 0)
    waiting = badges(visit(), language())
    return Response(_answer(count, waiting, language()), mimetype="application/json")


@lru_cache(maxsize=2000)
def _answer(count: int, waiting: Badges, _language: str) -> bytes:
    label = ngettext("%(num)s new post", "%(num)s new posts", count) if count else ""
    unread = {
        "title": waiting.title,
        "notifications": waiting.notifications._asdict(),
        "messages": waiting.messages._asdict(),
    }
    return json.dumps({"new_posts": {"count": count, "label": label}, "unread": unread}).encode()
