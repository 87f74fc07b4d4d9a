"""Somebody at a browser without scripts: opens pages, fills in forms, follows where they lead."""

import re
from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from microblog.domain import sessions
from microblog.domain.viewer import Viewer
from microblog.services import Services
from tests.make import PASSWORD
from tests.multipart import CONTENT_TYPE, Upload, encode
from tests.page import Page

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Visitor:
    """One browser, with its cookies."""

    def __init__(self, app: Flask, *, keeps_cookies: bool = True) -> None:
        self._client = app.test_client(use_cookies=keeps_cookies)
        self._services: Services = app.extensions["microblog"]
        # A browser speaks to the address that the server was given, if it was.
        self.address = self._services.config.PUBLIC_URL or "http://localhost"
        self._host = self.address.partition("://")[2]
        # The token of a page that is still open, and the cookies that it was made for.
        self._open_page: tuple[str, list[str]] | None = None

    @classmethod
    def signed_in(cls, app: Flask, person: Viewer) -> "Visitor":
        """Return the browser of a person who has logged in before."""
        visitor = cls(app)
        visitor.log_in_without_form(person)
        return visitor

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page."""
        return self.open(path, **options)

    def page(self, path: str, **options: Any) -> Page:
        """Open a page that is there, and read it."""
        response = self.get(path, **options)
        assert response.status_code == 200, (path, response.status)
        return Page(response.text)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form, with the token that its page holds."""
        form = {"csrf_token": self.token(), **(data or {})}
        return self.open(path, method="POST", data=form, **options)

    def upload(self, path: str, fields: dict[str, str], **files: Upload) -> TestResponse:
        """Send a form with files, with the token that its page holds."""
        body = encode({"csrf_token": self.token(), **fields}, files)
        return self.post_raw(path, data=body, content_type=CONTENT_TYPE)

    def post_raw(self, path: str, **options: Any) -> TestResponse:
        """Send whatever is given, and no token."""
        return self.open(path, method="POST", **options)

    def open(self, path: str, **options: Any) -> TestResponse:
        """Make any request."""
        return self._client.open(path, base_url=self.address, **options)

    def token(self) -> str:
        """Return the token of a form on a page that everybody has."""
        if self._open_page is None or self._open_page[1] != self._cookies():
            self._open_page = self._open_form(), self._cookies()
        return self._open_page[0]

    def _open_form(self) -> str:
        for path in ("/explore", "/auth/login", "/setup"):
            found = _TOKEN.search(self.get(path).text)
            if found:
                return found.group(1)
        raise AssertionError("No page has a form with a token.")

    def _cookies(self) -> list[str]:
        return [str(self.cookie(name)) for name in ("session", "__Host-session", self.login_cookie)]

    def log_in(self, username: str, password: str = PASSWORD, **fields: str) -> TestResponse:
        """Log in by the form."""
        return self.post("/auth/login", {"identifier": username, "password": password, **fields})

    def log_in_without_form(self, person: Viewer) -> None:
        """Log in without the time that a password takes."""
        token = self._services.db.write(
            lambda session: sessions.start(
                session, person.id, address="", agent="", lifetime=timedelta(days=1)
            )
        )
        self.set_cookie(self.login_cookie, token)

    @property
    def login_cookie(self) -> str:
        """Return the name of the cookie of a sign-in."""
        return "__Host-login" if self.address.startswith("https:") else "login"

    @property
    def is_logged_in(self) -> bool:
        """Tell whether the server knows this browser as somebody's."""
        return self.get("/settings/profile").status_code == 200

    def cookie(self, name: str) -> str | None:
        """Return the value of a cookie."""
        found = self._client.get_cookie(name, domain=self._host)
        return found.value if found else None

    def set_cookie(self, name: str, value: str) -> None:
        """Have a cookie."""
        self._client.set_cookie(name, value, domain=self._host)
