"""A real mail server on a port of this machine, as friendly, rude or slow as a test wants it."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from microblog.mail import MailServer
from tests.processes import free_port

USERNAME, PASSWORD = "miguel", "a secret of ours"
OK = "250 OK"


@dataclass
class Received:
    """One mail as it arrived: for whom the server took it, and what it read."""

    sender: str
    receivers: list[str]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """Return the mail as a mail program reads it."""
        return message_from_bytes(self.content, policy=policy.default)

    @property
    def shown_sender(self) -> str:
        """Return the sender as it is shown; Python's newer parser garbles long names."""
        return str(make_header(decode_header(message_from_bytes(self.content)["From"])))

    def text(self, subtype: str = "plain") -> str:
        """Return the text or the HTML of the mail."""
        body = self.message.get_body((subtype,))
        assert body is not None
        content: str = body.get_content()
        return content.replace("\r\n", "\n")


@dataclass
class Post:
    """What a server got, and how it answers; `pauses` before an answer last until it is ended."""

    received: list[Received] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    was_encrypted: bool = False
    asked: int = 0
    on_rcpt: str = OK
    on_data: str = OK
    on_quit: str = "221 Bye"
    pauses_at: str = ""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd finds it by this name.
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Answer to the name of a receiver."""
        self.asked += 1
        await self._pause("RCPT")
        if self.on_rcpt == OK:
            envelope.rcpt_tos.append(address)
        return self.on_rcpt

    async def handle_DATA(  # noqa: N802 - aiosmtpd finds it by this name.
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Take a mail, or refuse it."""
        await self._pause("DATA")
        assert isinstance(envelope.content, bytes)
        if self.on_data == OK:
            mail = Received(envelope.mail_from or "", envelope.rcpt_tos, envelope.content)
            self.received.append(mail)
        assert server.transport is not None
        self.was_encrypted = server.transport.get_extra_info("sslcontext") is not None
        return self.on_data

    async def handle_QUIT(  # noqa: N802 - aiosmtpd finds it by this name.
        self, server: SMTP, _session: Session, _envelope: Envelope
    ) -> str:
        """Say goodbye, or hang up without."""
        if not self.on_quit:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return self.on_quit or "221 Bye"

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _by: str, data: Any) -> Any:
        """Let in who knows the password."""
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login.decode())
        is_right = (data.login, data.password) == (USERNAME.encode(), PASSWORD.encode())
        return AuthResult(success=is_right, handled=False)

    async def _pause(self, at: str) -> None:
        if self.pauses_at == at:
            await asyncio.Event().wait()


@contextmanager
def mail_server(
    port: int | None = None,
    *,
    certificate: Path | None = None,
    is_encrypted: bool = False,
    wants_login: bool = False,
) -> Iterator[tuple[Post, MailServer]]:
    """Run a server; yield what it gets and how to reach it."""
    post, port = Post(), port or free_port()
    options: dict[str, Any] = {"ident": "test"}
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        options |= {} if is_encrypted else {"tls_context": context, "require_starttls": True}
    if wants_login:
        options |= {"authenticator": post.authenticate, "auth_required": True}
        options |= {"auth_require_tls": not is_encrypted}
    controller = Controller(
        post,
        hostname="127.0.0.1",
        port=port,
        ssl_context=context if is_encrypted else None,
        **options,
    )
    controller.start()
    try:
        yield post, reached_at(port)
    finally:
        controller.stop()


def reached_at(port: int, **settings: Any) -> MailServer:
    """Return how to reach a server on this machine; a test waits for it no longer than it must."""
    return MailServer(
        **{"host": "localhost", "port": port, "answer_seconds": 5, "total_seconds": 10, **settings}
    )


@contextmanager
def silent_server() -> Iterator[int]:
    """Listen on a port, and never say a word; yield the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]
