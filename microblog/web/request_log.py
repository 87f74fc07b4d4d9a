"""One line in the log for each request, with an id that an error page shows."""

import logging
import re
import time

from flask import Flask, Response, request

from microblog.web.context import here

logger = logging.getLogger(__name__)

# What the link of a mail holds, whole or in part, and wherever somebody pasted it: it is a secret.
_TOKEN = re.compile(r"eyJ[\w.-]{20,}")


def init_app(app: Flask) -> None:
    """Log every request of an application."""
    app.before_request(_begin)
    app.after_request(_log)


def _begin() -> None:
    here().services.db.reset_statements()


def _log(response: Response) -> Response:
    known, asked = here(), request
    # The query is left out: a token or a search could be in it.
    logger.info(
        "%s %s %s %d %.1fms %d statements",
        known.request_id,
        asked.method,
        _without_token(asked.path),
        response.status_code,
        (time.perf_counter() - known.began) * 1000,
        known.services.db.statements,
    )
    response.headers["X-Request-Id"] = known.request_id
    return response


def _without_token(path: str) -> str:
    return _TOKEN.sub("<token>", path) if "eyJ" in path else path
