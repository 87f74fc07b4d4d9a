"""What people change about themselves and how they see the server."""

import wtforms
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from microblog.domain.accounts import MOST_FIELDS
from microblog.web.forms import Form


class ProfileFieldForm(wtforms.Form):
    """A line of one's profile."""

    label = StringField(_l("Label"))
    text = StringField(_l("Content"))


class ProfileForm(Form):
    """One's own profile. Each button says what it does."""

    display_name = StringField(_l("Display name"))
    about = TextAreaField(_l("About me"))
    fields = FieldList(
        FormField(ProfileFieldForm), min_entries=MOST_FIELDS, max_entries=MOST_FIELDS
    )
    is_locked = BooleanField(_l("Let in followers by hand"))
    avatar = FileField(_l("Picture"))
    submit = SubmitField(_l("Save"))
    use_gravatar = SubmitField(_l("Use my Gravatar"))
    remove_avatar = SubmitField(_l("Remove picture"))
    header = FileField(_l("Header"))
    remove_header = SubmitField(_l("Remove header"))
    # The file there is already.
    kept_header: str | None = None


class PreferencesForm(Form):
    """Language, zone, theme, what one writes, and what others see."""

    locale = SelectField(_l("Language"))
    time_zone = SelectField(_l("Time zone"))
    theme = SelectField(_l("Colours"))
    default_visibility = SelectField(_l("Who can see what I write"))
    post_languages = SelectMultipleField(
        _l("Languages of posts on Explore"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    avoids_shortcuts = BooleanField(_l("Do not use single keys as shortcuts"))
    hides_last_seen = BooleanField(_l("Do not show others when I was here last"))
    submit = SubmitField(_l("Save"))


class NotificationsForm(Form):
    """What one wants to be told: kinds, on the page and by mail."""

    on_page = SelectMultipleField(_l("On the page"))
    by_mail = SelectMultipleField(_l("By mail"))
    submit = SubmitField(_l("Save"))
