"""Passwords: hashed slowly, one at a time, and told apart without telling who exists."""

import threading
import time

import pytest
from argon2 import PasswordHasher

from microblog import capacity, passwords
from microblog.capacity import NoCapacity, heavy_work

PASSWORD = "pass with spaces é 😀"


@pytest.fixture(scope="module")
def stored() -> str:
    """Return the hash of PASSWORD."""
    return passwords.hash_password(PASSWORD)


def test_a_hash_is_argon2id_with_owasps_minimum_and_a_salt_of_its_own(stored: str) -> None:
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.hash_password(PASSWORD) != stored
    assert len(stored) <= 200


def test_the_right_password_fits_and_no_other(stored: str) -> None:
    assert passwords.verify_password(stored, PASSWORD)
    for other in ("", PASSWORD + " ", PASSWORD.upper(), PASSWORD[:-1], f"{PASSWORD}\x00"):
        assert not passwords.verify_password(stored, other)


def test_a_long_password_is_not_cut() -> None:
    """password-length-01."""
    stored = passwords.hash_password("a" * 1024)
    assert passwords.verify_password(stored, "a" * 1024)
    assert not passwords.verify_password(stored, "a" * 1023)


def test_an_endless_or_unreadable_password_is_refused_before_it_is_hashed(stored: str) -> None:
    with heavy_work():
        assert not passwords.verify_password(stored, "a" * 10_000_000)
        assert not passwords.verify_password(stored, "\ud800" * 8)


@pytest.mark.parametrize("broken", ["", "$argon2id$", "plain text", "\x00"])
def test_nothing_fits_a_hash_that_is_none(broken: str) -> None:
    assert not passwords.verify_password(broken or None, PASSWORD)


def test_for_nobody_it_takes_as_long_as_for_somebody(stored: str) -> None:
    def seconds(stored_hash: str | None) -> float:
        took = []
        for _ in range(5):
            began = time.thread_time()
            assert not passwords.verify_password(stored_hash, "wrong password")
            took.append(time.thread_time() - began)
        return min(took)

    somebody, nobody = seconds(stored), seconds(None)
    assert somebody / 2 < nobody < somebody * 2


def test_a_hash_of_other_parameters_is_to_be_renewed(stored: str) -> None:
    assert not passwords.needs_rehash(stored)
    assert passwords.needs_rehash(
        PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    )


def test_who_finds_the_slot_taken_is_turned_away_at_once(stored: str) -> None:
    turned_away = []
    with heavy_work():
        for act in (
            lambda: passwords.hash_password(PASSWORD),
            lambda: passwords.verify_password(stored, PASSWORD),
        ):
            with pytest.raises(NoCapacity) as refused:
                act()
            turned_away.append(refused.value)
    assert len(turned_away) == 2
    assert passwords.verify_password(stored, PASSWORD)
    assert capacity.RETRY_AFTER_SECONDS > 0


def test_the_slot_is_given_back_when_the_work_fails() -> None:
    with pytest.raises(ZeroDivisionError), heavy_work():
        raise ZeroDivisionError
    with heavy_work():
        pass


def test_the_slot_is_one_for_all_threads() -> None:
    outcomes = []

    def try_to_take() -> None:
        try:
            with heavy_work():
                outcomes.append("taken")
        except NoCapacity:
            outcomes.append("turned away")

    with heavy_work():
        thread = threading.Thread(target=try_to_take)
        thread.start()
        thread.join()
    assert outcomes == ["turned away"]
