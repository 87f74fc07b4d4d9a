"""A server of pictures, as Gravatar is one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class PictureServer:
    """Answers every request in one way, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.status = 200
        self.body = b""
        self.url = ""


@contextmanager
def picture_server() -> Iterator[PictureServer]:
    """Run a server of pictures on a free port."""
    pictures = PictureServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            pictures.asked.append(self.path)
            self.send_response(pictures.status)
            self.send_header("Content-Type", "image/png")
            self.send_header("Content-Length", str(len(pictures.body)))
            self.end_headers()
            self.wfile.write(pictures.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base has it.
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    pictures.url = f"http://127.0.0.1:{server.server_port}/avatar/"
    try:
        yield pictures
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
