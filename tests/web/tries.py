"""Trying what may not be tried too often, and what is said when it was."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from microblog.domain.errors import TooMany
from microblog.domain.sessions import Visit
from microblog.domain.viewer import Viewer
from microblog.web.context import here
from tests.visitor import Visitor

WRONG = "not my password"
HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"


def log_in(visitor: Visitor, name: str, password: str, address: str = HOME) -> TestResponse:
    """Try to log in from an address."""
    form = {"identifier": name, "password": password}
    return visitor.post("/auth/login", form, environ_overrides={"REMOTE_ADDR": address})


def limited(app: Flask, check: Callable[[], Any], by: Viewer, address: str = HOME) -> bool:
    """Count an act of a person by itself; tell whether it was one too many."""
    with app.test_request_context("/", environ_overrides={"REMOTE_ADDR": address}):
        here().visit = Visit(by, 1)
        try:
            check()
        except TooMany:
            return True
    return False


def assert_too_soon(response: TestResponse, most_seconds: int) -> None:
    """Require a page that says how long to wait, also to programs."""
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= most_seconds
    assert "try again in" in response.text
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "RateLimit" not in str(response.headers)
