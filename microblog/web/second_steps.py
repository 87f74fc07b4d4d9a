"""The second step of logging in: a code, for those who have a second factor.

Who has given the right password is not logged in yet. That they have is kept in the signed cookie
of their browser, for a few minutes, and opens nothing but this step.
"""

import secrets
import time
from dataclasses import astuple, dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask import session as browser_session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from microblog.domain import attempts, identity, second_factor, security_log
from microblog.web import limits
from microblog.web.addresses import origin
from microblog.web.context import database
from microblog.web.forms.second_factor import SecondStepForm
from microblog.web.login import sign_in
from microblog.web.pages import render
from microblog.web.redirects import local_path, redirect_back

blueprint = Blueprint("second_steps", __name__)

LIFETIME = timedelta(minutes=5)
# Of one login; whoever has used them up begins with the password again.
TRIES = attempts.Rule("second_step", 5, LIFETIME)
_PENDING = "second_step"


@dataclass(frozen=True)
class Pending:
    """A login that waits for its code."""

    account_id: int
    remember: bool
    began_at: float
    # What its tries are counted by: in the database, since an older cookie can be sent again.
    key: str
    # Of the password and the secret as they were: when one of them changes, this is void.
    fingerprint: str


def begin(account_id: int, remember: bool) -> Response | None:
    """Ask for a code before somebody is logged in; None when they have no second factor."""
    with database().read() as session:
        fingerprint = second_factor.fingerprint(session, account_id)
    if fingerprint is None:
        return None
    pending = Pending(account_id, remember, time.time(), secrets.token_urlsafe(16), fingerprint)
    # What the browser had before belonged to nobody, or to somebody else.
    browser_session.clear()
    browser_session[_PENDING] = astuple(pending)
    return redirect(_url("second_steps.new"), 303)


@blueprint.get("/auth/login/code")
def new() -> ResponseReturnValue:
    """Ask for the code."""
    if _find_pending() is None:
        return _lead_back(_("Log in again: that took too long, or your password has changed."))
    return _form(SecondStepForm())


@blueprint.post("/auth/login/code")
def create() -> ResponseReturnValue:
    """Log a person in whose code is right."""
    pending, form = _find_pending(), SecondStepForm()
    if pending is None:
        return _lead_back(_("Log in again: that took too long, or your password has changed."))
    if not form.validate():
        return _form(form), 422
    limits.check_code(pending.account_id)
    codes_left = _codes_left(pending.account_id)
    if not database().write(lambda session: _check(session, pending, form.code.data)):
        return _refuse(form, pending)
    response = redirect_back(request.args.get("next"), url_for("home.show"))
    sign_in(response, pending.account_id, remember=pending.remember)
    _tell_codes_left(codes_left, _codes_left(pending.account_id))
    return response


def _find_pending() -> Pending | None:
    kept = browser_session.get(_PENDING)
    pending = Pending(*kept) if kept else None
    if pending is None or time.time() - pending.began_at > LIFETIME.total_seconds():
        return None
    with database().read() as session:
        return pending if _is_valid(session, pending) else None


def _is_valid(session: Any, pending: Pending) -> bool:
    """Tell whether the password that was given still opens this step."""
    return (
        second_factor.fingerprint(session, pending.account_id) == pending.fingerprint
        and identity.standing(session, pending.account_id) != "suspended"
        and not any(attempts.wait_for(session, [TRIES.of(pending.key)]))
    )


def _check(session: Any, pending: Pending, code: str) -> bool:
    """Use a try up; tell whether the code is right."""
    if not _is_valid(session, pending) or attempts.hit(session, TRIES.of(pending.key)):
        return False
    if second_factor.check(session, pending.account_id, code, origin()):
        return True
    security_log.record(
        session, security_log.SIGN_IN_FAILED, pending.account_id, detail="code", origin=origin()
    )
    return False


def _refuse(form: SecondStepForm, pending: Pending) -> ResponseReturnValue:
    limits.count_failed_code(pending.account_id)
    if _find_pending() is None:
        return _lead_back(_("That was not right too often. Log in again."))
    form.code.errors = [_("This code is not right, or was used before. Type the next one.")]
    return _form(form), 401


def _lead_back(reason: str) -> Response:
    if browser_session.pop(_PENDING, None) is not None:
        flash(reason, "warning")
    if request.headers.get("HX-Request"):
        # A fragment cannot show the form; the whole page goes there.
        return Response(status=401, headers={"HX-Redirect": _url("sessions.new")})
    return redirect(_url("sessions.new"), 303)


def _codes_left(account_id: int) -> int:
    with database().read() as session:
        return second_factor.describe(session, account_id).codes_left


def _tell_codes_left(before: int, left: int) -> None:
    if left < before:
        flash(
            ngettext(
                "That recovery code is used up. %(num)s is left.",
                "That recovery code is used up. %(num)s are left.",
                left,
            ),
            "warning",
        )


def _form(form: SecondStepForm) -> str:
    recovery = "recovery" in request.args
    return render(
        "sessions/code.html",
        title=_("One more step"),
        form=form,
        recovery=recovery,
        here_url=_url("second_steps.create", recovery=recovery or None),
        other_url=_url("second_steps.new", recovery=not recovery or None),
    )


def _url(endpoint: str, **values: Any) -> str:
    """Return an address that still knows where the person wanted to go."""
    return url_for(endpoint, next=local_path(request.args.get("next")), **values)
