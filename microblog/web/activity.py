"""The security log in words: what happened to an account, or what an admin did."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from microblog.domain import security_log
from microblog.domain.security_log import LogEntry
from microblog.text.agents import recognise
from microblog.web.names import ltr

_WORDS = {
    security_log.SIGNED_IN: _l("Logged in"),
    security_log.SIGN_IN_FAILED: _l("A login failed"),
    security_log.SIGNED_OUT_OTHERS: _l("Logged out everywhere else"),
    security_log.PASSWORD_CHANGED: _l("Password changed"),
    security_log.RESET_REQUESTED: _l("A link to reset the password was sent"),
    security_log.PASSWORD_RESET: _l("Password reset"),
    security_log.EMAIL_CHANGE_REQUESTED: _l("Another address was asked for"),
    security_log.EMAIL_CHANGED: _l("Address changed"),
    security_log.EMAIL_CONFIRMED: _l("Address confirmed"),
    security_log.SECOND_FACTOR_ON: _l("Second factor switched on"),
    security_log.SECOND_FACTOR_OFF: _l("Second factor switched off"),
    security_log.RECOVERY_CODE_USED: _l("A recovery code was used"),
    security_log.DELETION_BEGUN: _l("Deletion of the account asked for"),
    security_log.DELETION_CANCELLED: _l("Deletion of the account called off"),
    security_log.REGISTERED: _l("Account created"),
    security_log.SUSPENDED: _l("Suspended by an admin"),
    security_log.RESTORED: _l("Suspension ended by an admin"),
    security_log.ROLE_CHANGED: _l("Role changed by an admin"),
    security_log.REGISTRATION_ACCEPTED: _l("Let in by an admin"),
    security_log.REGISTRATION_REFUSED: _l("Refused by an admin"),
    security_log.SECOND_FACTOR_RESET: _l("Second factor reset by an admin"),
    security_log.SETTINGS_CHANGED: _l("Settings of the server changed"),
    security_log.JOB_RETRIED: _l("A parked job was tried again"),
    security_log.JOB_DROPPED: _l("A parked job was dropped"),
}


def entry_words(entry: LogEntry) -> str:
    """Say what happened, in the reader's language."""
    if entry.kind == security_log.SIGNED_OUT_OTHERS and entry.detail:
        return _logged_out_words(entry.detail)
    if entry.kind == security_log.PASSWORD_RESET and entry.detail:
        return _("Password reset by the operator of this server")
    if entry.kind == security_log.EMAIL_CHANGED and entry.detail:
        return _("Address changed to %(email)s", email=ltr(entry.detail))
    # A later version may have written what this one does not know.
    return str(_WORDS.get(entry.kind, entry.kind))


def _logged_out_words(agent: str) -> str:
    browser, system = recognise(agent)
    if browser and system:
        return _("Logged out of %(browser)s on %(system)s", browser=browser, system=system)
    return _("Logged out elsewhere")
