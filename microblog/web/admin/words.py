"""The words for what administration lists: states, modes, and what the outbox holds."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from microblog.domain import security_log
from microblog.domain.security_log import LogEntry

_JOBS = {
    "PostPublished": _l("Bringing a post to its readers"),
    "PostDeleted": _l("Clearing a deleted post away"),
    "Followed": _l("Bringing older posts to a new follower"),
    "Unfollowed": _l("Taking posts off a timeline"),
    "FilesReleased": _l("Deleting pictures that are not used any more"),
    "GravatarRequested": _l("Fetching a Gravatar"),
    "MailRequested": _l("Sending a mail"),
    "PasswordResetRequested": _l("Answering somebody who forgot a password"),
    "AccountDeleted": _l("Deleting an account"),
}
_MAILS = {
    "reset_password": _l("Reset your password"),
    "password_changed": _l("Your password was changed"),
    "confirm_email": _l("Confirm your address"),
    "change_email": _l("Confirm your new address"),
    "email_changed": _l("Your address was changed"),
    "address_in_use": _l("Somebody registered with your address"),
    "registration_waiting": _l("Somebody would like to be let in"),
    "registration_accepted": _l("You are let in"),
    "registration_refused": _l("You are not let in"),
    "deletion_begun": _l("Your account will be deleted"),
    "account_deleted": _l("Your account is deleted"),
    "second_factor_on": _l("Your second factor is on"),
    "second_factor_off": _l("Your second factor is off"),
    "error_report": _l("Something went wrong on the server"),
}
_SETTINGS = {
    "name": _l("Name"),
    "description": _l("Description"),
    "rules": _l("Rules"),
    "registration_mode": _l("Who may make an account"),
}
_ROLES = {"admin": _l("Admin"), "member": _l("Member")}


def detail_words(entry: LogEntry) -> str:
    """Say what exactly an admin did; nothing where the log's own words say it all."""
    if entry.kind == security_log.ROLE_CHANGED:
        return str(_ROLES.get(entry.detail, entry.detail))
    if entry.kind == security_log.SETTINGS_CHANGED:
        return ", ".join(str(_SETTINGS.get(name, name)) for name in entry.detail.split(", "))
    if entry.kind in (security_log.JOB_RETRIED, security_log.JOB_DROPPED):
        return job_words(entry.detail.partition(" ")[0])
    return ""


def job_words(kind: str) -> str:
    """Say what a job does; one of another version has no words."""
    return str(_JOBS.get(kind, kind))


def mail_words(kind: str) -> str:
    """Say what a mail is about."""
    return str(_MAILS.get(kind, kind))


def state_choices() -> list[tuple[str, str]]:
    """Return what the list of accounts can be narrowed down to."""
    return [
        ("", _("Everybody")),
        ("active", _("Active")),
        ("waiting", _("Waiting to be let in")),
        ("suspended", _("Suspended")),
        ("admins", _("Admins")),
    ]


def registration_mode_choices() -> list[tuple[str, str]]:
    """Return who may make an account."""
    return [
        ("open", _("Everybody")),
        ("approval", _("Whoever an admin lets in")),
        ("closed", _("Nobody")),
    ]
