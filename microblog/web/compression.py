"""The first page that a browser gets is sent compressed; the later ones cost less as they are.

With nothing kept yet, a browser fetches styles, scripts and icons, too, and each kilobyte counts.
From then on they are at hand, and compressing a page would take as long as making it. By the same
sign somebody who watches the line gets few pages to compare: what a page says of its reader stays
what it is, and is hardly ever compressed beside what somebody else has chosen (the attack BREACH).
"""

import gzip

from flask import Flask, Response, request

from microblog.web.i18n import ZONE_COOKIE

# Below, a packet or two, it saves nothing.
_LEAST_BYTES = 4_000
_LEVEL = 6


def init_app(app: Flask) -> None:
    """Have the pages of an application looked at before they are sent."""
    app.after_request(_compress_first)


def _compress_first(response: Response) -> Response:
    # The script of every page sets this cookie: who sends it has seen one.
    if ZONE_COOKIE in request.cookies or response.mimetype != "text/html":
        return response
    if response.is_streamed or "Content-Encoding" in response.headers:
        return response
    body = response.get_data()
    if len(body) < _LEAST_BYTES or request.accept_encodings["gzip"] <= 0:
        return response
    response.set_data(gzip.compress(body, _LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response
