"""Identity: what a person owns their account by, and how they get it, keep it and end it.

Nothing here hashes a password, sends a mail or knows a page: hashes come checked and made, mails
are announced, links are signed by whoever writes the mail.
"""

from microblog.domain.identity.addresses import (
    confirm_email,
    request_confirmation,
    request_email_change,
)
from microblog.domain.identity.deletion import (
    begin_deletion,
    cancel_deletion,
    delete_account,
    start_due_deletions,
)
from microblog.domain.identity.enrolment import (
    REASON_LIMIT,
    Enrolment,
    enrol,
    forget_unconfirmed,
    standing,
)
from microblog.domain.identity.overview import LoginView, get_login
from microblog.domain.identity.passwords import (
    change_password,
    follow_up_reset,
    request_reset,
    reset_password,
    set_password,
)

__all__ = [
    "REASON_LIMIT",
    "Enrolment",
    "LoginView",
    "begin_deletion",
    "cancel_deletion",
    "change_password",
    "confirm_email",
    "delete_account",
    "enrol",
    "follow_up_reset",
    "forget_unconfirmed",
    "get_login",
    "request_confirmation",
    "request_email_change",
    "request_reset",
    "reset_password",
    "set_password",
    "standing",
    "start_due_deletions",
]
