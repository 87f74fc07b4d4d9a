"""A mail as it travels: Flask-Mail's message, with headers that nothing typed can break."""

import ipaddress
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import policy
from email.charset import QP, Charset
from functools import lru_cache

import flask_mail
import idna
from flask import Flask

from microblog.mail.errors import Undeliverable

_MAX_ADDRESS_LENGTH = 254
_MAX_SUBJECT_LENGTH = 400
_MAX_NAME_LENGTH = 100
# Lines of an ASCII text that is sent as it is; RFC 5321 allows 998 characters.
_MAX_LINE_LENGTH = 900

# What may stand before and behind the @ once names of hosts are in ASCII: nothing that ends a
# header, begins a second address or needs quotes.
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_HOST = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*|\[[0-9A-Za-z:.]+\]")
_MESSAGE_ID = re.compile(r"<[0-9A-Za-z][0-9A-Za-z._-]{0,99}@[0-9A-Za-z.:_\[\]-]{1,253}>")


@dataclass(frozen=True)
class Mail:
    """What a mail says. `sender_name` stands before the sender's address."""

    subject: str
    text: str
    html: str
    sender_name: str = ""


class _Message(flask_mail.Message):
    """Flask-Mail's message, with its headers as they were encoded.

    Python would decode and encode long ones anew, and gets the spaces of long names wrong; before
    3.11.10 it even wrote out line breaks that it found inside (CVE-2024-6923).
    """

    def as_bytes(self) -> bytes:
        """Return what travels."""
        message = self._message()
        message.policy = policy.SMTP.clone(refold_source="none")
        return message.as_bytes()


def compose(mail: Mail, *, sender: str, to: str, message_id: str) -> flask_mail.Message:
    """Return the message for one receiver. **Raises** Undeliverable for what no header may hold."""
    if not _MESSAGE_ID.fullmatch(message_id):
        raise Undeliverable("The Message-ID is malformed.")
    from_address = ascii_address(sender)
    message = _Message(
        subject=_line(mail.subject)[:_MAX_SUBJECT_LENGTH],
        recipients=[ascii_address(to)],
        body=_encodable(mail.text),
        html=_encodable(mail.html),
        sender=from_address,
        # No answering machine answers, and none of ours: RFC 3834.
        extra_headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
    )
    name = _line(mail.sender_name)[:_MAX_NAME_LENGTH].rstrip()
    if name:
        # Joined to a text by the constructor, a name with a comma would become two addresses.
        message.sender = (name, from_address)
    message.msgId = message_id
    if not _travels_as_it_is(message.body or "", message.html or ""):
        # It asks for a name and hands on whatever the standard library takes.
        message.charset = _quoted_printable()  # type: ignore[assignment]  # See above.
    return message


def ascii_address(address: str) -> str:
    """Return an address as mail servers know it, its host in ASCII. **Raises** Undeliverable."""
    local_part, _, host = address.rpartition("@")
    host = ascii_host(host)
    if not _LOCAL_PART.fullmatch(local_part) or not _HOST.fullmatch(host):
        raise Undeliverable("The address is none that a mail can be sent to.")
    if len(local_part) + 1 + len(host) > _MAX_ADDRESS_LENGTH:
        raise Undeliverable("The address is too long.")
    return f"{local_part}@{host}"


def ascii_host(host: str) -> str:
    """Return the name of a host as it stands in an address: in ASCII, numbers in brackets."""
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        return f"[IPv6:{number}]" if number.version == 6 else f"[{number}]"
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        return host


@contextmanager
def flask_mail_context() -> Iterator[None]:
    """Give Flask-Mail what it looks for where no request is: the settings of an application."""
    with _application().app_context():
        yield


@lru_cache(maxsize=1)
def _application() -> Flask:
    app = Flask("microblog.mail", static_folder=None)
    flask_mail.Mail(app)
    return app


def _line(text: str) -> str:
    """Return a text that may stand in a header. **Raises** Undeliverable."""
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in text):
        raise Undeliverable("A header would have more than one line.")
    # Not the beginning of an encoded word: what it means would be shown instead.
    return text.replace("=?", "= ?").strip()


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _travels_as_it_is(*texts: str) -> bool:
    """Tell whether texts are readable in transit, as on a screen that shows mails for debugging."""
    return all(
        text.isascii() and max(map(len, text.splitlines()), default=0) <= _MAX_LINE_LENGTH
        for text in texts
    )


@lru_cache(maxsize=1)
def _quoted_printable() -> Charset:
    """Return UTF-8 in lines that every mail server takes, however long and whatever is in them."""
    charset = Charset("utf-8")
    charset.body_encoding = QP
    return charset
