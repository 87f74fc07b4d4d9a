"""A whole server in this process, and windows of a real browser that look at it."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    ViewportSize,
)
from werkzeug.serving import WSGIRequestHandler, make_server

from microblog.config import Config
from microblog.db import Database
from microblog.domain import sessions
from microblog.domain.viewer import Viewer
from microblog.services import Services
from microblog.worker import Worker
from tests.applications import make_app

# Long, because the machine may be busy with other tests; nothing waits longer than it has to.
PATIENCE_MS = 30_000
# On a page: enough to see every kind of post, and no more, because each of them is tried on each.
FEW_POSTS = 10
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}

# The browser says this of every answer that is an error; which ones may be is looked at below.
_ANSWERED_WITH_AN_ERROR = "Failed to load resource: the server responded with a status of"
_PAGES_AND_FRAGMENTS = ("document", "xhr", "fetch")
_REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`The policy barred ${event.blockedURI || "something inline"}.`);
});
"""


@dataclass(frozen=True)
class Live:
    """A running server: where it is, and its database for setting a scene."""

    url: str
    services: Services

    @property
    def db(self) -> Database:
        """Return the database."""
        return self.services.db

    def log_in(self, person: Viewer) -> str:
        """Return the token of a new session."""
        return self.db.write(
            lambda session: sessions.start(
                session, person.id, address="", agent="", lifetime=timedelta(days=1)
            )
        )


@contextmanager
def live_server(
    folder: Path, database: Path, translations: Path | None = None, **settings: Any
) -> Iterator[Live]:
    """Serve an application and run its worker, each in a thread.

    `database` is a migrated one, which is copied; `translations` a folder of further catalogues.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    shutil.copy(database, folder / "microblog.db")
    app = make_app(Config(DATA_DIR=folder, **settings))
    if translations is not None:
        app.extensions["babel"].translation_directories.append(str(translations))
    services: Services = app.extensions["microblog"]
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_QuietHandler)
    over = threading.Event()
    threads = [
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}),
        threading.Thread(target=Worker(services).run, args=(over,)),
    ]
    for thread in threads:
        thread.start()
    try:
        yield Live(f"http://localhost:{server.port}", services)
    finally:
        over.set()
        server.shutdown()
        for thread in threads:
            thread.join()
        server.server_close()
        services.db.dispose()


class _QuietHandler(WSGIRequestHandler):
    """Answers requests, and leaves it to the application to log them."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - as the base has it.
        """Say nothing."""


class Window:
    """A browser of its own, with one page open, that notes down whatever is not as it should be."""

    def __init__(self, browser: Browser, live: Live, **options: Any) -> None:
        self.live = live
        self.problems: list[str] = []
        self._expected: list[str] = []
        self.context: BrowserContext = browser.new_context(
            base_url=live.url, **{"viewport": DESK, "locale": "en-US", **options}
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_init_script(_REPORT_VIOLATIONS)
        self.context.on("console", self._note_complaint)
        self.context.on("weberror", lambda error: self.problems.append(str(error.error)))
        self.context.on("request", self._note_foreign_request)
        self.context.on("response", self._note_missing_part)
        self.page: Page = self.context.new_page()

    def log_in(self, person: Viewer) -> Page:
        """Come back as somebody who is logged in."""
        token = self.live.log_in(person)
        self.context.add_cookies([{"name": "login", "value": token, "url": self.live.url}])
        return self.page

    def expect_problem(self, words: str) -> None:
        """Let a problem pass that a test makes on purpose."""
        self._expected.append(words)

    def close(self) -> None:
        """Close the browser. **Raises** AssertionError when anything was not as it should be."""
        self.context.close()
        self.check()

    def check(self) -> None:
        """**Raises** AssertionError when anything was not as it should be until now."""
        found = [
            problem
            for problem in self.problems
            if not any(expected in problem for expected in self._expected)
        ]
        assert not found, "\n".join(found)

    def _note_complaint(self, message: ConsoleMessage) -> None:
        is_complaint = message.type in ("error", "warning")
        if is_complaint and not message.text.startswith(_ANSWERED_WITH_AN_ERROR):
            self.problems.append(f"{message.page and message.page.url}: {message.text}")

    def _note_foreign_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and not request.url.startswith(self.live.url + "/"):
            self.problems.append(f"{request.frame.url} asks {request.url}")

    def _note_missing_part(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type not in _PAGES_AND_FRAGMENTS:
            self.problems.append(f"{response.url} answers {response.status}")


OpenWindow = Callable[..., Window]
