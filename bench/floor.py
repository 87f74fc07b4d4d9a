"""The floor: a bare Flask route that returns bytes from memory, on the same server."""

import sys

from flask import Flask, Response
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

# With more of them it costs more, and a high floor would flatter what stands on it.
_THREADS = 2


def make_floor(size_bytes: int) -> Flask:
    """Make an application whose one page is that large."""
    app = Flask(__name__, static_folder=None)
    body = b"x" * size_bytes

    @app.get("/")
    def show() -> Response:
        return Response(body, content_type="text/html; charset=utf-8")

    return app


def main() -> None:
    """Serve the floor; the port and the size of the page are given."""
    port, size_bytes = map(int, sys.argv[1:])
    server = Granian(
        "floor",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=_THREADS,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=lambda: make_floor(size_bytes), wrap_loader=False)


if __name__ == "__main__":
    main()
