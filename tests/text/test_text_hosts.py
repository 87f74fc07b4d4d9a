"""The host of a link is shown so that a twin cannot pass for the original."""

import pytest

from microblog.text.hosts import ascii_host, shown_host


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("example.com", "example.com"),
        ("PayPaI.com", "paypai.com"),
        ("bücher.example", "bücher.example"),
        ("tiếngviệt.example", "tiếngviệt.example"),
        ("пример.рф", "пример.рф"),
        ("ひらがなカタカナ漢字ー.日本", "ひらがなカタカナ漢字ー.日本"),
        ("नमस्ते.भारत", "नमस्ते.भारत"),
        ("שלום.קום", "שלום.קום"),
    ],
)
def test_a_host_of_one_script_is_shown_in_it(typed: str, shown: str) -> None:
    host = ascii_host(typed)
    assert host is not None
    assert shown_host(host) == shown


@pytest.mark.parametrize(
    "twin",
    [
        "аррӏе.com",  # Cyrillic letters under a Latin top-level name
        "pаypal.com",  # one Cyrillic letter
        "ɡoogle.com",  # a phonetic letter of Latin
        "example.comǃx.evil.example",  # a click letter that looks like an exclamation mark
        "example.comノx.evil.example",  # a Japanese letter that looks like a slash
        "οο.example",  # Greek
    ],
)
def test_a_host_that_may_imitate_another_is_shown_in_ascii(twin: str) -> None:
    host = ascii_host(twin)
    assert host is not None
    assert host.isascii()
    assert shown_host(host) == host


@pytest.mark.parametrize("host", ["xn--a.example", "1.ب.com", "192.0.2.256", "ü" * 63 + ".example"])
def test_a_host_that_no_name_server_could_know_is_none(host: str) -> None:
    assert ascii_host(host) is None
