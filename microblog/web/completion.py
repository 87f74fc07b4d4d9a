"""Names of people and tags for whoever is typing one."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from microblog.domain import completion
from microblog.web.context import database, require_viewer
from microblog.web.faces import avatar_url

blueprint = Blueprint("completion", __name__)


@blueprint.get("/complete")
@login_required
def show() -> ResponseReturnValue:
    """Return what "@ab" or "#ab" may become, as JSON."""
    by, typed = require_viewer(), request.args.get("q", "")
    with database().read() as session:
        if typed.startswith("@"):
            people = completion.complete_person(session, by=by, typed=typed[1:])
            items = [
                {
                    "text": f"@{face.username}",
                    "name": face.name,
                    "avatar": avatar_url(face.id, face.avatar),
                }
                for face in people
            ]
        elif typed.startswith("#"):
            tags = completion.complete_tag(session, by=by, typed=typed[1:])
            items = [{"text": f"#{name}"} for name in tags]
        else:
            items = []
    return jsonify(items=items)
