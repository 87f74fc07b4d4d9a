"""Who may register, under which name, with which address and password."""

from functools import partial

import pytest
from sqlalchemy import func, select

from microblog.db import Database
from microblog.domain import accounts
from microblog.domain.accounts import Registration
from microblog.domain.errors import Invalid, NotFound
from microblog.domain.viewer import ADMIN, MEMBER
from microblog.models import Account, User
from tests.cast import Cast
from tests.parallel import at_once


def register(db: Database, username: str, email: str = "new@ex.com") -> int:
    registration = Registration(username, email, "a hash")
    return db.write(lambda session: accounts.register(session, registration))


def refusal(db: Database, username: str, email: str = "new@ex.com") -> tuple[str, str]:
    with pytest.raises(Invalid) as refused:
        register(db, username, email)
    assert count_accounts(db) == 3
    return refused.value.field, refused.value.code


def test_a_person_may_register(db: Database, cast: Cast) -> None:
    account_id = register(db, "Dora_1", "Dora@Ex.COM")
    with db.read() as session:
        (account, user) = accounts.list_accounts(session, after=cast.carol.id)[0]
        assert accounts.find_id_by_username(session, "dORA_1") == account_id
    assert (account.id, account.username, account.handle) == (account_id, "Dora_1", "dora_1")
    assert (user.email, user.role, user.password_hash) == ("dora@ex.com", MEMBER, "a hash")
    assert account.created_at == user.created_at


@pytest.mark.parametrize("username", ["a", "a" * 30, "__", "12345", "Bob_"])
def test_a_name_of_letters_digits_and_underscores_is_taken(
    db: Database, cast: Cast, username: str
) -> None:
    assert register(db, username)


@pytest.mark.parametrize(
    ("username", "code"),
    [
        pytest.param("Alice", "username_taken", id="username-01"),
        pytest.param("aLICE", "username_taken", id="another case"),
        pytest.param("ali\u0441e", "username_characters", id="username-02"),
        pytest.param("al\u200bice", "username_characters", id="username-04"),
        pytest.param("alice ", "username_characters", id="username-05"),
        pytest.param("alice\n", "username_characters", id="a line end"),
        pytest.param("api", "username_reserved", id="username-07"),
        pytest.param("Admin", "username_reserved", id="reserved in another case"),
        pytest.param(".well-known", "username_characters", id="username-08"),
        pytest.param("a/b", "username_characters", id="username-10"),
        pytest.param("..", "username_characters", id="username-11"),
        pytest.param("u" * 5000, "username_characters", id="username-13"),
        pytest.param("u" * 31, "username_characters", id="one letter too many"),
        pytest.param("", "username_characters", id="username-14"),
        pytest.param("a\x00", "username_characters", id="NUL"),
        pytest.param("\ud800", "username_characters", id="half a character"),
        pytest.param("ａlice", "username_characters", id="full width"),
        pytest.param("alıce", "username_characters", id="dotless i"),
        pytest.param("ſam", "username_characters", id="long s"),
    ],
)
def test_no_other_name_is_taken(db: Database, cast: Cast, username: str, code: str) -> None:
    assert refusal(db, username) == ("username", code)


@pytest.mark.parametrize(
    ("email", "code"),
    [
        pytest.param("ALICE@EX.COM", "email_taken", id="email-01"),
        pytest.param("alice@ex.com\r\nBcc: v@x", "email_malformed", id="email-02"),
        pytest.param("alice@ex.com\x00", "email_malformed", id="email-04"),
        pytest.param('"a\\"b"@ex.com', "email_malformed", id="email-05"),
        pytest.param(
            "alice@attacker-example.com (allow-list example.com)",
            "email_malformed",
            id="email-07",
        ),
        pytest.param("not an email", "email_malformed", id="email-08"),
        pytest.param("döra@ex.com", "email_malformed", id="letters no mail server knows"),
        pytest.param("", "email_malformed", id="nothing"),
        pytest.param("@", "email_malformed", id="at"),
        pytest.param("a@b@ex.com", "email_malformed", id="two"),
        pytest.param("a@ex.com,b@ex.com", "email_malformed", id="a list"),
        pytest.param("Alice <a@ex.com>", "email_malformed", id="with a name"),
        pytest.param("a" * 250 + "@ex.com", "email_malformed", id="too long"),
        pytest.param("a@" + "b." * 5_000_000 + "com", "email_malformed", id="ten megabytes"),
        pytest.param("\ud800@ex.com", "email_malformed", id="half a character"),
    ],
)
def test_only_one_well_formed_address_is_taken(
    db: Database, cast: Cast, email: str, code: str
) -> None:
    assert refusal(db, "dora", email) == ("email", code)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Dora@EX.com", "dora@ex.com"),
        ("dora+tag@ex.com", "dora+tag@ex.com"),
        ("Dora@BÜCHER.example.com", "dora@bücher.example.com"),
    ],
)
def test_an_address_is_kept_in_one_form(db: Database, typed: str, kept: str) -> None:
    account_id = register(db, "dora", typed)
    with db.read() as session:
        assert session.get_one(User, account_id).email == kept


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "password",
    [
        pytest.param("a" * 64, id="64 letters"),
        pytest.param("a" * 1024, id="1024 letters"),
        pytest.param("pass with spaces é 😀", id="any character"),
        pytest.param("1234567x", id="eight"),
        pytest.param("p\x00w\x00p\x00w\x00", id="NUL"),
    ],
)
def test_a_long_enough_password_is_taken_as_it_is(password: str) -> None:
    assert accounts.check_password(password) == password


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "password",
    ["password", "PassWord", "12345678", "00000000", "qwertyuiop", "iloveyou", "trustno1"],
)
def test_a_common_password_is_refused(password: str) -> None:
    assert refused_for(password) == "password_common"


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "password",
    [
        "dora_the_1st",
        "DORA_the_1st!",
        "123dora_the_1st",
        "dora_the_1stPassword",
        "dora_the_1st" * 5,
        "dora.b@museum.example.org",
        "dora.b-2026",
        "museum.example.org",
        "Museum2026",
    ],
)
def test_a_password_that_is_little_more_than_name_or_address_is_refused(password: str) -> None:
    assert refused_for(password) == "password_personal"


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "password",
    ["dora_the_1st likes her old bicycle", "museum of my old bicycles", "correct horse battery"],
)
def test_a_name_may_be_a_part_of_a_long_password(password: str) -> None:
    assert refused_for(password) is None


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("username", "password", "code"),
    [
        ("a", "a long password", None),
        ("a", "aAaAaAaAaAaAaA", "password_personal"),
        ("ab", "abababab", "password_personal"),
        ("abc", "1abc2345", "password_personal"),
    ],
)
def test_a_short_name_is_part_of_many_words(username: str, password: str, code: str | None) -> None:
    assert refused_for(password, username, "") == code


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("password", "code"),
    [
        pytest.param("", "password_short", id="nothing"),
        pytest.param("1234567", "password_short", id="seven"),
        pytest.param("p\x00w", "password_short", id="three with NUL"),
        pytest.param("é" * 513, "password_long", id="1026 bytes"),
        pytest.param("a" * 10_000_000, "password_long", id="ten megabytes"),
        pytest.param("\ud800" * 8, "characters", id="halves of characters"),
    ],
)
def test_a_short_or_endless_password_is_refused(password: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        accounts.check_password(password)
    assert (refused.value.field, refused.value.code) == ("password", code)


def test_of_twenty_people_who_want_one_name_at_once_one_gets_it(db: Database, cast: Cast) -> None:
    """register-race-01."""

    def try_name(number: int) -> str:
        try:
            register(db, "Dora" if number % 2 else "dORA", f"dora{number}@ex.com")
        except Invalid as refused:
            return refused.code
        return "made"

    outcomes = at_once(*(partial(try_name, number) for number in range(20)))
    assert sorted(outcomes) == ["made"] + ["username_taken"] * 19
    assert count_accounts(db) == 4


def test_of_ten_people_who_give_one_address_at_once_one_gets_it(db: Database, cast: Cast) -> None:
    def try_address(number: int) -> str:
        try:
            register(db, f"dora{number}", "dora@ex.com")
        except Invalid as refused:
            return refused.code
        return "made"

    outcomes = at_once(*(partial(try_address, number) for number in range(10)))
    assert sorted(outcomes) == ["email_taken"] * 9 + ["made"]
    assert count_accounts(db) == 4


def test_the_operator_may_promote_a_person(db: Database, cast: Cast) -> None:
    db.write(lambda session: accounts.promote(session, "BOB", ADMIN))
    with db.read() as session:
        roles = {account.username: user.role for account, user in accounts.list_accounts(session)}
    assert roles == {"alice": ADMIN, "bob": ADMIN, "carol": MEMBER}


def test_the_operator_may_set_a_password(db: Database, cast: Cast) -> None:
    account_id = db.write(lambda session: accounts.set_password(session, "Bob", "another hash"))
    assert account_id == cast.bob.id
    with db.read() as session:
        assert session.get_one(User, cast.bob.id).password_hash == "another hash"


def test_nobody_can_be_promoted_or_given_a_password_who_is_not_there(
    db: Database, cast: Cast
) -> None:
    with pytest.raises(NotFound):
        db.write(lambda session: accounts.promote(session, "nobody", ADMIN))
    with pytest.raises(NotFound):
        db.write(lambda session: accounts.set_password(session, "nobody", "hash"))


def test_a_hash_is_renewed_unless_the_password_was_changed_meanwhile(
    db: Database, cast: Cast
) -> None:
    account_id = register(db, "dora")

    def renew(old: str, new: str) -> str:
        db.write(lambda session: accounts.rehash_password(session, account_id, old, new))
        with db.read() as session:
            return session.get_one(User, account_id).password_hash

    assert renew("a hash", "a newer hash") == "a newer hash"
    assert renew("a hash", "too late") == "a newer hash"


def test_people_are_listed_in_the_order_they_came(db: Database, cast: Cast) -> None:
    with db.read() as session:
        first = accounts.list_accounts(session, limit=2)
        rest = accounts.list_accounts(session, after=first[-1][0].id)
    assert [account.username for account, _ in (*first, *rest)] == ["alice", "bob", "carol"]


def refused_for(
    password: str, username: str = "Dora_the_1st", email: str = "dora.b@museum.example.org"
) -> str | None:
    try:
        accounts.check_password(password, username, email)
    except Invalid as refused:
        return refused.code if refused.field == "password" else refused.field
    return None


def count_accounts(db: Database) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(Account)) or 0
