"""The second factor: switching it on and off, and codes that work once."""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from sqlalchemy import select

from microblog import clock
from microblog.db import Database
from microblog.domain import accounts, second_factor, security_log
from microblog.domain.errors import Conflict, Invalid
from microblog.domain.security_log import Origin
from microblog.domain.viewer import Viewer
from microblog.models import OutboxEvent, RecoveryCode, User
from tests.authenticator import Authenticator
from tests.cast import Cast

ORIGIN = Origin("192.0.2.77", "Browser/1.0")
SECRET = "JBSWY3DPEHPK3PXP" * 2


def begin(db: Database, person: Viewer) -> str:
    return db.write(lambda session: second_factor.begin(session, person))


def switch_on(db: Database, person: Viewer, code: str) -> list[str]:
    return db.write(lambda session: second_factor.switch_on(session, person, code, ORIGIN))


def switch_off(db: Database, person: Viewer, actor_id: int | None = None) -> bool:
    return db.write(lambda session: second_factor.switch_off(session, person.id, actor_id=actor_id))


def check(db: Database, person: Viewer, code: str) -> bool:
    return db.write(lambda session: second_factor.check(session, person.id, code, ORIGIN))


def is_on(db: Database, person: Viewer) -> bool:
    with db.read() as session:
        return second_factor.is_on(session, person.id)


def codes_left(db: Database, person: Viewer) -> int:
    with db.read() as session:
        return second_factor.describe(session, person.id).codes_left


def logged(db: Database, person: Viewer) -> list[tuple[str, int | None, str]]:
    with db.read() as session:
        entries = security_log.list_for(session, person.id)
    return [(entry.kind, entry.actor_id, entry.address_prefix) for entry in entries]


def mailed(db: Database) -> list[tuple[str, str, int]]:
    with db.read() as session:
        rows = session.scalars(select(OutboxEvent).order_by(OutboxEvent.id)).all()
    mails = [json.loads(row.payload) for row in rows if row.kind == "MailRequested"]
    return [(mail["kind"], mail["to"], mail["account_id"]) for mail in mails]


def all_at_once(act: Callable[[], object], times: int = 8) -> list[object]:
    """Do the same in several threads that begin together."""
    start = Barrier(times)

    def wait_and_act(_number: int) -> object:
        start.wait()
        return act()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(wait_and_act, range(times)))


def test_nothing_is_asked_before_the_first_code_was_right(db: Database, cast: Cast) -> None:
    secret = begin(db, cast.bob)
    assert not is_on(db, cast.bob)
    with pytest.raises(Invalid) as refused:
        switch_on(db, cast.bob, Authenticator(secret).code(later=4))
    assert (refused.value.field, refused.value.code) == ("code", "code_not_right")
    assert not is_on(db, cast.bob)
    assert (mailed(db), logged(db, cast.bob)) == ([], [])
    with db.read() as session:
        assert second_factor.describe(session, cast.bob.id).pending == secret


def test_a_first_code_switches_it_on_and_the_owner_is_told(db: Database, cast: Cast) -> None:
    before = clock.now()
    codes = switch_on(db, cast.bob, Authenticator(begin(db, cast.bob)).code())
    with db.read() as session:
        factor = second_factor.describe(session, cast.bob.id)
    assert (factor.is_on, factor.codes_left, factor.pending) == (True, len(codes), None)
    assert factor.since is not None
    assert abs((factor.since - before).total_seconds()) < 60
    assert logged(db, cast.bob) == [("second_factor_on", None, "192.0.2.0/24")]
    assert mailed(db) == [("second_factor_on", "bob@ex.com", cast.bob.id)]
    assert not is_on(db, cast.alice)


def test_the_newest_key_is_the_one_that_counts(db: Database, cast: Cast) -> None:
    older, newer = Authenticator(begin(db, cast.bob)), Authenticator(begin(db, cast.bob))
    with pytest.raises(Invalid):
        switch_on(db, cast.bob, older.code())
    assert switch_on(db, cast.bob, newer.code())


def test_what_is_on_cannot_be_switched_on_again(db: Database, cast: Cast) -> None:
    authenticator = Authenticator.of(db, cast.bob)
    for act in (
        lambda: begin(db, cast.bob),
        lambda: switch_on(db, cast.bob, authenticator.code(later=1)),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "second_factor_on"
    assert check(db, cast.bob, authenticator.code(later=1))


def test_nothing_is_switched_on_that_was_not_begun(db: Database, cast: Cast) -> None:
    with pytest.raises(Conflict) as refused:
        switch_on(db, cast.bob, "123456")
    assert refused.value.code == "second_factor_not_begun"


def test_of_several_first_codes_at_once_one_makes_recovery_codes(db: Database, cast: Cast) -> None:
    code = Authenticator(begin(db, cast.bob)).code()

    def try_to_switch_on() -> bool:
        try:
            return bool(switch_on(db, cast.bob, code))
        except Conflict:
            return False

    assert sum(map(bool, all_at_once(try_to_switch_on))) == 1
    assert codes_left(db, cast.bob) == 10
    assert len(mailed(db)) == 1


def test_a_code_works_once(db: Database, cast: Cast) -> None:
    authenticator = Authenticator.of(db, cast.bob)
    assert not check(db, cast.bob, authenticator.code()), "It was used to switch it on."
    assert check(db, cast.bob, authenticator.code(later=1))
    assert not check(db, cast.bob, authenticator.code(later=1))
    assert not check(db, cast.bob, authenticator.code()), "An earlier one is used up with it."


def test_of_several_requests_with_one_code_one_gets_through(db: Database, cast: Cast) -> None:
    code = Authenticator.of(db, cast.bob).code(later=1)
    assert sum(map(bool, all_at_once(lambda: check(db, cast.bob, code)))) == 1


def test_the_code_before_the_present_one_works_and_none_further_away(
    db: Database, cast: Cast
) -> None:
    secret = begin(db, cast.bob)
    for distance in (-4, -3, 4):
        with pytest.raises(Invalid):
            switch_on(db, cast.bob, Authenticator(secret).code(later=distance))
    while not is_on(db, cast.bob):
        before = Authenticator(secret)
        try:
            switch_on(db, cast.bob, before.code(later=-1))
        except Invalid:
            # It may have grown too old in between, but only when another step has begun.
            assert Authenticator(secret).code() != before.code()


@pytest.mark.parametrize("written", ["{} ", "{:.3} {:.0}", "arabic", "full width"])
def test_a_code_is_taken_as_people_type_it(db: Database, cast: Cast, written: str) -> None:
    code = Authenticator.of(db, cast.bob).code(later=1)
    typed = {
        "{} ": f" {code} ",
        "{:.3} {:.0}": f"{code[:3]} {code[3:]}",
        "arabic": "".join(chr(0x0660 + int(digit)) for digit in code),
        "full width": "".join(chr(0xFF10 + int(digit)) for digit in code),
    }[written]
    assert check(db, cast.bob, typed)


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "-", "0", "12345", "1234567", "a\x00b", "\ud800", "½²³", "%", "' OR 1=1 --"),
        *("x" * 100_000, "1" * 100_000, "0" * 12, "𝟙𝟚𝟛", "🌲" * 6),
    ],
)
def test_odd_codes_are_refused(db: Database, cast: Cast, typed: str) -> None:
    Authenticator.of(db, cast.bob)
    assert not check(db, cast.bob, typed)
    assert codes_left(db, cast.bob) == 10


def test_a_code_is_of_one_person_alone(db: Database, cast: Cast) -> None:
    bobs, carols = Authenticator.of(db, cast.bob), Authenticator.of(db, cast.carol)
    assert not check(db, cast.bob, carols.code(later=1))
    assert not check(db, cast.bob, carols.recovery_codes[0])
    assert not check(db, cast.alice, bobs.recovery_codes[0]), "She has no second factor."
    assert check(db, cast.bob, bobs.code(later=1))
    assert check(db, cast.carol, carols.recovery_codes[0])


def test_recovery_codes_are_ten_different_ones_that_can_be_read(db: Database, cast: Cast) -> None:
    codes = Authenticator.of(db, cast.bob).recovery_codes
    assert len(set(codes)) == 10
    # Twenty-four signs of an alphabet of 32 are 120 bits.
    assert all(re.fullmatch(r"([0-9a-hjkmnp-tv-z]{6}-){3}[0-9a-hjkmnp-tv-z]{6}", c) for c in codes)
    assert len({sign for code in codes for sign in code}) > 20


def test_a_recovery_code_works_once_and_is_logged(db: Database, cast: Cast) -> None:
    codes = Authenticator.of(db, cast.bob).recovery_codes
    assert check(db, cast.bob, codes[3])
    assert not check(db, cast.bob, codes[3])
    assert codes_left(db, cast.bob) == 9
    assert logged(db, cast.bob)[0] == ("recovery_code_used", None, "192.0.2.0/24")
    assert len(logged(db, cast.bob)) == 2


def test_of_several_requests_with_one_recovery_code_one_gets_through(
    db: Database, cast: Cast
) -> None:
    code = Authenticator.of(db, cast.bob).recovery_codes[0]
    assert sum(map(bool, all_at_once(lambda: check(db, cast.bob, code)))) == 1
    assert codes_left(db, cast.bob) == 9


def test_a_recovery_code_is_taken_as_people_type_it(db: Database, cast: Cast) -> None:
    codes = Authenticator.of(db, cast.bob).recovery_codes
    assert check(db, cast.bob, codes[0].upper())
    assert check(db, cast.bob, codes[1].replace("-", ""))
    assert check(db, cast.bob, f"  {codes[2].replace('-', ' ')}\n")
    assert check(db, cast.bob, codes[3].replace("-", "–"))
    assert check(db, cast.bob, codes[4].replace("0", "o").replace("1", "l"))
    assert check(db, cast.bob, codes[5].replace("0", "O").replace("1", "I"))
    assert not check(db, cast.bob, codes[6][:-1])


def test_the_database_holds_no_recovery_code(db: Database, cast: Cast) -> None:
    codes = Authenticator.of(db, cast.bob).recovery_codes
    with db.read() as session:
        kept = session.scalars(select(RecoveryCode.code_hash)).all()
    assert len(kept) == 10
    assert all(len(hash_) == 32 for hash_ in kept)
    assert not any(code.replace("-", "").encode() in hash_ for code in codes for hash_ in kept)


def test_new_recovery_codes_void_the_old_ones(db: Database, cast: Cast) -> None:
    old = Authenticator.of(db, cast.bob).recovery_codes
    carols = Authenticator.of(db, cast.carol).recovery_codes
    assert check(db, cast.bob, old[0])
    new = db.write(lambda session: second_factor.new_recovery_codes(session, cast.bob))
    assert codes_left(db, cast.bob) == len(set(new)) == 10
    assert not check(db, cast.bob, old[1])
    assert check(db, cast.bob, new[1])
    assert check(db, cast.carol, carols[1])


def test_there_are_never_more_than_ten_recovery_codes(db: Database, cast: Cast) -> None:
    Authenticator.of(db, cast.bob)
    all_at_once(
        lambda: db.write(lambda session: second_factor.new_recovery_codes(session, cast.bob)), 4
    )
    assert codes_left(db, cast.bob) == 10


def test_who_has_no_second_factor_gets_no_recovery_codes(db: Database, cast: Cast) -> None:
    with pytest.raises(Conflict) as refused:
        db.write(lambda session: second_factor.new_recovery_codes(session, cast.bob))
    assert refused.value.code == "second_factor_off"


def test_switched_off_it_is_gone_with_all_its_codes(db: Database, cast: Cast) -> None:
    authenticator = Authenticator.of(db, cast.bob)
    assert switch_off(db, cast.bob)
    assert not is_on(db, cast.bob)
    assert not check(db, cast.bob, authenticator.code(later=1))
    assert not check(db, cast.bob, authenticator.recovery_codes[0])
    assert logged(db, cast.bob)[0][:2] == ("second_factor_off", None)
    assert mailed(db)[1:] == [("second_factor_off", "bob@ex.com", cast.bob.id)]
    with db.read() as session:
        assert session.scalars(select(RecoveryCode)).all() == []
        user = session.get_one(User, cast.bob.id)
    assert (user.totp_secret, user.totp_pending) == (None, None)


def test_what_is_off_is_not_switched_off_again(db: Database, cast: Cast) -> None:
    begin(db, cast.carol)
    assert not switch_off(db, cast.carol)
    assert (mailed(db), logged(db, cast.carol)) == ([], [])


def test_an_admin_may_switch_it_off_for_somebody_and_that_is_logged(
    db: Database, cast: Cast
) -> None:
    Authenticator.of(db, cast.bob)
    assert switch_off(db, cast.bob, actor_id=cast.alice.id)
    assert logged(db, cast.bob)[0][:2] == ("second_factor_reset", cast.alice.id)
    assert mailed(db)[1:] == [("second_factor_off", "bob@ex.com", cast.bob.id)]


def test_after_it_was_off_a_new_key_works_at_once(db: Database, cast: Cast) -> None:
    old = Authenticator.of(db, cast.bob)
    assert check(db, cast.bob, old.code(later=1))
    switch_off(db, cast.bob)
    new = Authenticator.of(db, cast.bob)
    assert not check(db, cast.bob, old.recovery_codes[0])
    assert check(db, cast.bob, new.code(later=1))


def test_the_fingerprint_changes_with_the_password_and_the_key(db: Database, cast: Cast) -> None:
    def fingerprint() -> str | None:
        with db.read() as session:
            return second_factor.fingerprint(session, cast.bob.id)

    assert fingerprint() is None
    authenticator = Authenticator.of(db, cast.bob)
    seen = [fingerprint()]
    assert check(db, cast.bob, authenticator.code(later=1))
    assert fingerprint() == seen[0], "A code that was used changes nothing."
    db.write(lambda session: accounts.set_password(session, "bob", "another hash"))
    seen.append(fingerprint())
    switch_off(db, cast.bob)
    assert fingerprint() is None
    Authenticator.of(db, cast.bob)
    seen.append(fingerprint())
    assert None not in seen
    assert len(set(seen)) == 3


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("server_name", "issuer"),
    [
        ("Testville", "Testville"),
        ("Pine Street: news & more", "Pine Street  news & more"),
        ("50% off?/#", "50% off?/#"),
        ("🌲" * 50, "🌲" * 30),
    ],
)
def test_an_authenticator_learns_whose_key_it_is(server_name: str, issuer: str) -> None:
    uri = second_factor.provisioning_uri(SECRET, "bob", server_name)
    parts = urlsplit(uri)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert unquote(parts.path) == f"/{issuer}:bob"
    assert parse_qs(parts.query) == {"secret": [SECRET], "issuer": [issuer]}
