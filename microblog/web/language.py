"""The language of the interface, chosen by whoever reads it: a member, or a visitor by a cookie."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from microblog.domain import accounts
from microblog.domain.errors import Invalid
from microblog.web.context import database, services, viewer
from microblog.web.forms import Form
from microblog.web.i18n import LANGUAGE_COOKIE, language, language_name, speak, text_direction
from microblog.web.pages import render
from microblog.web.redirects import came_from, local_path
from microblog.web.sentences import sentence

blueprint = Blueprint("language", __name__)

_YEAR_SECONDS = 365 * 86_400


@blueprint.get("/language")
def show() -> ResponseReturnValue:
    """Offer the languages, each by its own name."""
    return _page(came_from() or "/")


@blueprint.post("/language")
def choose() -> ResponseReturnValue:
    """Remember the language that was chosen, and go back to where one was."""
    back = local_path(request.form.get("next")) or "/"
    chosen = request.form.get("language")
    if chosen not in services().config.LANGUAGES:
        return _page(back, sentence(Invalid("language", "language_unknown"))), 422
    by = viewer()
    if by is not None:
        database().write(lambda session: accounts.choose_locale(session, by=by, locale=chosen))
    speak(chosen)
    response = redirect(back, 303)
    response.set_cookie(
        LANGUAGE_COOKIE,
        chosen,
        max_age=_YEAR_SECONDS,
        secure=services().config.is_https,
        httponly=True,
        samesite="Lax",
    )
    return response


def _page(back: str, error: str = "") -> str:
    languages = [
        (tag, language_name(tag), text_direction(tag)) for tag in services().config.LANGUAGES
    ]
    return render(
        "language/show.html",
        title=_("Language"),
        form=Form(),
        languages=languages,
        current=language(),
        next=back,
        error=error,
    )
