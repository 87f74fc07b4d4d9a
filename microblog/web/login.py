"""Beginning a login session, once somebody has shown who they are."""

from datetime import timedelta
from typing import Any

from flask import request, url_for
from flask import session as browser_session
from werkzeug.wrappers import Response

from microblog.domain import identity, security_log, sessions
from microblog.domain.viewer import Viewer
from microblog.web.addresses import client_address, origin
from microblog.web.context import database, login_cookie_name, services


def sign_in(response: Response, account_id: int, *, remember: bool) -> None:
    """Begin a session and give its token to the browser; one it had before ends."""
    config = services().config
    lifetime = timedelta(days=config.REMEMBER_DAYS if remember else config.SESSION_DAYS)
    previous = request.cookies.get(login_cookie_name())

    def start(session: Any) -> str:
        if previous:
            sessions.end(session, previous)
        security_log.record(session, security_log.SIGNED_IN, account_id, origin=origin())
        return sessions.start(
            session,
            account_id,
            address=client_address(),
            agent=request.user_agent.string,
            lifetime=lifetime,
        )

    # What the browser had before belonged to nobody, or to somebody else.
    browser_session.clear()
    response.set_cookie(
        login_cookie_name(),
        database().write(start),
        max_age=lifetime if remember else None,
        secure=config.is_https,
        httponly=True,
        samesite="Lax",
    )
    _lead_back_from_leaving(response, account_id)


def _lead_back_from_leaving(response: Response, account_id: int) -> None:
    """Show somebody whose account is about to go first of all where they can keep it."""
    with database().read() as session:
        leaves_at = identity.get_login(session, Viewer(account_id, "")).delete_at
    if leaves_at is not None:
        response.location = url_for("account_settings.show")
