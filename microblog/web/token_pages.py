"""Pages whose address holds the token of a mail: nothing that they lead to may learn it."""

from flask import Blueprint, Response, request

from microblog.web.headers import NO_REFERRER


def init_blueprint(blueprint: Blueprint) -> None:
    """Let browsers keep to themselves where these pages were, errors included."""
    blueprint.after_request(_keep_address)


def _keep_address(response: Response) -> Response:
    if "token" in (request.view_args or {}):
        name, value = NO_REFERRER
        response.headers[name] = value
    return response
