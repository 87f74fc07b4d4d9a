"""Signed-in readers: each is a browser with the cookies that the server gave it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle

from flask import Flask

from microblog.db import Database
from microblog.domain import sessions
from microblog.domain.viewer import Viewer

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
# What the script of the page tells the server; readers do not all live in one place.
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Africa/Nairobi")

_LIFETIME = timedelta(days=30)
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True)
class Reader:
    """A person at a browser: what its requests carry."""

    viewer: Viewer
    cookie: str
    csrf_token: str


def sign_in(app: Flask, account_ids: Sequence[int]) -> list[Reader]:
    """Begin a session for each account, and open the home page once, as a browser would have."""
    db: Database = app.extensions["microblog"].db
    zones = cycle(ZONES)
    return [_sign_in(app, db, account_id, next(zones)) for account_id in account_ids]


def _sign_in(app: Flask, db: Database, account_id: int, zone: str) -> Reader:
    token = db.write(
        lambda session: sessions.start(
            session, account_id, address="127.0.0.1", agent=AGENT, lifetime=_LIFETIME
        )
    )
    viewer = sessions.visit(db, token).viewer
    assert viewer is not None
    browser = app.test_client()
    browser.set_cookie("login", token)
    browser.set_cookie("zone", zone)
    page = browser.get("/")
    found = _TOKEN.search(page.text)
    assert page.status_code == 200, page.status
    assert found is not None
    cookies = {name: browser.get_cookie(name) for name in ("login", "session", "zone")}
    pairs = [f"{name}={cookie.value}" for name, cookie in cookies.items() if cookie is not None]
    return Reader(viewer, "; ".join(pairs), found[1])
