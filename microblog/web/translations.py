"""A post in the reader's language."""

from typing import Any

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from microblog import capacity
from microblog.domain import translations
from microblog.domain.paths import post_path
from microblog.domain.translations import Original, TranslationView
from microblog.translators import Translator, TranslatorError, translate_html
from microblog.web import limits
from microblog.web.context import database, services, viewer
from microblog.web.i18n import language, language_in, text_direction
from microblog.web.pages import render
from microblog.web.sentences import translator_sentence

blueprint = Blueprint("translations", __name__)

# When a translator that is busy, or does not answer, may be asked again.
_RETRY_AFTER_SECONDS = 60


@blueprint.get("/posts/<id:post_id>/translation")
@login_required
def show(post_id: int) -> ResponseReturnValue:
    """Show a post with the translation that is kept; by opening a page, nothing is sent out."""
    original, kept = _look_up(post_id)
    return _page(original, kept)


@blueprint.post("/posts/<id:post_id>/translation")
@login_required
def create(post_id: int) -> ResponseReturnValue:
    """Have a post translated, in place by a script and on a page without one."""
    original, kept = _look_up(post_id)
    in_place = "HX-Request" in request.headers
    try:
        translation = kept or _translate(original)
    except TranslatorError as error:
        sentence = translator_sentence(error)
        if in_place:
            return render_template("translations/_failed.html", post_id=post_id, error=sentence)
        response = make_response(_page(original, None, sentence), 503)
        response.headers["Retry-After"] = str(_RETRY_AFTER_SECONDS)
        return response
    if in_place:
        return render_template("translations/_translation.html", **_shown(translation))
    return _page(original, translation)


def _look_up(post_id: int) -> tuple[Original, TranslationView | None]:
    _translator()
    with database().read() as session:
        original = translations.get_original(session, viewer(), post_id)
        return original, translations.find(session, original, language())


def _translate(original: Original) -> TranslationView:
    """Ask the translator, and keep what it says.

    **Raises** TranslatorError, TooMany, NoCapacity.
    """
    translator = _translator()
    target = language()
    if original.language is None:
        raise TranslatorError("unsupported")
    with capacity.waiting_for_others():
        limits.count_translating()
        html, source = translate_html(translator, original.html, original.language, target)
    translation = TranslationView(html, source, translator.name)
    database().write(lambda session: translations.store(session, original, target, translation))
    return translation


def _translator() -> Translator:
    translator = services().translator
    if translator is None:
        raise NotFound
    return translator


def _page(original: Original, translation: TranslationView | None, error: str = "") -> str:
    return render(
        "translations/show.html",
        title=_("Translation"),
        post_id=original.post_id,
        post_html=Markup(original.html),  # noqa: S704 - sanitised when it was published.
        post_url=post_path(original.username, original.post_id),
        post_language=original.language,
        error=error,
        **(_shown(translation) if translation else {"translation_html": None}),
    )


def _shown(translation: TranslationView) -> dict[str, Any]:
    tongue = language()
    return {
        "translation_html": Markup(translation.html),  # noqa: S704 - sanitised when it came.
        "translation_language": tongue,
        "translation_direction": text_direction(tongue),
        "source_name": language_in(translation.source_language, tongue),
        "provider": translation.provider,
    }
