"""Redirects that stay on this server, whatever a request asks for."""

import re
from urllib.parse import urlsplit, urlunsplit

from flask import redirect, request
from werkzeug.wrappers import Response

# Control characters and backslashes, which browsers drop or turn into slashes; "//", which begins a
# host; dots that climb; and the encoded forms that some part on the way may decode.
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]|^//|/\.{1,2}(/|$)|%2[fF]%2[fF]|%5[cC]|%0[0-9a-fA-F]")


def local_path(target: str | None) -> str | None:
    """Return the path and query of a target on this server; None for whatever leads elsewhere.

    It is rebuilt from the parsed address, so that nothing but a path and a query can be in it.
    """
    if not target or not target.startswith("/") or _UNSAFE.search(target):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    if parts.scheme or parts.netloc:
        return None
    return urlunsplit(("", "", parts.path, parts.query, ""))


def redirect_back(target: str | None, default: str) -> Response:
    """Answer a form: go on (303) to a target on this server, else to the default."""
    return redirect(local_path(target) or default, 303)


def came_from() -> str | None:
    """Return the page of this server that the browser says it comes from."""
    try:
        parts = urlsplit(request.referrer or "")
    except ValueError:
        return None
    if parts.netloc != request.host:
        return None
    return local_path(urlunsplit(("", "", parts.path, parts.query, "")))
