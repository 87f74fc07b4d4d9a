"""Somebody is to get a mail: it is written in their language, and sent."""

import logging
from collections.abc import Callable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from microblog.domain import tokens
from microblog.domain.events import MailRequested
from microblog.mail import MailError, Undeliverable, render
from microblog.models import Account, Server, User
from microblog.services import Services

logger = logging.getLogger(__name__)

ERROR_REPORT = "error_report"

# Where the mail of a kind leads; the others lead nowhere.
_PATHS = {
    "reset_password": "/auth/reset/{token}",
    "confirm_email": "/auth/confirm/{token}",
    "change_email": "/auth/confirm/{token}",
    "password_changed": "/auth/reset",
    "second_factor_on": "/auth/reset",
    "second_factor_off": "/auth/reset",
    "address_in_use": "/auth/login",
    "registration_accepted": "/auth/login",
    "registration_waiting": "/admin/registrations",
    "deletion_begun": "/settings/account",
    # To what it tells of.
    "notification": "{path}",
    "message": "{path}",
}


def perform(services: Services, event: MailRequested, event_id: int) -> Callable[[Session], None]:
    """Send the mail; there is nothing to commit. **Raises** MailError to have it tried again."""
    try:
        _send(services, event, event_id)
    except Undeliverable as error:
        logger.warning("The mail %s of event %d is given up: %s", event.kind, event_id, error)
    except Exception as error:
        if event.kind != ERROR_REPORT or isinstance(error, MailError):
            raise
        # As an error like any other it would be reported by the next mail of this kind.
        raise MailError("The report of an error could not be written.") from error
    return lambda _session: None


def _send(services: Services, event: MailRequested, event_id: int) -> None:
    with services.db.read() as session:
        values = _values_for_all(session, services, event)
        token = tokens.sign(session, event.token_id, services.folder.secret_key)
    path = _PATHS.get(event.kind, "")
    if "{token}" in path and token is None:
        logger.info("The mail %s of event %d is dropped: its link is dead.", event.kind, event_id)
        return
    values["link"] = values["home"] + path.format(token=token, path=values.get("path", ""))
    mail = render(event.kind, values["locale"], values["zone"], values)
    # The same for every try, so that a mail that arrived unnoticed is seen to be the same.
    services.mailer.send(event.to, mail, f"<{event_id}@{services.mailer.host}>")


def _values_for_all(session: Session, services: Services, event: MailRequested) -> dict[str, str]:
    """Return what the event says, and what every mail says: of this server and of its reader.

    Of a reader whose account is gone the event itself may say `locale`, `zone` and `account`.
    """
    server = session.scalar(select(Server.name))
    values = {"account": "", "locale": "", "zone": "", **event.values, **_reader(session, event)}
    languages = services.config.LANGUAGES
    return {
        **values,
        "locale": values["locale"] if values["locale"] in languages else languages[0],
        "zone": values["zone"] or "UTC",
        "server": server or "Microblog",
        "home": services.config.public_url,
    }


def _reader(session: Session, event: MailRequested) -> Mapping[str, str]:
    row = session.execute(
        select(Account.username, User.locale, User.time_zone)
        .join(User, User.account_id == Account.id)
        .where(Account.id == event.account_id)
    ).one_or_none()
    if row is None:
        return {}
    return {"account": row.username, "locale": row.locale or "", "zone": row.time_zone or ""}
