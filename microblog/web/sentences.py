"""The words for what the domain refuses and for what an answer's status means."""

from datetime import timedelta
from functools import lru_cache
from math import ceil

from flask_babel import format_timedelta, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from microblog.domain.errors import Conflict, Invalid, TooMany
from microblog.domain.posts import Reminder
from microblog.translators import TranslatorError
from microblog.web.i18n import language
from microblog.web.numbers import and_others

# Reasons that have words of their own, beside the statuses.
FORGED = 4001
BUSY = 5031
_MINUTE, _HOUR = 60, 3600
# Further people are only counted.
_NAMED = 3

_SENTENCES = {
    "already_set_up": _l("Somebody has set up this server in the meantime: log in instead."),
    "block_self": _l("You cannot block yourself."),
    "characters": _l("There are characters in this that cannot be read. Type it anew."),
    "code_not_right": _l("This is not the code that the app shows now. Type the next one."),
    "code_wrong": _l("This is not the code that was printed when the server started."),
    "conversation_over": _l("Nobody is here any more who could read this."),
    "drafts_many": _l("You have %(maximum)s drafts: post or delete one first."),
    "email_malformed": _l("This is not an e-mail address such as name@example.org."),
    "email_taken": _l("An account with this address exists: log in, or use another address."),
    "email_unchanged": _l("This is your address already."),
    "field_half": _l("Give each line a label and a text, or leave both empty."),
    "fields_many": _l("At most %(maximum)s lines, please."),
    "follow_self": _l("You cannot follow yourself."),
    "form_broken": _l("The form was damaged on its way. Send it again."),
    "languages_many": _l("At most %(maximum)s languages, please."),
    "last_admin": _l("You are the last admin: make somebody else one first."),
    "language_unknown": _l("Choose one of the languages."),
    "link_dead": _l("This link does not work any more."),
    "mute_self": _l("You cannot mute yourself."),
    "not_followed": _l("You do not follow them, so there are no boosts to hide or show."),
    "nobody_mentioned": _l("Name somebody with @, or choose who else may see this."),
    "not_an_image": _l("This is no picture we can read: choose a PNG, JPEG, GIF or WebP file."),
    "password_common": _l("Many people use this password, so it is tried first. Choose another."),
    "password_long": _l("At most %(maximum)s bytes, please."),
    "password_personal": _l("This is little more than your name or address. Add some words."),
    "password_short": _l("Use at least %(minimum)s characters."),
    "pin_mentioned": _l("What is for mentioned people only cannot stand on your profile."),
    "pins_many": _l("At most %(maximum)s posts can be pinned. Unpin one of them first."),
    "picture_gone": _l("A picture is not here any more. Upload it again."),
    "pictures_many": _l("At most %(maximum)s pictures, please."),
    "post_empty": _l("Write something first."),
    "promote_inactive": _l("Only somebody who can log in can be an admin."),
    "registration_closed": _l("This server does not let in new people at the moment."),
    "registration_decided": _l("This registration has been decided in the meantime."),
    "registration_mode_unknown": _l("Choose one of the ways."),
    "recipient_missing": _l("Name somebody to write to."),
    "recipient_unreachable": _l("You cannot write to %(name)s. Is the name right?"),
    "recipients_many": _l("At most %(maximum)s people, please."),
    "required": _l("Fill this in."),
    "second_factor_not_begun": _l("Begin anew: there is no key to set up."),
    "second_factor_off": _l("Your second factor is off."),
    "second_factor_on": _l("Your second factor is on already."),
    "reset_own_factor": _l("Switch off your own second factor in your settings."),
    "suspend_self": _l("You cannot suspend yourself."),
    "theme_unknown": _l("Choose one of the themes."),
    "time_zone_unknown": _l("Choose one of the time zones."),
    "too_large": _l("The file is too large: at most 8 MB."),
    "too_long": _l("At most %(maximum)s characters, please."),
    "too_many_mails": _l("You were sent several mails of late. Look for them, and wait a little."),
    "too_many_pixels": _l("The picture has too many pixels: make it smaller first."),
    "username_characters": _l("Use only a to z, 0 to 9 and _, at most %(maximum)s of them."),
    "username_reserved": _l("This name is kept for the server. Choose another one."),
    "username_taken": _l("This name is taken. Choose another one."),
    "visibility_unknown": _l("Choose one of these."),
    "kind_unknown": _l("Choose one of these."),
}
# What a writer may have missed.
_REMINDERS = {
    "mentions_blocked": _l("You have blocked %(names)s, who will not see this."),
    "mentions_unknown": _l(
        "Nobody here is called %(names)s, so nobody of that name will see this."
    ),
    "no_description": _l("A picture has no description for people who cannot see it."),
    "tags_not_public": _l("Tags work only in public posts."),
}
_TRANSLATOR_SENTENCES = {
    "nonsense": _l("The translator's answer made no sense, so here is the original."),
    "quota": _l("The translator has no room for more at the moment. Try again later."),
    "refused": _l("The translator does not know this server any more. Tell its admins."),
    "timeout": _l("The translator took too long. Try again in a minute."),
    "unreachable": _l("The translator does not answer. Try again in a minute."),
    "unsupported": _l("The translator does not know this language."),
}
# What happened, and what to do next.
_STATUS_WORDS = {
    400: (
        _l("This request makes no sense"),
        _l("Check the address, or start from the home page."),
    ),
    FORGED: (
        _l("This form has expired"),
        _l("Go back, load the page again, and send it once more."),
    ),
    401: (_l("You are not logged in"), _l("Log in and try again.")),
    403: (_l("You may not do this"), _l("Go back, or log in as somebody who may.")),
    404: (
        _l("There is nothing here"),
        _l("The address may be mistyped, or what was here is deleted."),
    ),
    405: (_l("This page cannot be used that way"), _l("Start from the home page.")),
    409: (_l("Something has changed in the meantime"), _l("Load the page again and look.")),
    413: (_l("This is too large"), _l("Send a smaller file or a shorter text.")),
    415: (
        _l("This kind of data is not understood here"),
        _l("Send a form from one of our pages."),
    ),
    422: (
        _l("Something in this is not right"),
        _l("Go back, check what you typed, and send it again."),
    ),
    429: (_l("That was too often"), _l("Wait a little, then try again.")),
    500: (
        _l("Something went wrong on our side"),
        _l("It is recorded. Try again; if it stays, tell the admins the number below."),
    ),
    503: (_l("The server needs a moment"), _l("Try again in a few seconds.")),
    BUSY: (
        _l("The server is busy"),
        _l("Wait a few seconds, then load this page again: that sends your form once more."),
    ),
}


def sentence(error: Invalid | Conflict) -> str:
    """Say what a rule refused, in the reader's language."""
    values = getattr(error, "values", {})
    if error.code == "post_long":
        return ngettext(
            "This is too long by %(num)s character.",
            "This is too long by %(num)s characters.",
            int(values["excess"]),
        )
    return str(_SENTENCES[error.code]) % values


def reminder_sentence(reminder: Reminder) -> str:
    """Say what a writer may have missed, in the reader's language."""
    names = [f"@{name}" for name in reminder.names]
    listed = and_others(names[:_NAMED], len(names) - _NAMED, language()) if names else ""
    return str(_REMINDERS[reminder.code]) % {"names": listed}


def translator_sentence(error: TranslatorError) -> str:
    """Say why there is no translation, in the reader's language."""
    return str(_TRANSLATOR_SENTENCES[error.code])


def when_again(error: TooMany) -> str:
    """Say how long to wait, in the reader's language, and never too short."""
    span = _MINUTE if error.retry_after_seconds < _HOUR else _HOUR
    seconds = ceil(error.retry_after_seconds / span) * span
    # In Babel's words, such as "in 5 minutes".
    when = format_timedelta(timedelta(seconds=seconds), threshold=1, add_direction=True)
    return _("You can try again %(when)s.", when=when)


def too_often(error: TooMany) -> str:
    """Say at a field that something was done too often, and how long to wait."""
    return f"{status_words(429)[0]}. {when_again(error)}"


def status_words(status: int) -> tuple[str, str]:
    """Return the heading and the advice for a status, or for one of the reasons above."""
    known = status if status in _STATUS_WORDS else 400 if status < 500 else 500
    return _status_words(known, language())


@lru_cache(maxsize=1024)
def _status_words(known: int, _language: str) -> tuple[str, str]:
    heading, advice = _STATUS_WORDS[known]
    return str(heading), str(advice)
