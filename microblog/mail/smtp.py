"""Handing a message to the mail server: once, within a time, and with a plain word of what failed.

**Source**: RFC 5321, section 4.2 (replies), RFC 3463 (enhanced status codes).
"""

import re
import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import flask_mail

from microblog.mail.errors import MailError, Undeliverable
from microblog.mail.message import flask_mail_context

# For each answer, and for all of them: a server may send a byte now and then. Well below the lease
# of an event, after which another worker would send the same mail.
ANSWER_SECONDS = 20.0
TOTAL_SECONDS = 90.0
_MAX_REASON_LENGTH = 200

# "Log in first" is about us, and so is every refusal by policy (5.7.x), such as one to relay: when
# that is mended, the mail arrives.
_ABOUT_US = (530, 535, 538)
_BY_POLICY = re.compile(rb"5\.7\.")


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """A mail server, and how long its answers may take."""

    host: str
    port: int
    use_tls: bool = False
    use_ssl: bool = False
    username: str | None = None
    password: str | None = None
    answer_seconds: float = ANSWER_SECONDS
    total_seconds: float = TOTAL_SECONDS


def deliver(message: flask_mail.Message, sender: str, server: MailServer) -> None:
    """Hand a message over. **Raises** MailError, or Undeliverable when trying again is no use."""
    host = sender.rpartition("@")[2]
    try:
        with flask_mail_context(), _Connection(server, host) as connection:
            connection.send(message, envelope_from=sender)
    except smtplib.SMTPRecipientsRefused as error:
        code, reply = next(iter(error.recipients.values()))
        if 500 <= code < 600 and code not in _ABOUT_US and not _BY_POLICY.match(reply):
            raise Undeliverable(f"The mail server refused the address: {code}.") from None
        raise MailError(f"The mail server refused the address for now: {code}.") from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailError(_reason(error)) from error


class _Connection(flask_mail.Connection):
    """Flask-Mail's connection, which knows neither an end of waiting nor of encryption."""

    def __init__(self, server: MailServer, own_host: str) -> None:
        settings = {
            "MAIL_USERNAME": server.username,
            "MAIL_PASSWORD": server.password,
            # It would print the password.
            "MAIL_DEBUG": False,
            "MAIL_SUPPRESS_SEND": False,
        }
        state = flask_mail.Mail().init_mail(settings)
        super().__init__(state)  # type: ignore[arg-type]  # It wants what init_mail() returns.
        self._server = server
        self._own_host = own_host

    def configure_host(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        """Return a connection to the server, encrypted and logged in as the settings say."""
        server = self._server
        # Its default checks no certificate; a name that looks right could be anybody's.
        context = ssl.create_default_context()
        given: dict[str, Any] = {"timeout": server.answer_seconds}
        given |= {"local_hostname": self._own_host, "total_seconds": server.total_seconds}
        host: smtplib.SMTP
        if server.use_ssl:
            host = _TimedSMTPS(server.host, server.port, context=context, **given)
        else:
            host = _TimedSMTP(server.host, server.port, **given)
        try:
            if server.use_tls and not server.use_ssl:
                host.starttls(context=context)
            if server.username and server.password:
                host.login(server.username, server.password)
        except BaseException:
            host.close()
            raise
        return host

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """Say goodbye; whoever does not answer to that has the mail none the less."""
        if self.host is not None:
            with suppress(smtplib.SMTPException, OSError):
                self.host.quit()
            self.host.close()


class _Timed(smtplib.SMTP):
    """A conversation that is cut off after a while, however it goes on."""

    def __init__(self, *args: Any, total_seconds: float, **kwargs: Any) -> None:
        self._deadline = threading.Timer(total_seconds, self._cut_off)
        self._deadline.daemon = True
        self._deadline.start()
        try:
            super().__init__(*args, **kwargs)
        except BaseException:
            self._deadline.cancel()
            raise

    def close(self) -> None:
        """Close the connection."""
        self._deadline.cancel()
        super().close()

    def _cut_off(self) -> None:
        if self.sock is not None:
            with suppress(OSError):
                # Of the socket itself: an encrypted one would first say goodbye.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


class _TimedSMTP(_Timed):
    pass


class _TimedSMTPS(_Timed, smtplib.SMTP_SSL):
    pass


def _reason(error: Exception) -> str:
    """Return what went wrong in one line, without the mail."""
    if isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error
        said = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
        return f"The mail server answered {error.smtp_code}: {said[:_MAX_REASON_LENGTH]}"
    return f"The mail server does not answer as it should: {error!r}"[:_MAX_REASON_LENGTH]
