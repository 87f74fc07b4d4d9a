"""Somebody who talks to a running server over HTTP, as a browser without scripts would."""

import re
from types import TracebackType
from typing import Self

import httpx

from tests.make import PASSWORD

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_KEY = re.compile(r'name="key" value="([^"]+)"')
_TIMEOUT_SECONDS = 30.0


class Caller:
    """One browser, with its cookies. **Raises** httpx.TransportError when nobody answers."""

    def __init__(self, url: str, **headers: str) -> None:
        self._client = httpx.Client(
            base_url=url, headers=headers, trust_env=False, timeout=_TIMEOUT_SECONDS
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def get(self, path: str) -> httpx.Response:
        """Open a page; redirects are not followed."""
        return self._client.get(path)

    def post(self, path: str, form_path: str, **fields: str) -> httpx.Response:
        """Send a form, with the token that it has on the page `form_path`."""
        token = _found(_TOKEN, self.get(form_path))
        return self._client.post(path, data={"csrf_token": token, **fields})

    def set_up(self, username: str, **fields: str) -> httpx.Response:
        """Name the server and make its admin."""
        return self.post("/setup", "/setup", name="Testville", **_account(username), **fields)

    def register(self, username: str) -> httpx.Response:
        """Make an account."""
        return self.post("/auth/register", "/auth/register", **_account(username))

    def write(self, text: str) -> httpx.Response:
        """Write a post on the home page."""
        key = _found(_KEY, self.get("/"))
        return self.post("/posts", "/", text=text, key=key)

    def carry(self, cookie: str, value: str) -> None:
        """Take a cookie along from now on."""
        self._client.cookies.set(cookie, value)


def _account(username: str) -> dict[str, str]:
    return {
        "username": username,
        "email": f"{username}@ex.com",
        "password": PASSWORD,
        "password_again": PASSWORD,
    }


def _found(pattern: re.Pattern[str], page: httpx.Response) -> str:
    found = pattern.search(page.text)
    assert found is not None, f"{page.url} answers {page.status_code} without {pattern.pattern}"
    return found[1]
