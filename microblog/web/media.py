"""Pictures: uploaded ones from the media folder, identicons made from an account's id."""

from flask import Blueprint, Response, abort, request, send_file
from flask.typing import ResponseReturnValue

from microblog import ids
from microblog.files.identicon import identicon
from microblog.web.context import services

blueprint = Blueprint("media", __name__)

_FOREVER = "public, max-age=31536000, immutable"
# Whatever a file may turn out to be, a browser runs nothing in it.
_SANDBOX = (
    "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


@blueprint.get("/media/<folder>/<name>")
def show(folder: str, name: str) -> ResponseReturnValue:
    """Send a stored file; its name is unguessable and its content never changes."""
    try:
        path = services().storage.path(f"{folder}/{name}")
        response = send_file(path, mimetype="image/webp", conditional=True, etag=True)
    except (ValueError, FileNotFoundError):
        abort(404)
    return _guarded(response)


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


def _guarded(response: Response) -> Response:
    response.headers["Cache-Control"] = _FOREVER
    response.headers["Content-Security-Policy"] = _SANDBOX
    return response
