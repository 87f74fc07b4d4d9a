"""The links of mails, as paths that a visitor opens."""

import re
from datetime import timedelta

from microblog.domain import tokens
from microblog.domain.events import MailRequested
from microblog.domain.viewer import Viewer
from microblog.services import Services
from microblog.worker import Worker

_LIFETIME = timedelta(minutes=10)
_PATHS = {
    tokens.RESET: "/auth/reset/",
    tokens.CONFIRM: "/auth/confirm/",
    tokens.CHANGE_EMAIL: "/auth/confirm/",
}


def link_of(
    services: Services,
    person: Viewer,
    purpose: str,
    email: str | None = None,
    *,
    lifetime: timedelta = _LIFETIME,
) -> str:
    """Return a link of one purpose; without an address it is for the person's own."""
    address = email or f"{person.username}@ex.com"
    token_id = services.db.write(
        lambda session: tokens.issue(session, person.id, purpose, lifetime, address)
    )
    return _PATHS[purpose] + _sign(services, token_id)


def link_of_mail(services: Services, mail: MailRequested) -> str:
    """Return the link that a mail will hold once the worker has written it."""
    path = _PATHS[tokens.RESET if mail.kind == "reset_password" else tokens.CONFIRM]
    return path + _sign(services, mail.token_id)


def link_of_next_mail(services: Services, worker: Worker) -> str:
    """Let the worker write the mails that are due; return the path that the newest leads to."""
    worker.run_due()
    text = services.mailer.read(services.mailer.kept()[0].name).text
    found = re.search(rf"{re.escape(services.config.public_url)}(/auth/\S+)", text)
    assert found is not None, text
    return found[1]


def _sign(services: Services, token_id: int) -> str:
    with services.db.read() as session:
        token = tokens.sign(session, token_id, services.folder.secret_key)
    assert token is not None
    return token
