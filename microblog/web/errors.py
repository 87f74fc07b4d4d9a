"""What a person reads when something went wrong: what happened, and what to do next."""

import logging
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from microblog import capacity
from microblog.db import DatabaseError, is_unavailable
from microblog.domain import errors as domain_errors
from microblog.domain.sessions import Visit
from microblog.web.context import here, visit
from microblog.web.hidden import hidden_person_url
from microblog.web.i18n import language, text_direction
from microblog.web.pages import pages, render
from microblog.web.sentences import BUSY, FORGED, status_words, when_again

logger = logging.getLogger(__name__)

_STATUS_OF = {
    domain_errors.NotFound: 404,
    domain_errors.NotAllowed: 403,
    domain_errors.Invalid: 422,
    domain_errors.Conflict: 409,
}


def init_app(app: Flask) -> None:
    """Answer every error of an application with a page, or with JSON to who asks for it."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _forged_form)
    app.register_error_handler(domain_errors.DomainError, _domain_error)
    app.register_error_handler(domain_errors.TooMany, _too_many)
    app.register_error_handler(capacity.NoCapacity, _no_capacity)
    app.register_error_handler(DatabaseError, _database_error)
    app.register_error_handler(Exception, _unexpected)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    # A redirect that routing asks for is no error.
    if error.code is None or error.code < 400:
        return error.get_response()
    response = _answer(error.code)
    for name in ("Allow", "Retry-After"):
        for value in error.get_response().headers.getlist(name):
            response.headers[name] = value
    return response


def _forged_form(_error: CSRFError) -> ResponseReturnValue:
    return _answer(400, FORGED)


def _domain_error(error: domain_errors.DomainError) -> ResponseReturnValue:
    return _answer(next(code for kind, code in _STATUS_OF.items() if isinstance(error, kind)))


def _too_many(error: domain_errors.TooMany) -> ResponseReturnValue:
    response = _answer(429, advice=when_again(error))
    response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response


def _no_capacity(_error: capacity.NoCapacity) -> ResponseReturnValue:
    response = _busy() if not _wants_json() else _answer(503, BUSY)
    response.headers["Retry-After"] = str(capacity.RETRY_AFTER_SECONDS)
    return response


def _database_error(error: DatabaseError) -> ResponseReturnValue:
    if not is_unavailable(error):
        return _unexpected(error)
    logger.error(
        "%s The database does not answer: %s", here().request_id, error.orig, extra=_request()
    )
    _ask_nothing_more()
    response = _answer(503)
    response.headers["Retry-After"] = "5"
    return response


def _unexpected(error: Exception) -> ResponseReturnValue:
    # The values of a statement are people's texts and never stand in a log.
    if isinstance(error, DatabaseError):
        error.hide_parameters = True
    logger.error("%s failed", here().request_id, exc_info=error, extra=_request())
    return _answer(500)


def _request() -> dict[str, str]:
    """Return what the mail about an error names the request by."""
    return {"request_id": here().request_id}


def _answer(status: int, reason: int = 0, *, advice: str = "") -> Response:
    try:
        visit()
    except DatabaseError:
        _ask_nothing_more()
    heading, usual_advice = status_words(reason or status)
    advice = advice or usual_advice
    if _wants_json():
        body = {"error": heading, "advice": advice, "request_id": here().request_id}
        return make_response(jsonify(body), status)
    page = {"code": status, "heading": heading, "advice": advice, "request_id": here().request_id}
    if status == 404 and (hidden_url := hidden_person_url()) is not None:
        page["hidden_url"] = hidden_url
    return make_response(_page(heading, page), status)


def _busy() -> Response:
    """Turn somebody away at next to no cost: it happens when there is no time for anything."""
    heading, advice = status_words(BUSY)
    tongue = language()
    skeleton = pages().skeletons.get(
        "errors/bare.html",
        ("request_id",),
        code=503,
        locale=tongue,
        text_direction=text_direction(tongue),
        title=heading,
        heading=heading,
        advice=advice,
    )
    return make_response(skeleton.fill({"request_id": here().request_id.encode()}), 503)


def _ask_nothing_more() -> None:
    """Do without knowing the reader when it was the database that failed to tell."""
    if here().visit is None:
        here().visit = Visit(None, None)


def _wants_json() -> bool:
    accepts = request.accept_mimetypes
    return accepts["application/json"] > accepts["text/html"]


def _page(title: str, page: dict[str, Any]) -> str:
    try:
        return render("errors/error.html", title=title, **page)
    except Exception as error:
        # The database may be what is broken: then the page does without it.
        logger.warning(
            "%s The error page does without the server's name: %r", here().request_id, error
        )
        return render_template("errors/bare.html", title=title, **page)
