"""The one way out for mails: to the mail server, or into a folder where there is none."""

import time
from pathlib import Path

from microblog.mail.folder import KeptMail, MailFolder, OpenedMail
from microblog.mail.message import Mail, ascii_address, compose, flask_mail_context
from microblog.mail.smtp import MailServer, deliver


class Mailer:
    """Sends mails from one address. It is for the worker: no request waits for a mail server."""

    def __init__(self, *, sender: str, folder: Path, server: MailServer | None = None) -> None:
        self._sender = ascii_address(sender)
        self._folder = MailFolder(folder)
        self._server = server

    @property
    def has_server(self) -> bool:
        """Tell whether mails reach people, rather than a folder."""
        return self._server is not None

    @property
    def host(self) -> str:
        """Return the host that mails come from, for their Message-ID."""
        return self._sender.rpartition("@")[2]

    def send(self, to: str, mail: Mail, message_id: str) -> None:
        """Send a mail, or keep it; the same Message-ID is kept once.

        **Raises** MailError when the server did not take it, Undeliverable when it never will.
        """
        message = compose(mail, sender=self._sender, to=to, message_id=message_id)
        message.date = time.time()
        if self._server is not None:
            deliver(message, self._sender, self._server)
            return
        with flask_mail_context():
            content = message.as_bytes()
        self._folder.keep(f"{message_id.partition('@')[0][1:]}.eml", content)

    def kept(self, limit: int = 100) -> list[KeptMail]:
        """Return the mails that were kept, the newest first."""
        return self._folder.newest(limit)

    def read(self, name: str) -> OpenedMail:
        """Return a mail that was kept. **Raises** KeyError when there is none of that name."""
        return self._folder.read(name)
