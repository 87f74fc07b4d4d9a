"""A mail as these tests send it."""

from pathlib import Path

from microblog.mail import Mail, Mailer, MailServer
from tests.mail_server import Post, Received

MAIL = Mail("Hello Bob", "Hello,\nBob.\n", "<p>Hello, <b>Bob</b>.</p>", "Testville")
ID = "<123@ex.org>"


def mailer(server: MailServer | None, sender: str = "no-reply@ex.org") -> Mailer:
    """Return what sends by a server."""
    return Mailer(sender=sender, folder=Path("/nowhere"), server=server)


def deliver(
    running: tuple[Post, MailServer], mail: Mail = MAIL, to: str = "bob@ex.com"
) -> Received:
    """Send a mail to a friendly server; return what has arrived."""
    post, server = running
    mailer(server).send(to, mail, ID)
    (received,) = post.received
    return received
