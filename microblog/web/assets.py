"""What browsers load beside pages: style, script, icons; kept in memory and named by content.

A name holds the hash of its content, so that a browser keeps it for good and never sees an old one.
"""

import base64
import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

from flask import Blueprint, Response, abort, current_app, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as BaseResponse

from microblog.web.bundles import build

blueprint = Blueprint("assets", __name__)

PREFIX = "/assets/"

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
_FOREVER = "public, max-age=31536000, immutable"
_HASH_LENGTH = 10

_HASH = re.compile(r"\.[0-9a-f]+(\.\w+)\Z")


@dataclass(frozen=True)
class Asset:
    """One file as it is sent."""

    path: str
    body: bytes
    content_type: str
    etag: str

    @cached_property
    def integrity(self) -> str:
        """Return what a browser compares the body with before it runs it."""
        return "sha384-" + base64.b64encode(hashlib.sha384(self.body).digest()).decode()

    @cached_property
    def gzipped(self) -> bytes | None:
        """Return the body compressed; None for a picture, which is already."""
        if self.content_type == "image/png":
            return None
        return gzip.compress(self.body, compresslevel=9, mtime=0)


class Assets:
    """The files of a static folder, put together. Safe to share between threads.

    A live one looks whether files have changed each time it is asked, for development.
    """

    def __init__(self, folder: Path, *, is_live: bool = False) -> None:
        self._folder = folder
        self._is_live = is_live
        self._stamp = _stamp(folder) if is_live else 0
        self._take(build(folder))

    def url(self, name: str) -> str:
        """Return where a file is found now. **Raises** KeyError for a name there is not."""
        self._refresh()
        return self._by_name[name].path

    def integrity(self, name: str) -> str:
        """Return the hash of a file for a browser to check; "", which checks nothing, when live.

        A page rendered before a change has the old hash, and is sent the new file all the same.
        """
        return "" if self._is_live else self._by_name[name].integrity

    def find(self, path: str) -> Asset | None:
        """Return the file at a path."""
        self._refresh()
        found = self._by_path.get(path)
        if found is None and self._is_live:
            # A page rendered before the change asks by the old hash.
            return self._by_name.get(_HASH.sub(r"\1", path[len(PREFIX) :]))
        return found

    def _take(self, bodies: dict[str, bytes]) -> None:
        self._by_name = {name: _asset(name, body) for name, body in bodies.items()}
        self._by_path = {asset.path: asset for asset in self._by_name.values()}

    def _refresh(self) -> None:
        if self._is_live and (stamp := _stamp(self._folder)) != self._stamp:
            self._stamp = stamp
            self._take(build(self._folder))


@blueprint.record_once
def _begin(state: BlueprintSetupState) -> None:
    """Build the assets of an application, and give its templates their addresses."""
    assets = Assets(Path(__file__).with_name("static"), is_live=state.app.debug)
    state.app.extensions["microblog_assets"] = assets
    state.app.jinja_env.globals["asset"] = assets.url
    state.app.jinja_env.globals["asset_integrity"] = assets.integrity


@blueprint.get(f"{PREFIX}<name>")
def show(name: str) -> ResponseReturnValue:
    """Send an asset; its content never changes."""
    return _send(PREFIX + name, "no-cache" if current_app.debug else _FOREVER)


@blueprint.get("/favicon.ico")
def favicon() -> ResponseReturnValue:
    """Send the mark to a browser that asks for it by the old name."""
    return _send(_assets().url("icon-32.png"), "public, max-age=86400")


def _assets() -> Assets:
    return cast(Assets, current_app.extensions["microblog_assets"])


def _send(path: str, cache_control: str) -> BaseResponse:
    asset = _assets().find(path)
    if asset is None:
        abort(404)
    response = Response(asset.body, content_type=asset.content_type)
    response.headers["Cache-Control"] = cache_control
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.set_etag(asset.etag)
    if asset.gzipped is not None:
        response.vary.add("Accept-Encoding")
        if request.accept_encodings["gzip"] > 0:
            response.data = asset.gzipped
            response.content_encoding = "gzip"
            # A strong tag names one sequence of bytes.
            response.set_etag(f"{asset.etag}-gzip")
    return response.make_conditional(request)


def _asset(name: str, body: bytes) -> Asset:
    digest = hashlib.sha256(body).hexdigest()
    stem, _, suffix = name.rpartition(".")
    path = f"{PREFIX}{stem}.{digest[:_HASH_LENGTH]}.{suffix}"
    return Asset(path, body, _TYPES[f".{suffix}"], digest[:32])


def _stamp(folder: Path) -> int:
    return max(path.stat().st_mtime_ns for path in folder.rglob("*"))
