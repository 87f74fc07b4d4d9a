"""Limits: how often one may try to sign in, ask for mail, write, follow and upload.

What can be guessed and what sends mail is counted in the database, so that it holds across
processes and restarts; the rest are rates.
"""

from contextlib import suppress
from typing import Any

from microblog.domain import attempts
from microblog.domain.attempts import SignIn, Try
from microblog.domain.errors import TooMany
from microblog.web import rates
from microblog.web.addresses import client_address, network_of
from microblog.web.context import database, viewer


def check_sign_in(identifier: str) -> None:
    """Refuse who has failed too often to be allowed a further try. **Raises** TooMany."""
    with database().read() as session:
        seconds = attempts.wait_for_sign_in(session, _sign_in(session, identifier))
    _refuse(seconds)


def count_failed_sign_in(identifier: str) -> None:
    """Count a wrong password, of a person known or unknown."""
    with database().read() as session:
        asked = _sign_in(session, identifier)
    database().write(lambda session: attempts.count_failed_sign_in(session, asked))


def forget_failed_sign_in(identifier: str) -> None:
    """Begin to count anew for a person who has signed in from here."""
    with database().read() as session:
        asked = _sign_in(session, identifier)
        has_failed = attempts.has_failed_sign_in(session, asked)
    if has_failed:
        database().write(lambda session: attempts.forget_failed_sign_in(session, asked))


def let_in_again(account_id: int) -> None:
    """Let a person sign in who has just reset their password, whoever guessed at the old one."""
    network = _network()
    database().write(lambda session: attempts.let_in_again(session, account_id, network))


def check_code(account_id: int) -> None:
    """Refuse a further code of a second factor after too many wrong ones. **Raises** TooMany."""
    with database().read() as session:
        (seconds,) = attempts.wait_for(session, [attempts.CODE.of(account_id)])
    _refuse(seconds)


def count_failed_code(account_id: int) -> None:
    """Count a wrong code."""
    _hit(attempts.CODE.of(account_id))


def check_reset(identifier: str) -> bool:
    """Count that a mail with a link is asked for, and tell whether one more may be sent to them.

    A stranger must not see that answer: it would tell whom there is.
    **Raises** TooMany for the network.
    """
    network = _network()
    _refuse(_hit(attempts.RESET_NETWORK.of(network)))
    with database().read() as session:
        asked = attempts.identify(session, identifier, network)
    return _hit(attempts.RESET_ACCOUNT.of(asked.subject)) == 0


def check_registration() -> None:
    """Refuse a network that has asked for too many accounts. **Raises** TooMany."""
    with database().read() as session:
        (seconds,) = attempts.wait_for(session, [attempts.REGISTRATION.of(_network())])
    _refuse(seconds)


def count_registration() -> None:
    """Count an account that is asked for, once it can be made. **Raises** TooMany."""
    _refuse(_hit(attempts.REGISTRATION.of(_network())))


def check_posting() -> None:
    """Refuse who has written too much of late. **Raises** TooMany."""
    rates.look("posting")


def count_posting() -> None:
    """Count a post of the viewer, once it is out: what is sent twice is one post."""
    # Of several that were sent at the same moment, the last ones were one too many.
    with suppress(TooMany):
        rates.count("posting")


def count_drafting() -> None:
    """Count a draft of the viewer that is kept. **Raises** TooMany."""
    rates.count("drafting")


def check_messaging(*, begins: bool) -> None:
    """Refuse who has sent too many messages of late, or begun too much. **Raises** TooMany."""
    rates.look("messaging")
    if begins:
        rates.look("beginning")


def count_messaging(*, begins: bool) -> None:
    """Count a private message of the viewer, once it is sent."""
    with suppress(TooMany):
        rates.count("messaging")
    if begins:
        with suppress(TooMany):
            rates.count("beginning")


def count_following() -> None:
    """Count a follow of the viewer. **Raises** TooMany."""
    rates.count("following")


def count_acting() -> None:
    """Count a boost, favourite or the like of the viewer. **Raises** TooMany."""
    rates.count("acting")


def count_translating() -> None:
    """Count a text of the viewer that is sent to a translator. **Raises** TooMany."""
    rates.count("translating")


def count_uploading() -> None:
    """Count an avatar or header of the viewer. **Raises** TooMany."""
    rates.count("uploading")


def count_picture() -> None:
    """Count a picture that the viewer uploads for a post. **Raises** TooMany."""
    rates.count("picturing")


def _network() -> str:
    return network_of(client_address())


def _sign_in(session: Any, identifier: str) -> SignIn:
    by = viewer()
    return attempts.identify(session, identifier, _network(), by.id if by else None)


def _hit(attempt: Try) -> int:
    return database().write(lambda session: attempts.hit(session, attempt))


def _refuse(seconds: int) -> None:
    if seconds:
        raise TooMany(seconds)
