"""Mails: rendered in the reader's language, and handed to a mail server or kept as files.

It knows what a mail says and how one travels, but no account, no database and no request.
"""

from microblog.mail.errors import MailError, Undeliverable
from microblog.mail.folder import KeptMail, OpenedMail
from microblog.mail.mailer import Mailer
from microblog.mail.message import Mail, ascii_host
from microblog.mail.rendering import KINDS, render
from microblog.mail.smtp import MailServer

__all__ = [
    "KINDS",
    "KeptMail",
    "Mail",
    "MailError",
    "MailServer",
    "Mailer",
    "OpenedMail",
    "Undeliverable",
    "ascii_host",
    "render",
]
