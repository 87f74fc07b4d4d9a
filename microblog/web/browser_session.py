"""Flask's signed cookie, which holds a form token and messages to show, read at next to no cost.

A page needs the token in it, and checking the signature anew costs a tenth of the page; what was
checked is remembered by the cookie's own value for some minutes.
"""

import time
from functools import lru_cache
from typing import Any

from flask import Flask, Request, Response
from flask import session as current
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadSignature, URLSafeTimedSerializer

_REMEMBERED = 10_000
_TURN_SECONDS = 600


class BrowserSessions(SecureCookieSessionInterface):
    """Flask's own sessions, with a memory."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """Return the session of a request; an empty one for a cookie that is not ours."""
        value = request.cookies.get(self.get_cookie_name(app))
        if not value:
            return SecureCookieSession()
        serializer = self.get_signing_serializer(app)
        assert serializer is not None, "create_app sets a secret key"
        max_age = int(app.permanent_session_lifetime.total_seconds())
        turn = int(time.monotonic()) // _TURN_SECONDS
        return SecureCookieSession(_checked(serializer, value, max_age, turn))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie when there is something new in it; our edge says what answers vary by."""
        if session.modified:
            super().save_session(app, session, response)

    @lru_cache(maxsize=8)  # noqa: B019 - one interface for each application, which lives as long.
    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return the serializer of an application, made once."""
        return super().get_signing_serializer(app)


def form_token() -> str:
    """Return the token that forms of this browser carry."""
    raw = current.get("csrf_token")
    token = _tokens.get(raw) if raw else None
    if token is None:
        token = generate_csrf()
        if len(_tokens) >= _REMEMBERED:
            _tokens.clear()
        _tokens[current["csrf_token"]] = token
    return token


# Signed tokens by what they sign; they do not expire before the browser's session does.
_tokens: dict[str, str] = {}


@lru_cache(maxsize=_REMEMBERED)
def _checked(
    serializer: URLSafeTimedSerializer, value: str, max_age: int, _turn: int
) -> dict[str, Any]:
    try:
        data: dict[str, Any] = serializer.loads(value, max_age=max_age)
    except BadSignature:
        return {}
    return data
