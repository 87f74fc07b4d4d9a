"""Who may make an account from outside, and what it takes until they may use it."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import func, select, update

from microblog import clock
from microblog.db import Database
from microblog.domain import identity, security_log, sessions
from microblog.domain.accounts import Registration
from microblog.domain.errors import Invalid, NotFound
from microblog.domain.events import MailRequested
from microblog.domain.identity import Enrolment
from microblog.domain.security_log import Origin
from microblog.models import Account, AccountToken, SecurityEvent, User
from microblog.models.server import APPROVAL, CLOSED, OPEN
from microblog.models.user import WAITING
from tests import make
from tests.announced import announced, last_mail, mails
from tests.cast import Cast
from tests.parallel import at_once

ORIGIN = Origin("192.0.2.77", "Browser/1.0")


def enrol(
    db: Database,
    username: str = "dora",
    email: str = "dora@ex.com",
    *,
    mode: str = OPEN,
    reason: str = "",
    mail_works: bool = True,
) -> Enrolment:
    registration = Registration(username, email, "a hash", locale="de")
    return db.write(
        lambda session: identity.enrol(
            session,
            registration,
            mode=mode,
            reason=reason,
            mail_works=mail_works,
            hours=48,
            origin=ORIGIN,
        )
    )


def refusal(act: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(Invalid) as refused:
        act()
    return refused.value.field, refused.value.code


def find_user(db: Database, username: str) -> User | None:
    with db.read() as session:
        return session.scalar(select(User).join(Account).where(Account.username == username))


def standing(db: Database, account_id: int | None) -> str:
    assert account_id is not None
    with db.read() as session:
        return identity.standing(session, account_id)


def count_accounts(db: Database) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(Account)) or 0


# Open


def test_who_registers_first_confirms_their_address(db: Database, cast: Cast) -> None:
    enrolled = enrol(db)
    assert enrolled.outcome == "confirm"
    assert standing(db, enrolled.account_id) == "unconfirmed"
    mail = last_mail(db)
    assert (mail.kind, mail.to, mail.values) == ("confirm_email", "dora@ex.com", {"hours": "48"})
    with db.read() as session:
        token = session.get_one(AccountToken, mail.token_id)
    assert (token.account_id, token.email) == (enrolled.account_id, "dora@ex.com")


def test_a_registration_is_logged(db: Database, cast: Cast) -> None:
    account_id = enrol(db).account_id or 0
    with db.read() as session:
        (entry,) = security_log.list_for(session, account_id)
    assert (entry.kind, entry.address_prefix) == (security_log.REGISTERED, "192.0.2.0/24")


def test_without_mail_an_account_may_be_used_at_once(db: Database, cast: Cast) -> None:
    enrolled = enrol(db, mail_works=False)
    assert enrolled.outcome == "active"
    assert standing(db, enrolled.account_id) == "active"
    assert mails(db) == []
    with db.read() as session:
        assert sessions.find_credentials(session, "dora").account_id == enrolled.account_id


def test_a_reason_is_not_kept_where_none_is_asked(db: Database, cast: Cast) -> None:
    enrol(db, reason="I want to.")
    user = find_user(db, "dora")
    assert user is not None
    assert (user.reason, user.locale) == ("", "de")


# A known address


def test_a_known_address_is_answered_like_a_new_one_and_its_owner_told(
    db: Database, cast: Cast
) -> None:
    assert enrol(db, email="BOB@ex.com") == Enrolment(None, "confirm")
    assert announced(db, MailRequested) == [
        MailRequested("address_in_use", "bob@ex.com", cast.bob.id)
    ]
    assert find_user(db, "dora") is None
    assert count_accounts(db) == 3


@pytest.mark.parametrize("mode", [OPEN, APPROVAL])
def test_a_known_address_takes_the_same_work(db: Database, cast: Cast, mode: str) -> None:
    """What comes on top is to look for the owner once more, and to take back what was made."""
    work = []
    for username, email in (("dora", "dora@ex.com"), ("dan", "bob@ex.com")):
        db.reset_statements()
        enrol(db, username, email, mode=mode, reason="I know Alice.")
        work.append(db.statements)
    assert 0 <= work[1] - work[0] <= 3
    assert (find_user(db, "dan"), count_accounts(db)) == (None, 4)
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(AccountToken)) == 1
        assert session.scalar(select(func.count()).select_from(SecurityEvent)) == 1


def test_without_mail_a_known_address_is_refused(db: Database, cast: Cast) -> None:
    assert refusal(lambda: enrol(db, email="bob@ex.com", mail_works=False)) == (
        "email",
        "email_taken",
    )
    assert mails(db) == []


def test_that_a_username_is_taken_is_said(db: Database, cast: Cast) -> None:
    assert refusal(lambda: enrol(db, "BOB")) == ("username", "username_taken")
    assert refusal(lambda: enrol(db, "BOB", "carol@ex.com")) == ("username", "username_taken")
    assert mails(db) == []


def test_of_ten_who_give_one_address_at_once_one_gets_an_account(db: Database, cast: Cast) -> None:
    tries = [partial(enrol, db, f"dora{number}") for number in range(10)]
    enrolled = at_once(*tries)
    assert {each.outcome for each in enrolled} == {"confirm"}
    assert sum(each.account_id is not None for each in enrolled) == 1
    # And nobody floods her with mails by typing her address again and again.
    kinds = [kind for kind, to in mails(db) if to == "dora@ex.com"]
    assert sorted(kinds) == ["address_in_use"] * 2 + ["confirm_email"]


# Approval


def test_with_approval_the_admins_are_asked_once_the_address_is_confirmed(
    db: Database, cast: Cast
) -> None:
    enrolled = enrol(db, mode=APPROVAL, reason=" I know Alice.\r\nShe knows me. ")
    assert enrolled.outcome == "confirm"
    assert [kind for kind, _ in mails(db)] == ["confirm_email"]
    user = find_user(db, "dora")
    assert user is not None
    assert (user.state, user.reason) == (WAITING, "I know Alice.\nShe knows me.")


def test_without_mail_the_admins_are_asked_at_once(db: Database, cast: Cast) -> None:
    other_admin = make.account(db, "ada", role="admin")
    gone = make.account(db, "zoe", role="admin")
    suspended = update(Account).where(Account.id == gone.id).values(suspended_at=clock.now())
    db.write(lambda session: session.execute(suspended))
    enrolled = enrol(db, mode=APPROVAL, reason="I know Alice.", mail_works=False)
    assert enrolled.outcome == "waiting"
    assert standing(db, enrolled.account_id) == "waiting"
    values = {"username": "dora", "reason": "I know Alice."}
    assert announced(db, MailRequested) == [
        MailRequested("registration_waiting", f"{admin.username}@ex.com", admin.id, values=values)
        for admin in (cast.alice, other_admin)
    ]


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("", "required"),
        (" \u200b\n ", "required"),
        ("r" * 501, "too_long"),
        ("r" * 10**7, "too_long"),
        ("a\x00b", "characters"),
        ("\ud800", "characters"),
    ],
)
@pytest.mark.parametrize("mail_works", [True, False])
def test_with_approval_a_short_reason_is_needed(
    db: Database, cast: Cast, reason: str, code: str, mail_works: bool
) -> None:
    for email in ("dora@ex.com", "bob@ex.com"):
        ask = partial(enrol, db, "dora", email, mode=APPROVAL, reason=reason, mail_works=mail_works)
        assert refusal(ask) == ("reason", code)
    assert count_accounts(db) == 3
    assert mails(db) == []


def test_a_reason_may_have_five_hundred_characters(db: Database, cast: Cast) -> None:
    assert enrol(db, mode=APPROVAL, reason="👨‍👩‍👧‍👦" * 500).outcome == "confirm"


# Closed


@pytest.mark.parametrize("email", ["dora@ex.com", "bob@ex.com"])
def test_where_it_is_closed_nobody_registers(db: Database, cast: Cast, email: str) -> None:
    for mail_works in (True, False):
        ask = partial(enrol, db, email=email, mode=CLOSED, mail_works=mail_works)
        assert refusal(ask) == ("username", "registration_closed")
    assert count_accounts(db) == 3
    assert mails(db) == []


# Standing


def test_who_is_made_by_the_operator_may_begin_at_once(db: Database, cast: Cast) -> None:
    assert [standing(db, person.id) for person in (cast.alice, cast.bob)] == ["active"] * 2


def test_nobody_has_no_standing(db: Database, cast: Cast) -> None:
    with db.read() as session, pytest.raises(NotFound):
        identity.standing(session, 1)


def test_an_account_that_is_never_confirmed_goes_when_its_link_is_dead(
    db: Database, cast: Cast
) -> None:
    enrol(db)
    assert not db.write(identity.forget_unconfirmed)
    assert find_user(db, "dora") is not None
    expired = update(AccountToken).values(expires_at=clock.now())
    db.write(lambda session: session.execute(expired))
    assert not db.write(identity.forget_unconfirmed)
    assert find_user(db, "dora") is None
    assert find_user(db, cast.alice.username) is not None
    assert enrol(db).outcome == "confirm"
