"""Pictures: uploaded ones from the media folder, identicons made from an account's id.

Avatars and headers are for everybody. The files of posts pass the gate as the posts do.
"""

from flask import Blueprint, Response, abort, request, send_file
from flask.typing import ResponseReturnValue

from microblog import ids
from microblog.domain import media
from microblog.domain.media import Audience
from microblog.files.identicon import identicon
from microblog.files.storage import is_gated
from microblog.web.context import database, services, viewer

blueprint = Blueprint("media", __name__)

_FOREVER = "public, max-age=31536000, immutable"
# What is for some is asked for anew each time, so that it is gone for who may not see it any more.
_NEVER = "private, no-store"
# Whatever a file may turn out to be, a browser runs nothing in it.
_SANDBOX = (
    "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


@blueprint.get("/media/<folder>/<name>")
def show(folder: str, name: str) -> ResponseReturnValue:
    """Send a stored file; its name is unguessable and its content never changes."""
    file = f"{folder}/{name}"
    audience = _audience(file)
    if audience is None:
        abort(404)
    try:
        path = services().storage.path(file)
        response = send_file(path, mimetype="image/webp", conditional=True, etag=True)
    except (ValueError, FileNotFoundError):
        abort(404)
    return _guarded(response, _FOREVER if audience == Audience.EVERYBODY else _NEVER)


@blueprint.get("/identicons/<id_>.svg")
def show_identicon(id_: str) -> ResponseReturnValue:
    """Draw the picture of a person who has none."""
    account_id = ids.parse(id_)
    if account_id is None or str(account_id) != id_:
        abort(404)
    response = Response(identicon(id_), mimetype="image/svg+xml")
    response.add_etag()
    response.make_conditional(request)
    return _guarded(response)


def _audience(file: str) -> Audience | None:
    """Tell for whom a file is; None when the viewer must not know of it."""
    if not is_gated(file):
        return Audience.EVERYBODY
    return media.find_audience(database(), viewer(), file)


def _guarded(response: Response, caching: str = _FOREVER) -> Response:
    response.headers["Cache-Control"] = caching
    response.headers["Content-Security-Policy"] = _SANDBOX
    return response
