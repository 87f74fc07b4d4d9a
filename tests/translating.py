"""A translating service on this machine: speaks the protocols of Azure and of LibreTranslate.

Its translations are the same words in capitals, which shows what was translated and what was not.
"""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY, REGION = "a-secret-key", "westeurope"
LANGUAGES = {"en", "de", "ar", "ja", "es", "el", "fa", "zh-Hans", "nb"}
_TAG = re.compile(r"(<[^>]*>|&\w+;)")

Rude = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers as the services document it, or as rudely as a test wants."""

    protocol_version = "HTTP/1.1"
    server: "TranslatingServer"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.server.asked.append((self.path, dict(self.headers), body))
        self.close_connection = True
        try:
            if self.server.rude is not None:
                self.server.rude(self)
            elif "api-version" in self.path:
                self._azure(json.loads(body))
            else:
                self._libretranslate(json.loads(body))
        except OSError:
            # The client has hung up.
            self.server.hung_up.set()

    def log_request(self, *_: object) -> None:
        """Say nothing."""

    def answer(self, status: int, body: Any, content_type: str = "application/json") -> None:
        """Answer JSON, or bytes as they are."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _azure(self, lines: list[dict[str, str]]) -> None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        if self.headers.get("Ocp-Apim-Subscription-Key") != KEY:
            return self.answer(401, {"error": {"code": 401000, "message": "not authorized"}})
        if self.headers.get("Ocp-Apim-Subscription-Region") != REGION:
            return self.answer(401, {"error": {"code": 401000, "message": "wrong region"}})
        if asked["to"] not in LANGUAGES:
            return self.answer(400, {"error": {"code": 400036, "message": "target not valid"}})
        if asked.get("from") not in LANGUAGES:
            return self.answer(400, {"error": {"code": 400035, "message": "source not valid"}})
        assert (asked["api-version"], asked["textType"]) == ("3.0", "html")
        return self.answer(
            200,
            [
                {"translations": [{"text": self.server.words(line["Text"]), "to": asked["to"]}]}
                for line in lines
            ],
        )

    def _libretranslate(self, asked: dict[str, Any]) -> None:
        if asked.get("api_key") != KEY:
            return self.answer(403, {"error": "Invalid API key"})
        if not {asked["source"], asked["target"]} <= LANGUAGES:
            return self.answer(400, {"error": f"{asked['source']} is not supported"})
        assert asked["format"] == "html"
        return self.answer(200, {"translatedText": [self.server.words(q) for q in asked["q"]]})


class TranslatingServer(ThreadingHTTPServer):
    """The service; `rude` replaces its answers, `words` its translations."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.rude: Rude | None = None
        self.words: Callable[[str], str] = in_capitals
        self.hung_up = threading.Event()

    @property
    def url(self) -> str:
        """Return where it is."""
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client may hang up."""


def in_capitals(line: str) -> str:
    """Translate a line of HTML: its tags and entities stay."""
    parts = _TAG.split(line)
    return "".join(part if number % 2 else part.upper() for number, part in enumerate(parts))


@contextmanager
def translating_server() -> Iterator[TranslatingServer]:
    """Run the service in a thread."""
    server = TranslatingServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.hung_up.set()
        server.shutdown()
        thread.join()
        server.server_close()
