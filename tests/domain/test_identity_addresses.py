"""Confirming an address, and changing it."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update

from microblog import clock
from microblog.db import Database
from microblog.domain import identity, security_log, tokens
from microblog.domain.errors import Invalid, NotFound
from microblog.domain.events import MailRequested
from microblog.domain.security_log import Origin
from microblog.domain.tokens import CHANGE_EMAIL, CONFIRM, TokenView
from microblog.domain.viewer import Viewer
from microblog.models import Account, AccountToken, User
from microblog.models.user import WAITING
from tests.announced import announced, last_mail, mails
from tests.cast import Cast
from tests.parallel import at_once

SECRET = "a secret key that is long enough for a server"
ORIGIN = Origin("192.0.2.77", "Browser/1.0")
HOURS = 48


def want(db: Database, person: Viewer, email: str) -> str:
    """Let a person ask for another address; return the token of the link that is mailed."""
    db.write(lambda session: identity.request_email_change(session, person, email, HOURS, ORIGIN))
    return token_of_last_mail(db)


def unconfirmed(db: Database, person: Viewer, **values: object) -> str:
    """Let a person be new here; return the token of the link that is mailed."""
    change_user(db, person, email_confirmed_at=None, **values)
    db.write(lambda session: identity.request_confirmation(session, person.id, HOURS))
    return token_of_last_mail(db)


def token_of_last_mail(db: Database) -> str:
    with db.read() as session:
        return tokens.sign(session, last_mail(db).token_id, SECRET) or ""


def confirm(db: Database, token: str) -> TokenView:
    return db.write(lambda session: identity.confirm_email(session, token, SECRET, ORIGIN))


def is_dead(db: Database, token: str) -> bool:
    try:
        confirm(db, token)
    except Invalid as refused:
        return (refused.field, refused.code) == ("token", "link_dead")
    return False


def email_of(db: Database, person: Viewer) -> str:
    with db.read() as session:
        return session.get_one(User, person.id).email


def standing(db: Database, person: Viewer) -> str:
    with db.read() as session:
        return identity.standing(session, person.id)


def logged(db: Database, person: Viewer) -> list[tuple[str, str]]:
    with db.read() as session:
        entries = security_log.list_for(session, person.id)
    return [(entry.kind, entry.detail) for entry in entries]


def change_user(db: Database, person: Viewer, **values: object) -> None:
    change = update(User).where(User.account_id == person.id).values(**values)
    db.write(lambda session: session.execute(change))


# Confirming


def test_following_the_link_confirms_the_address(db: Database, cast: Cast) -> None:
    token = unconfirmed(db, cast.bob)
    assert announced(db, MailRequested) == [
        MailRequested(
            "confirm_email", "bob@ex.com", cast.bob.id, last_mail(db).token_id, {"hours": "48"}
        )
    ]
    assert standing(db, cast.bob) == "unconfirmed"
    assert confirm(db, token) == TokenView(cast.bob.id, CONFIRM, "bob@ex.com")
    assert standing(db, cast.bob) == "active"
    assert is_dead(db, token)
    assert logged(db, cast.bob) == [(security_log.EMAIL_CONFIRMED, "")]
    assert mails(db) == [("confirm_email", "bob@ex.com")]


def test_the_link_lives_as_long_as_the_mail_says(db: Database, cast: Cast) -> None:
    unconfirmed(db, cast.bob)
    with db.read() as session:
        token = session.get_one(AccountToken, last_mail(db).token_id)
    assert token.expires_at - token.created_at == timedelta(hours=48)


def test_a_second_mail_voids_the_first(db: Database, cast: Cast) -> None:
    first, second = unconfirmed(db, cast.bob), unconfirmed(db, cast.bob)
    assert is_dead(db, first)
    assert confirm(db, second).account_id == cast.bob.id


def test_who_is_confirmed_gets_no_mail(db: Database, cast: Cast) -> None:
    db.write(lambda session: identity.request_confirmation(session, cast.bob.id, HOURS))
    assert mails(db) == []
    with pytest.raises(NotFound):
        db.write(lambda session: identity.request_confirmation(session, 1, HOURS))


def test_the_admins_hear_of_a_registration_once_its_address_is_confirmed(
    db: Database, cast: Cast
) -> None:
    token = unconfirmed(db, cast.bob, state=WAITING, reason="I know Alice.")
    assert standing(db, cast.bob) == "unconfirmed"
    confirm(db, token)
    assert standing(db, cast.bob) == "waiting"
    assert last_mail(db) == MailRequested(
        "registration_waiting",
        "alice@ex.com",
        cast.alice.id,
        values={"username": "bob", "reason": "I know Alice."},
    )


def test_a_link_to_an_address_they_no_longer_have_confirms_nothing(
    db: Database, cast: Cast
) -> None:
    token = unconfirmed(db, cast.bob)
    change_user(db, cast.bob, email="other@ex.com")
    assert is_dead(db, token)
    assert standing(db, cast.bob) == "unconfirmed"


def test_who_is_suspended_confirms_nothing(db: Database, cast: Cast) -> None:
    links = [unconfirmed(db, cast.bob), want(db, cast.carol, "new@ex.com")]
    suspended = update(Account).values(suspended_at=clock.now())
    db.write(lambda session: session.execute(suspended))
    assert [is_dead(db, token) for token in links] == [True, True]
    assert standing(db, cast.bob) == "suspended"
    assert email_of(db, cast.carol) == "carol@ex.com"


# Changing


def test_the_address_changes_only_when_the_link_is_followed(db: Database, cast: Cast) -> None:
    token = want(db, cast.bob, " New@EX.com".strip())
    assert announced(db, MailRequested) == [
        MailRequested(
            "change_email", "new@ex.com", cast.bob.id, last_mail(db).token_id, {"hours": "48"}
        )
    ]
    assert email_of(db, cast.bob) == "bob@ex.com"
    assert confirm(db, token) == TokenView(cast.bob.id, CHANGE_EMAIL, "new@ex.com")
    assert email_of(db, cast.bob) == "new@ex.com"
    assert standing(db, cast.bob) == "active"
    assert is_dead(db, token)
    assert logged(db, cast.bob) == [
        (security_log.EMAIL_CHANGED, "new@ex.com"),
        (security_log.EMAIL_CHANGE_REQUESTED, ""),
    ]


def test_the_old_address_is_told_of_the_new_one(db: Database, cast: Cast) -> None:
    confirm(db, want(db, cast.bob, "new@ex.com"))
    assert last_mail(db) == MailRequested(
        "email_changed", "bob@ex.com", cast.bob.id, values={"new": "new@ex.com"}
    )


def test_asking_for_another_address_voids_the_link_to_the_first(db: Database, cast: Cast) -> None:
    first, second = want(db, cast.bob, "first@ex.com"), want(db, cast.bob, "second@ex.com")
    assert is_dead(db, first)
    confirm(db, second)
    assert email_of(db, cast.bob) == "second@ex.com"


def test_links_mailed_to_the_old_address_die_with_it(db: Database, cast: Cast) -> None:
    lifetime = timedelta(minutes=10)
    reset = db.write(
        lambda session: tokens.issue(session, cast.bob.id, tokens.RESET, lifetime, "bob@ex.com")
    )
    confirm(db, want(db, cast.bob, "new@ex.com"))
    with db.read() as session:
        assert tokens.sign(session, reset, SECRET) is None


def test_whose_address_it_is_is_told_to_them_alone(db: Database, cast: Cast) -> None:
    free = statements(db, partial(want, db, cast.bob, "free@ex.com"))
    taken = statements(db, partial(want, db, cast.bob, "Carol@ex.com"))
    assert last_mail(db) == MailRequested("address_in_use", "carol@ex.com", cast.carol.id)
    assert taken == free
    assert [kind for kind, _ in logged(db, cast.bob)] == [security_log.EMAIL_CHANGE_REQUESTED] * 2
    with db.read() as session:
        # What their settings say of it is the same, too.
        assert identity.get_login(session, cast.bob).wanted_email == "carol@ex.com"


def test_an_address_that_was_taken_meanwhile_stays_with_whom_it_is(
    db: Database, cast: Cast
) -> None:
    tokens_of_both = [want(db, person, "new@ex.com") for person in (cast.bob, cast.carol)]

    def follow(token: str) -> bool:
        return not is_dead(db, token)

    assert sum(at_once(*(partial(follow, token) for token in tokens_of_both))) == 1
    assert sorted(email_of(db, person) for person in (cast.bob, cast.carol)) in (
        ["bob@ex.com", "new@ex.com"],
        ["carol@ex.com", "new@ex.com"],
    )


@pytest.mark.parametrize(
    ("email", "code"),
    [
        ("BOB@ex.com", "email_unchanged"),
        ("no address", "email_malformed"),
        ("", "email_malformed"),
        ("a@ex.com\r\nBcc: v@ex.com", "email_malformed"),
        ("a\x00@ex.com", "email_malformed"),
        ("\ud800@ex.com", "email_malformed"),
        ("a@ex.com, b@ex.com", "email_malformed"),
        ("x" * 10**6 + "@ex.com", "email_malformed"),
    ],
)
def test_an_address_that_cannot_be_taken_is_refused(
    db: Database, cast: Cast, email: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        want(db, cast.bob, email)
    assert (refused.value.field, refused.value.code) == ("email", code)
    assert mails(db) == []


def statements(db: Database, act: partial[str]) -> int:
    db.reset_statements()
    act()
    return db.statements
