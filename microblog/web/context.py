"""Who and what a request is about: the services of this server, and the visit."""

import time
from contextvars import ContextVar
from datetime import timedelta
from typing import cast

from flask import Flask, current_app, request
from flask_login import UserMixin
from werkzeug.exceptions import Unauthorized

from microblog import ids
from microblog.db import Database
from microblog.domain import sessions
from microblog.domain.server import ServerView
from microblog.domain.sessions import Visit
from microblog.domain.viewer import Viewer
from microblog.services import Services


class SignedIn(UserMixin):
    """What Flask-Login knows of a person: that they are there."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer

    def get_id(self) -> str:
        """Return the account's id."""
        return str(self.viewer.id)


class Here:
    """What one request has found out so far."""

    __slots__ = ("began", "language", "request_id", "services", "visit", "zone")

    def __init__(self, services: Services) -> None:
        self.services = services
        self.request_id = f"{ids.new():x}"
        self.began = time.perf_counter()
        self.visit: Visit | None = None
        self.language: str | None = None
        self.zone: str | None = None


# Flask's own g would do, but a page looks here two dozen times, and g is forty times slower.
_here: ContextVar[Here | None] = ContextVar("here", default=None)


def init_app(app: Flask) -> None:
    """Forget at the end of each request what it found out."""
    app.teardown_appcontext(_forget)


def _forget(_error: BaseException | None) -> None:
    _here.set(None)


def here() -> Here:
    """Return what this request has found out."""
    found = _here.get()
    if found is None:
        found = Here(services_of(current_app))
        _here.set(found)
    return found


def services_of(app: Flask) -> Services:
    """Return what an application has at hand."""
    return cast(Services, app.extensions["microblog"])


def services() -> Services:
    """Return what the running application has at hand."""
    return here().services


def database() -> Database:
    """Return the database."""
    return here().services.db


def visit() -> Visit:
    """Tell who the request is from; one statement, made at its first use."""
    known = here()
    found = known.visit
    if found is None:
        token = request.cookies.get(login_cookie_name())
        found = known.visit = sessions.visit(known.services.db, token, idle_life=idle_life())
    return found


def idle_life() -> timedelta:
    """Return how long a session lives without being used."""
    return timedelta(days=services().config.SESSION_IDLE_DAYS)


def viewer() -> Viewer | None:
    """Return the signed-in person."""
    return visit().viewer


def require_viewer() -> Viewer:
    """Return the signed-in person of a view behind login_required."""
    found = visit().viewer
    if found is None:
        raise Unauthorized
    return found


def server() -> ServerView:
    """Return the server's settings as they are now. Only for requests after the setup."""
    known = services()
    return known.server_settings.at(visit().server_version or 0, known.db)


def login_cookie_name() -> str:
    """Return the name of the cookie that holds the login token."""
    return "__Host-login" if services().config.is_https else "login"
