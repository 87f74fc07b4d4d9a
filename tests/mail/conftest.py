"""What the tests of mails may ask for beside what all may."""

from collections.abc import Iterator

import pytest

from microblog.mail import MailServer
from tests.mail_server import Post, mail_server


@pytest.fixture
def running() -> Iterator[tuple[Post, MailServer]]:
    """Return a friendly mail server and how to reach it."""
    with mail_server() as found:
        yield found
