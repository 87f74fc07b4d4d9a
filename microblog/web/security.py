"""What keeps a request honest: hosts, bodies, forged forms, cookies, who is signed in."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from flask import Flask, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import (
    BadRequest,
    Forbidden,
    LengthRequired,
    NotFound,
    SecurityError,
    UnsupportedMediaType,
)

from microblog import capacity
from microblog.config import Config
from microblog.domain.media import MAX_PICTURES
from microblog.files.images import MAX_UPLOAD_BYTES
from microblog.web.admission import WITHOUT_BODY, Admission
from microblog.web.browser_session import BrowserSessions
from microblog.web.context import SignedIn, viewer, visit
from microblog.web.headers import SecureHeaders

# A form with an upload, and some room for its other fields; one with as many as there may be.
MAX_BODY_BYTES = MAX_UPLOAD_BYTES + 100_000
MAX_UPLOADS_BYTES = MAX_PICTURES * MAX_UPLOAD_BYTES + 600_000
# All that is not a file, as it is encoded.
MAX_FIELD_BYTES = 500_000
MAX_FIELDS = 100

# Where forms are sent that may hold several pictures.
_OF_SEVERAL = ("/media", "/posts", "/drafts", "/settings/profile")
_WITHOUT_BODY = ("GET", "HEAD", "OPTIONS")
_PLAIN_FORM = "application/x-www-form-urlencoded"
_FORM_TYPES = (_PLAIN_FORM, "multipart/form-data")
# What has to do with nobody: it is there before the setup, and while the database is away.
_FOR_NOBODY = ("/setup", "/assets/", "/favicon.ico", "/media/", "/identicons/")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")

csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Guard every request and response of an application."""
    config: Config = app.extensions["microblog"].config
    app.config.update(
        # The setting names only the further ones; all of them are checked below.
        TRUSTED_HOSTS=None,
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_FIELD_BYTES,
        MAX_FORM_PARTS=MAX_FIELDS,
        SESSION_COOKIE_NAME="__Host-session" if config.is_https else "session",
        SESSION_COOKIE_SECURE=config.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # The token lives as long as the session it belongs to; an open form never grows stale.
        WTF_CSRF_TIME_LIMIT=None,
        # Asked of forms alone, below: on pages it would find nothing to check, at a cost.
        WTF_CSRF_CHECK_DEFAULT=False,
        # Browsers that send no referrer must be able to post; the origin is checked below.
        WTF_CSRF_SSL_STRICT=False,
    )
    app.session_interface = BrowserSessions()
    # Half of the threads are kept for those who only read.
    admission = Admission(
        app.wsgi_app,
        max_bodies=max(1, config.WEB_THREADS // 2),
        max_body_bytes=_max_body_bytes,
        large_bytes=MAX_BODY_BYTES,
    )
    app.wsgi_app = SecureHeaders(admission, is_https=config.is_https)  # type: ignore[method-assign]  # As Flask's documentation asks for.
    known_hosts = frozenset(config.hosts)
    app.before_request(lambda: _refuse_unknown_host(known_hosts))
    app.before_request(_refuse_what_has_no_body)
    app.before_request(_refuse_unreadable_path)
    app.before_request(_refuse_strange_forms)
    app.before_request(_refuse_logins_while_busy)
    csrf.init_app(app)
    app.before_request(_refuse_forged_forms)
    app.before_request(_lead_to_setup)
    _init_login(app)


def _refuse_unknown_host(known: frozenset[str]) -> None:
    # Flask's TRUSTED_HOSTS does this too, at five times the cost on each request.
    host = request.environ.get("HTTP_HOST", "")
    if not _is_known(host, known):
        raise SecurityError


@lru_cache(maxsize=1000)
def _is_known(host: str, known: frozenset[str]) -> bool:
    name, separator, port = host.rpartition(":")
    if not separator or host.endswith("]"):
        name, port = host, "0"
    return name.lower() in known and port.isascii() and port.isdigit()


def _refuse_what_has_no_body() -> None:
    if WITHOUT_BODY in request.environ:
        raise capacity.NoCapacity


def _refuse_unreadable_path() -> None:
    # Nothing has such an address, and PostgreSQL takes no NUL to look up.
    if _CONTROLS.search(request.path):
        raise NotFound


def _refuse_strange_forms() -> None:
    """Refuse bodies that are no form, and forms that another site's page sends."""
    if request.method in _WITHOUT_BODY:
        return
    headers = request.headers
    if "Transfer-Encoding" in headers:
        # Where no length is told, Werkzeug cuts off at the limit and takes half a form for a whole.
        raise LengthRequired
    if request.content_length and request.mimetype not in _FORM_TYPES:
        raise UnsupportedMediaType
    request.max_content_length = _max_body_bytes(request.path)
    if request.mimetype == _PLAIN_FORM:
        # Werkzeug limits the fields of the other kind only; millions of them would fit into a body.
        request.max_content_length = MAX_FIELD_BYTES
    if not _is_from_here(headers.get("Origin", "null")):
        raise Forbidden
    if headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        raise Forbidden


def _max_body_bytes(path: str) -> int:
    return MAX_UPLOADS_BYTES if path.startswith(_OF_SEVERAL) else MAX_BODY_BYTES


def _refuse_logins_while_busy() -> None:
    # Before anything is done for them: many may want to log in at once, while others read.
    if request.endpoint == "sessions.create":
        capacity.refuse_when_taken()


def _refuse_forged_forms() -> None:
    if request.method not in _WITHOUT_BODY and request.endpoint:
        csrf.protect()


def _is_from_here(origin: str) -> bool:
    """Tell whether an Origin is this server's; "null" tells nothing, so the token decides."""
    try:
        return origin == "null" or urlsplit(origin).netloc == request.host
    except ValueError:
        return False


def _lead_to_setup() -> ResponseReturnValue | None:
    if request.path.startswith(_FOR_NOBODY) or visit().server_version is not None:
        return None
    if request.method not in ("GET", "HEAD"):
        raise BadRequest
    return redirect(url_for("setup.new"))


def _init_login(app: Flask) -> None:
    manager = LoginManager()
    # Not by init_app(), whose hook looks after remember-me cookies of its own on every response.
    app.login_manager = manager  # type: ignore[attr-defined]  # What Flask-Login looks for.

    @manager.request_loader
    def load(_request: object) -> SignedIn | None:
        by = viewer()
        return SignedIn(by) if by else None

    @manager.unauthorized_handler
    def ask_to_sign_in() -> ResponseReturnValue:
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        if request.headers.get("HX-Request"):
            # A fragment cannot show the form; the whole page goes there.
            return Response(status=401, headers={"HX-Redirect": url_for("sessions.new")})
        return redirect(url_for("sessions.new", next=target), 303)
