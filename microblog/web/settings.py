"""What people change about themselves and how they see the server."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from microblog import capacity
from microblog.domain import accounts, avatars, relationships
from microblog.domain.errors import Invalid
from microblog.domain.viewer import Viewer
from microblog.domain.visibility import FOLLOWERS, MENTIONED, PUBLIC, QUIET
from microblog.files.images import BadImage, make_avatar, make_header
from microblog.web import limits
from microblog.web.context import database, require_viewer, services
from microblog.web.faces import avatar_url, header_url
from microblog.web.forms.settings import PreferencesForm, ProfileForm
from microblog.web.i18n import LANGUAGE_COOKIE, language, language_name, post_languages, speak
from microblog.web.pages import render
from microblog.web.zones import zone_choices

blueprint = Blueprint("settings", __name__)

# What is made of an upload, by its field, and whose it becomes.
_MAKE = {"avatar": make_avatar, "header": make_header}
_REPLACE = {"avatar": avatars.replace, "header": avatars.replace_header}


@blueprint.get("/settings/profile")
@login_required
def profile() -> ResponseReturnValue:
    """Show one's own profile for editing."""
    by = require_viewer()
    return _profile_form(_own_profile(by), by)


@blueprint.post("/settings/profile")
@login_required
def edit_profile() -> ResponseReturnValue:
    """Change one's profile or picture, by the button that was pressed."""
    by = require_viewer()
    form = _own_profile(by)
    try:
        if form.use_gravatar.data:
            message = _request_gravatar(by)
        elif form.remove_avatar.data:
            message = _remove_avatar(by)
        elif form.remove_header.data:
            message = _remove_header(by)
        else:
            message = _save_profile(by, form)
    except Invalid as error:
        form.refuse(error)
        return _profile_form(form, by), 422
    flash(message, "success")
    return redirect(url_for("settings.profile"), 303)


@blueprint.get("/settings/preferences")
@login_required
def preferences() -> ResponseReturnValue:
    """Show one's preferences."""
    by = require_viewer()
    with database().read() as session:
        account = accounts.get_by_username(session, by.username)
    form = PreferencesForm(
        locale=by.locale or "",
        time_zone=by.time_zone or "",
        theme=by.theme,
        default_visibility=by.default_visibility,
        post_languages=by.post_languages.split(",") if by.post_languages else [],
        avoids_shortcuts=not by.has_shortcuts,
        hides_last_seen=not account.shows_last_seen,
    )
    return _preferences_form(form)


@blueprint.post("/settings/preferences")
@login_required
def edit_preferences() -> ResponseReturnValue:
    """Change one's preferences."""
    by = require_viewer()
    # A form that does not say whom one writes for leaves that as it is.
    form = PreferencesForm(default_visibility=by.default_visibility)
    _offer_choices(form)
    if not form.validate():
        return _preferences_form(form), 422
    try:
        database().write(lambda session: _save_preferences(session, by, form))
    except Invalid as error:
        form.refuse(error)
        return _preferences_form(form), 422
    speak(form.locale.data or None)
    flash(_("Saved."), "success")
    response = redirect(url_for("settings.preferences"), 303)
    if not form.locale.data:
        # What was chosen as a visitor must not speak louder than the browser.
        response.delete_cookie(LANGUAGE_COOKIE)
    return response


def _save_preferences(session: Any, by: Viewer, form: PreferencesForm) -> None:
    accounts.edit_preferences(
        session,
        by=by,
        locale=form.locale.data or None,
        time_zone=form.time_zone.data or None,
        theme=form.theme.data,
        post_languages=form.post_languages.data,
        default_visibility=form.default_visibility.data,
        has_shortcuts=not form.avoids_shortcuts.data,
        shows_last_seen=not form.hides_last_seen.data,
    )


def _own_profile(by: Viewer) -> ProfileForm:
    """Return the form as it was sent; a field that was not sent says what is there already."""
    with database().read() as session:
        account = accounts.get_by_username(session, by.username)
    form = ProfileForm(
        display_name=by.display_name,
        about=account.about,
        fields=[{"label": field.label, "text": field.text} for field in account.fields],
        is_locked=account.is_locked,
    )
    form.kept_header = account.header
    return form


def _save_profile(by: Viewer, form: ProfileForm) -> str:
    with database().read() as session:
        draft = accounts.compose_profile(
            session,
            display_name=form.display_name.data or "",
            about=form.about.data or "",
            fields=[(line["label"] or "", line["text"] or "") for line in form.fields.data],
        )
    stored: dict[str, str] = {}

    def edit(session: Any) -> None:
        accounts.edit_profile(session, by=by, draft=draft)
        relationships.set_locked(session, by=by, is_locked=form.is_locked.data)
        for field, file in stored.items():
            _REPLACE[field](session, by.id, file)

    try:
        _store_uploads(stored)
        database().write(edit)
    except BaseException:
        for file in stored.values():
            services().storage.delete(file)
        raise
    return _("Your profile is saved.")


def _store_uploads(stored: dict[str, str]) -> None:
    """Make and store the avatar and the header that were sent; note their files by field."""
    made = {field: picture for field in _MAKE if (picture := _make(field)) is not None}
    for field, picture in made.items():
        stored[field] = services().storage.put(picture, ".webp")


def _make(field: str) -> bytes | None:
    upload = request.files.get(field)
    if upload is None or not upload.filename:
        return None
    limits.count_uploading()
    try:
        with capacity.heavy_work():
            return _MAKE[field](upload.read())
    except BadImage as error:
        raise Invalid(field, error.code) from None


def _remove_avatar(by: Viewer) -> str:
    database().write(lambda session: avatars.replace(session, by.id, None))
    return _("Your picture is removed.")


def _remove_header(by: Viewer) -> str:
    database().write(lambda session: avatars.replace_header(session, by.id, None))
    return _("Your header is removed.")


def _request_gravatar(by: Viewer) -> str:
    limits.count_uploading()
    database().write(lambda session: avatars.request_gravatar(session, by=by))
    return _("Your Gravatar is being fetched. It will be here in a moment.")


def _profile_form(form: ProfileForm, by: Viewer) -> str:
    return render(
        "settings/profile.html",
        active="settings",
        title=_("Edit profile"),
        form=form,
        section="profile",
        has_avatar=by.avatar is not None,
        avatar=avatar_url(by.id, by.avatar),
        header=header_url(form.kept_header),
        display_name_limit=accounts.DISPLAY_NAME_LIMIT,
        about_limit=accounts.ABOUT_LIMIT,
    )


def _preferences_form(form: PreferencesForm) -> str:
    _offer_choices(form)
    return render(
        "settings/preferences.html",
        active="settings",
        title=_("Preferences"),
        form=form,
        section="preferences",
    )


def _offer_choices(form: PreferencesForm) -> None:
    languages = services().config.LANGUAGES
    form.locale.choices = [("", _("As my browser says"))] + [
        (tag, language_name(tag)) for tag in languages
    ]
    form.time_zone.choices = zone_choices(form.time_zone.data)
    form.post_languages.choices = list(post_languages(language()))
    form.default_visibility.choices = [
        (PUBLIC, _("Public — anybody, and on Explore")),
        (QUIET, _("Quiet public — anybody, but not on Explore or tags")),
        (FOLLOWERS, _("Followers")),
        (MENTIONED, _("Only those you mention")),
    ]
    form.theme.choices = [
        ("auto", _("As my device says")),
        ("light", _("Light")),
        ("dark", _("Dark")),
        ("contrast", _("High contrast")),
    ]
