"""Changing a password, and resetting one that is forgotten."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select, update

from microblog import clock
from microblog.db import Database
from microblog.domain import identity, security_log, sessions, tokens
from microblog.domain.errors import Invalid, NotFound
from microblog.domain.events import MailRequested, PasswordResetRequested
from microblog.domain.security_log import Origin
from microblog.domain.viewer import Viewer
from microblog.models import Account, AccountToken, User
from microblog.models.user import WAITING
from tests.announced import announced, last_mail, mails
from tests.cast import Cast
from tests.parallel import at_once

SECRET = "a secret key that is long enough for a server"
ORIGIN = Origin("192.0.2.77", "Browser/1.0")
MINUTES = 10


def ask(db: Database, identifier: str) -> None:
    """Let somebody ask for a link, and the worker follow it up."""
    db.write(lambda session: identity.request_reset(session, identifier))
    event = announced(db, PasswordResetRequested)[-1]
    db.write(lambda session: identity.follow_up_reset(session, event, MINUTES))


def token_of_last_mail(db: Database) -> str:
    with db.read() as session:
        token = tokens.sign(session, last_mail(db).token_id, SECRET)
    assert token is not None
    return token


def reset(db: Database, token: str, password_hash: str = "a new hash") -> int:
    return db.write(
        lambda session: identity.reset_password(session, token, password_hash, SECRET, ORIGIN)
    )


def is_dead(db: Database, token: str) -> bool:
    try:
        reset(db, token)
    except Invalid as refused:
        return (refused.field, refused.code) == ("token", "link_dead")
    return False


def sign_in(db: Database, person: Viewer) -> str:
    return db.write(
        lambda session: sessions.start(
            session, person.id, address="", agent="", lifetime=timedelta(days=1)
        )
    )


def are_signed_in(db: Database, *browsers: str) -> list[bool]:
    return [sessions.visit(db, token).viewer is not None for token in browsers]


def hash_of(db: Database, person: Viewer) -> str:
    with db.read() as session:
        return session.get_one(User, person.id).password_hash


def logged(db: Database, person: Viewer) -> list[str]:
    with db.read() as session:
        return [entry.kind for entry in security_log.list_for(session, person.id)]


def change_user(db: Database, person: Viewer, **values: object) -> None:
    change = update(User).where(User.account_id == person.id).values(**values)
    db.write(lambda session: session.execute(change))


def suspend(db: Database, person: Viewer) -> None:
    change = update(Account).where(Account.id == person.id).values(suspended_at=clock.now())
    db.write(lambda session: session.execute(change))


def count_tokens(db: Database) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(AccountToken)) or 0


# Asking for a link


@pytest.mark.parametrize("identifier", ["bob", "BOB", " bob@ex.com ", "Bob@EX.com"])
def test_who_forgot_their_password_gets_a_link(db: Database, cast: Cast, identifier: str) -> None:
    ask(db, identifier)
    assert announced(db, MailRequested) == [
        MailRequested(
            "reset_password",
            "bob@ex.com",
            cast.bob.id,
            last_mail(db).token_id,
            {"minutes": "10"},
        )
    ]
    with db.read() as session:
        token = session.get_one(AccountToken, last_mail(db).token_id)
    assert token.expires_at - token.created_at == timedelta(minutes=10)
    assert logged(db, cast.bob) == [security_log.RESET_REQUESTED]


@pytest.mark.parametrize(
    "identifier",
    [
        "nobody",
        "nobody@ex.com",
        "",
        "\x00",
        "a@b@c",
        "no name",
        "bob\x00",
        "\u202ebob",
        "x" * 10**6,
        "x" * 10**6 + "@ex.com",
    ],
)
def test_who_is_nobody_gets_none(db: Database, cast: Cast, identifier: str) -> None:
    ask(db, identifier)
    assert mails(db) == []
    assert count_tokens(db) == 0


def test_asking_is_the_same_work_for_somebody_and_nobody(db: Database, cast: Cast) -> None:
    statements = []
    for identifier in ("bob", "nobody", "bob@ex.com", "nobody@ex.com", ""):
        db.reset_statements()
        db.write(partial(identity.request_reset, identifier=identifier))
        statements.append(db.statements)
    assert statements == [1] * 5
    assert len(announced(db, PasswordResetRequested)) == 5


def test_whom_an_admin_keeps_out_gets_none(db: Database, cast: Cast) -> None:
    suspend(db, cast.bob)
    change_user(db, cast.carol, state=WAITING)
    for name in ("bob", "carol"):
        ask(db, name)
    assert mails(db) == []
    assert count_tokens(db) == 0


def test_a_new_link_voids_the_old_one(db: Database, cast: Cast) -> None:
    ask(db, "bob")
    old = token_of_last_mail(db)
    ask(db, "bob")
    assert is_dead(db, old)
    assert reset(db, token_of_last_mail(db)) == cast.bob.id


# Using it


def test_a_reset_sets_the_password_and_ends_every_session(db: Database, cast: Cast) -> None:
    browsers = [sign_in(db, person) for person in (cast.bob, cast.bob, cast.carol)]
    ask(db, "bob")
    assert reset(db, token_of_last_mail(db)) == cast.bob.id
    assert hash_of(db, cast.bob) == "a new hash"
    assert are_signed_in(db, *browsers) == [False, False, True]
    assert mails(db)[-1] == ("password_changed", "bob@ex.com")
    assert logged(db, cast.bob)[0] == security_log.PASSWORD_RESET


def test_a_reset_leaves_the_second_factor_as_it_is(db: Database, cast: Cast) -> None:
    change_user(db, cast.bob, totp_secret="JBSWY3DPEHPK3PXP", totp_step=7)
    ask(db, "bob")
    reset(db, token_of_last_mail(db))
    with db.read() as session:
        user = session.get_one(User, cast.bob.id)
    assert (user.totp_secret, user.totp_step) == ("JBSWY3DPEHPK3PXP", 7)


def test_a_link_resets_once(db: Database, cast: Cast) -> None:
    ask(db, "bob")
    token = token_of_last_mail(db)
    reset(db, token, "the first hash")
    assert is_dead(db, token)
    assert hash_of(db, cast.bob) == "the first hash"


def test_of_ten_resets_by_one_link_at_once_one_is_done(db: Database, cast: Cast) -> None:
    ask(db, "bob")
    token = token_of_last_mail(db)
    assert sum(at_once(*[lambda: not is_dead(db, token)] * 10)) == 1
    assert [kind for kind, _ in mails(db)] == ["reset_password", "password_changed"]


def test_a_reset_confirms_the_address_that_the_link_was_mailed_to(db: Database, cast: Cast) -> None:
    change_user(db, cast.bob, email_confirmed_at=None)
    db.write(lambda session: identity.request_confirmation(session, cast.bob.id, 48))
    confirmation = last_mail(db).token_id
    ask(db, "bob")
    reset(db, token_of_last_mail(db))
    with db.read() as session:
        assert identity.standing(session, cast.bob.id) == "active"
        assert tokens.sign(session, confirmation, SECRET) is None


def test_a_reset_confirms_no_other_address(db: Database, cast: Cast) -> None:
    ask(db, "bob")
    change_user(db, cast.bob, email="other@ex.com", email_confirmed_at=None)
    reset(db, token_of_last_mail(db))
    with db.read() as session:
        assert identity.standing(session, cast.bob.id) == "unconfirmed"


def test_who_was_suspended_meanwhile_cannot_use_the_link(db: Database, cast: Cast) -> None:
    ask(db, "bob")
    token, before = token_of_last_mail(db), hash_of(db, cast.bob)
    suspend(db, cast.bob)
    assert is_dead(db, token)
    assert hash_of(db, cast.bob) == before


def test_a_link_that_confirms_an_address_resets_no_password(db: Database, cast: Cast) -> None:
    change_user(db, cast.bob, email_confirmed_at=None)
    db.write(lambda session: identity.request_confirmation(session, cast.bob.id, 48))
    assert is_dead(db, token_of_last_mail(db))


# Changing one that is known


def test_a_change_ends_the_other_sessions_and_keeps_this_one(db: Database, cast: Cast) -> None:
    here, there, carols = (sign_in(db, person) for person in (cast.bob, cast.bob, cast.carol))
    change(db, cast.bob, keep=here)
    assert hash_of(db, cast.bob) == "a new hash"
    assert are_signed_in(db, here, there, carols) == [True, False, True]
    assert mails(db) == [("password_changed", "bob@ex.com")]
    assert logged(db, cast.bob) == [security_log.PASSWORD_CHANGED]


def test_a_change_voids_links_that_others_may_have_asked_for(db: Database, cast: Cast) -> None:
    ask(db, "bob")
    asked = token_of_last_mail(db)
    db.write(
        lambda session: identity.request_email_change(session, cast.bob, "evil@ex.com", 48, ORIGIN)
    )
    wanted = token_of_last_mail(db)
    change(db, cast.bob, keep=sign_in(db, cast.bob))
    assert is_dead(db, asked)
    with pytest.raises(Invalid):
        db.write(lambda session: identity.confirm_email(session, wanted, SECRET, ORIGIN))


# The operator's way


def test_the_operator_may_set_a_password(db: Database, cast: Cast) -> None:
    browser = sign_in(db, cast.bob)
    ask(db, "bob")
    token = token_of_last_mail(db)
    db.write(lambda session: identity.set_password(session, "BOB", "a new hash"))
    assert hash_of(db, cast.bob) == "a new hash"
    assert are_signed_in(db, browser) == [False]
    assert is_dead(db, token)
    assert mails(db)[-1] == ("password_changed", "bob@ex.com")
    assert logged(db, cast.bob)[0] == security_log.PASSWORD_RESET


def test_nobody_is_given_a_password_who_is_not_there(db: Database, cast: Cast) -> None:
    with pytest.raises(NotFound):
        db.write(lambda session: identity.set_password(session, "nobody", "a new hash"))
    assert mails(db) == []


def change(db: Database, person: Viewer, *, keep: str) -> None:
    session_id = sessions.visit(db, keep).session_id
    db.write(
        lambda session: identity.change_password(session, person, "a new hash", session_id, ORIGIN)
    )
