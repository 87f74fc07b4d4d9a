"""Common passwords are found in the list, and nothing else is."""

import gzip

import pytest

from microblog import common_passwords
from microblog.common_passwords import is_common

LINES = gzip.decompress(common_passwords._LIST.read_bytes()).decode().splitlines()


def test_every_line_of_the_list_is_found_in_any_case() -> None:
    assert len(LINES) > 19_000
    assert all(is_common(line) for line in LINES[:100] + LINES[-100:])
    assert is_common("PASSWORD")


def test_enough_of_them_are_long_enough_to_be_chosen() -> None:
    """ASVS 5.0, 6.2.4: the three thousand most common ones that our rules would take."""
    assert sum(len(line) >= 8 for line in LINES) > 8_000


@pytest.mark.parametrize(
    "password",
    [
        "",
        "\n",
        "password\n123456789",
        "123456\n",
        "\n123456",
        "passwor",
        "assword",
        "correct horse battery",
        "é" * 1000,
    ],
)
def test_nothing_else_is_found(password: str) -> None:
    assert not is_common(password)
